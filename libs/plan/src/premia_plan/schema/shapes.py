"""The pieces that the sections of the schema are written with."""

from collections.abc import Sequence
from typing import TypeAlias

from premia_plan.quantities import NUMBER_PATTERN, UNIT_PATTERN

Schema: TypeAlias = "dict[str, Schema | list[Schema] | list[str] | str | bool | int]"
NAME = "^[a-z][a-z0-9_]*$"
MONEY = rf"^-?{NUMBER_PATTERN} ?[A-Z]{{3}}$"
RATE = rf"^{NUMBER_PATTERN} ?%$"
QUANTITY = rf"^-?{NUMBER_PATTERN}( ?%| ?{UNIT_PATTERN}(/{UNIT_PATTERN})?)?$"
UNIT = rf"^(percent|money|count|money per {UNIT_PATTERN}|{UNIT_PATTERN})$"
DAY = r"^\d{4}-\d{2}-\d{2}$"
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


def text(pattern: str | None = None, description: str = "") -> Schema:
    """Return the shape of a single value, perhaps of one pattern."""
    schema: Schema = {"type": "string", "minLength": 1}
    if pattern is not None:
        schema["pattern"] = pattern
    if description:
        schema["description"] = description
    return schema


def stated(*words: str) -> Schema:
    """Return the shape of a stated outcome: one of a few words, or a value."""
    return {"type": "string", "pattern": rf"^({'|'.join(words)}|-?\d.*)$"}


def one_of(*words: str) -> Schema:
    """Return the shape of a value out of a few words."""
    return {"enum": list(words)}


def mapping(values: Schema, keys: str | None = None, least: int = 0) -> Schema:
    """Return the shape of named values; `keys` is the pattern of the names."""
    schema: Schema = {"type": "object", "additionalProperties": values}
    if keys is not None:
        schema["propertyNames"] = {"pattern": keys}
    if least:
        schema["minProperties"] = least
    return schema


def list_of(items: Schema, least: int = 1) -> Schema:
    """Return the shape of a list with so many entries at least."""
    return {"type": "array", "items": items, "minItems": least}


def object_of(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """Return the shape of a mapping of these keys and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def by_key(key: str, *choices: Schema) -> Schema:
    """Return a schema of several shapes, told apart by whether they have a key."""
    having, without = choices
    return {"if": {"type": "object", "required": [key]}, "then": having, "else": without}


def by_keys(choices: dict[str, Schema], last: Schema) -> Schema:
    """Return a schema of several shapes, each told by a key of its own; `last` has none of them."""
    schema = last
    for key, shape in reversed(choices.items()):
        schema = by_key(key, shape, schema)
    return schema


def by_value(key: str, value: str, having: Schema, without: Schema) -> Schema:
    """Return a schema of two shapes, told apart by whether a key has a value."""
    condition: Schema = {
        "type": "object",
        "properties": {key: {"const": value}},
        "required": [key],
    }
    return {"if": condition, "then": having, "else": without}


def by_words(key: str, words: Sequence[str], having: Schema, without: Schema) -> Schema:
    """Return a schema of two shapes, told apart by whether a key has one of some values."""
    condition: Schema = {
        "type": "object",
        "properties": {key: {"enum": list(words)}},
        "required": [key],
    }
    return {"if": condition, "then": having, "else": without}


def by_start(key: str, words: Sequence[str], having: Schema, without: Schema) -> Schema:
    """Return a schema of two shapes, told apart by whether a key begins with one of some words."""
    condition: Schema = {
        "type": "object",
        "properties": {key: {"pattern": rf"^({'|'.join(words)}) "}},
        "required": [key],
    }
    return {"if": condition, "then": having, "else": without}


def shared(name: str) -> Schema:
    """Return a reference to a shape that the document keeps once, under `$defs`."""
    return {"$ref": f"#/$defs/{name}"}
