"""What commands print: tables for people, JSON for programs."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.table import Table

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


class Format(StrEnum):
    """How a result is printed."""

    TABLE = "table"
    JSON = "json"


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    console.print_json(json.dumps(value, default=str))


def print_rows(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], output: Format, *, title: str = ""
) -> None:
    """Print rows as a table, or the same rows as JSON."""
    if output is Format.JSON:
        print_json(list(rows))
        return
    if title:
        console.print(title, markup=False, soft_wrap=True)
    table = Table(*columns, header_style="bold")
    for row in rows:
        table.add_row(*(str(row.get(column, "")) for column in columns))
    console.print(table)


def money(value: Mapping[str, str]) -> str:
    """Write an amount of the wire for people.

    >>> money({"amount": "1234.50", "currency": "EUR"})
    '1,234.50 EUR'
    """
    return f"{Decimal(value['amount']):,} {value['currency']}"
