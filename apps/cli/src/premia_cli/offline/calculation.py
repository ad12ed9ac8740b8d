"""One offline calculation: a plan and a folder of tables in, a folder of results out."""

import json
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from premia_cli.offline.building import Folder, declared_by, empty_tables, read_folder
from premia_cli.offline.rejects import RejectsFile, rejects_in
from premia_cli.offline.results import RESULT_TABLES, OfflineResult
from premia_cli.offline.writing import Written, sha256_of, write_table
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.paying import Pay, pay
from premia_plan.reference import calculate
from premia_plan.relations import Relations
from premia_plan.results import Calculation, Exception_
from premia_plan.stating import state

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
    pay: Pay
    exceptions: tuple[Exception_, ...]
    """Of the calculation and of paying."""
    folder: Folder
    rejects: RejectsFile
    manifest_sha256: str

    @property
    def blocking(self) -> int:
        """How many exceptions would keep a statement from approval."""
        return sum(item.blocks for item in self.exceptions)


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
    paid = paid_offline(plan, folder.relations, result, months)
    written = [write_table(table, table.rows(paid), out) for table in RESULT_TABLES]
    manifest = _manifest(
        plan=plan, months=months, folder=folder, rejects=rejects, result=result, written=written
    )
    (out / MANIFEST).write_text(manifest, encoding="utf-8")
    manifest_sha256 = sha256_of(out / MANIFEST)
    return OfflineRun(result, paid.pay, paid.exceptions, folder, rejects, manifest_sha256)


def paid_offline(
    plan: CheckedPlan, relations: Relations, result: Calculation, months: Months
) -> OfflineResult:
    """Return what is due by the plan's terms of payment and stated, with what explains it.

    Balances go on from month to month, so months before the first one that is wanted are worked
    out too.
    """
    whole = result
    if months.since is not None:
        whole = calculate(plan, relations, until=months.until)
    paid = pay(plan, relations, whole.lines, until=months.until, since=months.since)
    before = paid
    if plan.currencies.statement is not None and months.since is not None:
        before = pay(plan, relations, whole.lines, until=months.until)
    stated = state(plan, relations, whole.lines, before, until=months.until, since=months.since)
    nodes = {node.node_id: node for node in result.nodes}
    known = {node.node_id: node for node in (*whole.nodes, *before.nodes, *stated.nodes)}
    waiting = [*(node.node_id for node in paid.nodes), *(item.node_id for item in stated.amounts)]
    while waiting:
        node = known[waiting.pop()]
        if node.node_id not in nodes:
            nodes[node.node_id] = node
            waiting.extend(node.children)
    found = dict.fromkeys((*result.exceptions, *paid.exceptions, *stated.exceptions))
    return OfflineResult(
        result,
        paid,
        stated,
        tuple(sorted(nodes.values(), key=lambda node: node.node_id.int)),
        tuple(found),
        plan.name,
        plan.currency,
    )


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


def due_of(paid: Pay, currency: str) -> list[dict[str, str]]:
    """Return what is due to each payee in each month in which anything moves."""
    return [
        {
            "payee_id": item.payee_id,
            "month": item.month,
            "due": format(item.paid, "f"),
            "currency": currency,
        }
        for item in paid.balances
    ]
