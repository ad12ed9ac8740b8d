"""`premia calc`: calculations over folders of tables, on this machine and without a service."""

from pathlib import Path
from typing import Annotated

import typer

from premia_cli.months import FirstMonth, LastMonth, in_order
from premia_cli.offline.calculation import (
    REJECTED,
    Months,
    NothingToCalculate,
    OfflineRun,
    due_of,
    run_offline,
    totals_of,
)
from premia_cli.offline.formats import TableUnreadable
from premia_cli.offline.manual import table_as_text
from premia_cli.offline.schemas import schema_of
from premia_cli.offline.statements import ResultsMissing, StatementUnreadable, compare
from premia_cli.offline.tables import TABLES
from premia_cli.output import Format, console, errors, print_json, print_rows
from premia_cli.plan_files import usable_plan
from premia_plan.checked import CheckedPlan

MOST_DUE = 40
"""So many months of payees are always shown; more, where the plan states terms of payment."""

app = typer.Typer(
    no_args_is_help=True, help="Calculate plans over folders of CSV or Parquet tables, offline."
)

REFUSED = 1
INCOMPLETE = 4
"""Done, but rows were left out or somebody must look at an exception."""

Data = Annotated[
    Path, typer.Option("--data", exists=True, file_okay=False, help="Folder of tables.")
]
Output = Annotated[Format, typer.Option("--output", help="table or json")]


@app.command("run")
def run(
    plan: Annotated[Path, typer.Option("--plan", exists=True, dir_okay=False, help="The plan.")],
    data: Data,
    *,
    out: Annotated[Path, typer.Option("--out", file_okay=False, help="Folder of the results.")],
    since: FirstMonth,
    until: LastMonth,
    output: Output = Format.TABLE,
) -> None:
    """Calculate a plan over a folder of tables; write lines, lineage, cells and exceptions.

    Ends with 1 if nothing could be calculated, and with 4 if it could, but rows were left out or
    an exception would keep a statement from approval.
    """
    months = Months(*in_order(since, until))
    checked = usable_plan(plan)
    done = calculated(checked, data, months, out)
    if output is Format.JSON:
        print_json(_summary(done, checked.currency))
    else:
        _tell(done, checked, out)
    if done.rejects.total or done.blocking:
        raise typer.Exit(INCOMPLETE)


def calculated(plan: CheckedPlan, data: Path, months: Months, out: Path) -> OfflineRun:
    """Calculate, or end the command with 1 and say why not."""
    try:
        return run_offline(plan, data, months, out)
    except (TableUnreadable, NothingToCalculate) as error:
        errors.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(REFUSED) from None


@app.command("tables")
def describe_tables(
    name: Annotated[str | None, typer.Argument(help="One table; without it, all names.")] = None,
    *,
    schema: Annotated[bool, typer.Option("--schema", help="Its JSON Schema.")] = False,
) -> None:
    """Show the tables that a calculation reads and their columns."""
    if name is None:
        rows = [{"table": table.name, "what it holds": table.about} for table in TABLES]
        print_rows(rows, ["table", "what it holds"], Format.TABLE)
        return
    table = next((table for table in TABLES if table.name == name), None)
    if table is None:
        known = ", ".join(table.name for table in TABLES)
        raise typer.BadParameter(f"there is no table {name}; the tables are {known}")
    if schema:
        print_json(schema_of(table))
    else:
        console.print(table_as_text(table), markup=False, soft_wrap=True)


@app.command("compare")
def compare_statement(
    statement: Annotated[
        list[Path],
        typer.Option(
            "--statement",
            exists=True,
            dir_okay=False,
            help="Saved answer of GET /v1/statements/{statement_id}/lines; may be given often.",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", exists=True, file_okay=False, help="Results of `calc run`.")
    ],
    *,
    payee: Annotated[str | None, typer.Option(help="Also lines of this payee not stated.")] = None,
    month: Annotated[str | None, typer.Option(help="Of these only what lands in it.")] = None,
    output: Output = Format.TABLE,
) -> None:
    """Compare a statement, line by line, with a calculation of one's own.

    Ends with 1 if a line differs, was not calculated, or is not stated.
    """
    try:
        found = compare(statement, out, payee=payee, month=month)
    except (StatementUnreadable, ResultsMissing) as error:
        errors.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(REFUSED) from None
    rows = [
        {
            "component": item.component,
            "order": item.order_id or "",
            "stated": "" if item.stated is None else format(item.stated, "f"),
            "calculated": "" if item.calculated is None else format(item.calculated, "f"),
            "verdict": item.verdict,
            "line_id": item.line_id,
        }
        for item in found
    ]
    wanted = [row for row in rows if output is Format.JSON or row["verdict"] != "same"]
    print_rows(wanted, ["component", "order", "stated", "calculated", "verdict", "line_id"], output)
    same = sum(row["verdict"] == "same" for row in rows)
    if output is Format.TABLE:
        console.print(f"{same} of {len(rows)} lines are the same")
    if same < len(rows):
        raise typer.Exit(REFUSED)


def _tell(done: OfflineRun, plan: CheckedPlan, out: Path) -> None:
    print_rows(
        [{**row, "month": row["month"] or ""} for row in totals_of(done.result, plan.currency)],
        ["component", "what", "month", "lines", "amount", "currency"],
        Format.TABLE,
        title=plan.name,
    )
    due = due_of(done.pay, plan.currency)
    if done.pay.lines or len(due) <= MOST_DUE:
        print_rows(due, ["payee_id", "month", "due", "currency"], Format.TABLE, title="due")
    for note in done.folder.notes:
        console.print(f"note: {note}", markup=False, soft_wrap=True)
    for row in done.rejects.first:
        errors.print(str(row), markup=False, soft_wrap=True)
    if done.rejects.total:
        errors.print(f"{done.rejects.total} rows were left out; all of them are in {REJECTED}")
    for item in done.exceptions:
        if item.blocks:
            errors.print(f"{item.message}. {item.what_to_do}", markup=False, soft_wrap=True)
    console.print(
        f"{_counted(len(done.result.lines), 'line')}, "
        f"{_counted(len(done.result.nodes), 'node')}, "
        f"{_counted(len(done.exceptions), 'exception')} ({done.blocking} blocking) in {out}",
        soft_wrap=True,
    )
    console.print(f"manifest sha256 {done.manifest_sha256}", soft_wrap=True)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _summary(done: OfflineRun, currency: str) -> dict[str, object]:
    return {
        "lines": len(done.result.lines),
        "nodes": len(done.result.nodes),
        "exceptions": len(done.exceptions),
        "due": due_of(done.pay, currency),
        "blocking": done.blocking,
        "rows_left_out": done.rejects.total,
        "notes": list(done.folder.notes),
        "totals": totals_of(done.result, currency),
        "result_digest": done.result.digest(),
        "manifest_sha256": done.manifest_sha256,
    }
