"""JSON Schemas of the tables: one row, every cell as the text it has in CSV."""

from collections.abc import Mapping
from typing import TypeAlias

from premia_cli.offline.columns import Column, Table

Schema: TypeAlias = "Mapping[str, str | int | bool | list[str] | Schema]"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(table: Table) -> Schema:
    """Return the JSON Schema of a table's row; an empty cell is an absent property."""
    return {
        "$schema": DIALECT,
        "$id": f"urn:premia:offline-table:{table.name}:1",
        "title": table.name,
        "description": table.about,
        "type": "object",
        "required": [column.name for column in table.columns if column.required],
        "properties": {column.name: _cell(column) for column in table.columns},
        "additionalProperties": _further(table),
    }


def _cell(column: Column) -> Schema:
    choices: Schema = {"enum": list(column.choices)} if column.choices else {}
    cell: Schema = {
        "type": "string",
        "description": column.about,
        "pattern": column.kind.pattern,
    }
    return {**cell, **choices}


def _further(table: Table) -> "bool | Schema":
    return False if table.further == "none" else {"type": "string", "minLength": 1}
