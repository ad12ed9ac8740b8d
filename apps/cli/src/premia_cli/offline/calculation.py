"""One offline calculation: a plan and a folder of tables in, a folder of results out."""

import json
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from premia_cli.offline.building import Folder, declared_by, empty_tables, read_folder
from premia_cli.offline.rejects import RejectsFile, rejects_in
from premia_cli.offline.results import RESULT_TABLES
from premia_cli.offline.writing import Written, sha256_of, write_table
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.reference import calculate
from premia_plan.results import Calculation

MANIFEST = "manifest.json"
REJECTED = "rejected.csv"
FORMAT = "premia-offline-1"


class NothingToCalculate(Exception):
    """Raised when a folder has no table without which nobody can be paid."""

    def __init__(self, folder: Path, table: str) -> None:
        super().__init__(
            f"{folder} has no usable row of the table {table}. Add {table}.csv or "
            f"{table}.parquet; `premia calc tables {table}` shows its columns."
        )


@dataclass(frozen=True, slots=True)
class Months:
    """The first month whose lines are wanted, all before it if None, and the last one."""

    since: Month | None
    until: Month


@dataclass(frozen=True, slots=True)
class OfflineRun:
    """What a calculation gave and left behind."""

    result: Calculation
    folder: Folder
    rejects: RejectsFile
    manifest_sha256: str

    @property
    def blocking(self) -> int:
        """How many exceptions would keep a statement from approval."""
        return sum(item.blocks for item in self.result.exceptions)


def run_offline(plan: CheckedPlan, data: Path, months: Months, out: Path) -> OfflineRun:
    """Calculate a plan over a folder of tables and write the result into another folder.

    The manifest is written last: a folder that has one is complete. The same tables give the
    same files, to the byte.

    Raises:
        TableUnreadable: if a file as a whole cannot be used.
        NothingToCalculate: if a table that every calculation needs has no usable row.
    """
    out.mkdir(parents=True, exist_ok=True)
    (out / MANIFEST).unlink(missing_ok=True)
    with rejects_in(out / REJECTED) as rejects:
        folder = read_folder(data, declared_by(plan), rejects)
    for table in empty_tables(folder.relations):
        raise NothingToCalculate(data, table)
    result = calculate(plan, folder.relations, until=months.until, since=months.since)
    written = [
        write_table(table, table.rows(result, plan.name, plan.currency), out)
        for table in RESULT_TABLES
    ]
    manifest = _manifest(
        plan=plan, months=months, folder=folder, rejects=rejects, result=result, written=written
    )
    (out / MANIFEST).write_text(manifest, encoding="utf-8")
    return OfflineRun(result, folder, rejects, sha256_of(out / MANIFEST))


def _manifest(
    *,
    plan: CheckedPlan,
    months: Months,
    folder: Folder,
    rejects: RejectsFile,
    result: Calculation,
    written: list[Written],
) -> str:
    content = {
        "format": FORMAT,
        "plan": {"name": plan.name, "sha256": plan.document.hash, "currency": plan.currency},
        "from": str(months.since) if months.since else None,
        "to": str(months.until),
        "inputs": [
            {
                "file": file.path.name,
                "sha256": file.sha256,
                "rows": file.rows,
                "left_out": rejects.counts[file.path.name],
            }
            for file in folder.files
        ],
        "outputs": [
            {
                "table": item.table,
                "rows": item.rows,
                "content_sha256": item.content_sha256,
                "files": dict(item.files),
            }
            for item in written
        ],
        "totals": totals_of(result, plan.currency),
        "result_digest": result.digest(),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def totals_of(result: Calculation, currency: str) -> list[dict[str, str | int | None]]:
    """Return the lines added up by component, what they are and the month they land in."""
    sums: dict[tuple[str, str, str], list[Decimal]] = defaultdict(list)
    for line in result.lines:
        sums[line.component, line.what, line.month or ""].append(line.amount)
    return [
        {
            "component": component,
            "what": what,
            "month": month or None,
            "lines": len(amounts),
            "amount": format(sum(amounts, Decimal(0)), "f"),
            "currency": currency,
        }
        for (component, what, month), amounts in sorted(sums.items())
    ]
