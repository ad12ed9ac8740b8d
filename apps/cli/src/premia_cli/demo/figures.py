"""The results of a job as figures in cents, for whoever wants to check them."""

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from premia_cli.demo.calculation import statements_of
from premia_cli.demo.documents import documents_of
from premia_cli.demo.job import Job


async def figures_of(job: Job, months: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Return statements and documents of some months in cents, by payee and principal code."""
    payees = {str(value): code for code, value in job.known.payees.items()}
    principals = {str(value): code for code, value in job.known.principals.items()}

    def key(row: dict[str, Any]) -> str:
        return f"{payees[row['payee_id']]}/{principals[row['principal_id']]}"

    found: dict[str, dict[str, Any]] = {}
    for month in months:
        found[month] = {key(row): _statement(row) for row in await statements_of(job, month)}
        for row in await documents_of(job, month):
            found[month][key(row)] |= {
                name: _cents(row[name]) for name in ("vat", "withholding", "net")
            }
    return found


def write_figures(found: dict[str, dict[str, Any]], file: Path) -> None:
    """Write figures to a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(found, indent=1, sort_keys=True))


def _statement(row: dict[str, Any]) -> dict[str, Any]:
    components: dict[str, int] = defaultdict(int)
    for total in row["totals"]:
        components[total["component"]] += _cents(total["amount"])
    return {
        "components": dict(components),
        "net": _cents(row["tax"]["net"]) if row["tax"] and row["tax"]["net"] else None,
        **{name: _cents(row[name]) for name in ("brought_forward", "payable", "carried_forward")},
    }


def _cents(money: dict[str, str]) -> int:
    return int(Decimal(money["amount"]) * 100)
