"""Runs stored as `premia calc run` stores them, made from what the engine calculates."""

import hashlib
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from premia_cli.offline.calculation import totals_of
from premia_cli.offline.results import LINES, NODES, OfflineResult
from premia_cli.offline.writing import write_table
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.library import library_plan
from premia_plan.paying import Pay
from premia_plan.reference import calculate
from premia_plan.relations import (
    AssignmentRow,
    EdgeRow,
    MeasurementRow,
    OrderRow,
    PayeeRef,
    PayeeRow,
    Relations,
    SourceRef,
    StateReached,
    TargetRow,
)
from premia_plan.results import Calculation
from premia_plan.stating import Stated
from premia_verifier.run import Run

FIRST = date(2026, 1, 1)
SOURCE = SourceRef("table_row", "orders/1", "ab" * 32, "orders: 1")


def plan(name: str = "agency-energy") -> CheckedPlan:
    found = check_plan(parse_plan(library_plan(name)))
    assert found.plan is not None, found.findings
    return found.plan


def relations(orders: int = 150, payees: int = 6, target: int = 9_000) -> Relations:
    """Return orders of some agencies: splits, roll-ups, storno, gates and caps are all met."""
    names = [f"A{number}" for number in range(payees)]
    months = ["2026-01", "2026-02", "2026-03", "2026-04"]
    return Relations(
        payees=tuple(
            PayeeRow(name, None, None, {"kind": "agency", "channel": "field"})
            for name in (*names, "M0", "M1")
        ),
        orders=tuple(_order(number, payees) for number in range(orders)),
        edges=(
            *(EdgeRow("sales", name, "M0", None, None) for name in names),
            EdgeRow("sales", "M0", "M1", None, None),
        ),
        targets=tuple(
            TargetRow(name, "activated_value", month, Decimal(target), SOURCE)
            for name in names
            for month in months
        ),
        measurements=tuple(
            MeasurementRow(
                name,
                "first_time_right",
                month,
                Decimal("0.95") if number % 3 else Decimal("0.9"),
                SOURCE,
            )
            for number, name in enumerate(names)
            for month in months
        ),
        assignments=tuple(
            AssignmentRow(f"S{name}", f"D{name}", "P", name, None, None)
            for name in (*names, "M0", "M1")
        ),
    )


def _order(number: int, payees: int) -> OrderRow:
    signed = FIRST + timedelta(days=number * 7 % 90)
    reached = {"activated": signed + timedelta(days=10)}
    if number % 10:
        reached["first_bill_paid"] = signed + timedelta(days=45)
    if number % 9 == 0:
        reached["cancelled"] = signed + timedelta(days=60)
    return OrderRow(
        order_id=f"O{number}",
        record_id=f"O{number}",
        principal="P",
        signed_on=signed,
        seller=PayeeRef.known(f"A{number % payees}"),
        partner=PayeeRef.known(f"A{(number + 1) % payees}") if number % 5 == 0 else None,
        category="gas",
        territory="nord",
        amount=Decimal(1_000 + number * 37 % 700) + Decimal("0.33"),
        currency="EUR",
        attributes={},
        lines=(),
        states=tuple(StateReached(name, day, None, SOURCE) for name, day in reached.items()),
        imputable_to="principal" if number % 27 == 0 else None,
        cause=None,
        source=SOURCE,
    )


def calculated(checked: CheckedPlan, facts: Relations, until: str = "2026-06") -> Calculation:
    return calculate(checked, facts, until=Month.parse(until))


def earned(result: Calculation, checked: CheckedPlan) -> OfflineResult:
    """Return what a plan earns as a result of which nothing has been paid."""
    unpaid = Pay((), (), (), ())
    return OfflineResult(
        result,
        unpaid,
        Stated((), (), ()),
        result.nodes,
        result.exceptions,
        checked.name,
        checked.currency,
    )


def stored(result: Calculation, checked: CheckedPlan, folder: Path) -> Path:
    """Write a result's lines and nodes with their manifest, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [
        write_table(table, table.rows(earned(result, checked)), folder) for table in (LINES, NODES)
    ]
    manifest = {
        "outputs": [
            {
                "table": item.table,
                "content_sha256": item.content_sha256,
                "files": dict(item.files),
            }
            for item in written
        ],
        "totals": totals_of(result, checked.currency),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def kept(result: Calculation, checked: CheckedPlan) -> Run:
    """Return a result as a run that was never written down."""
    tables = {
        table.name: [
            dict(zip(table.names, row, strict=True)) for row in table.rows(earned(result, checked))
        ]
        for table in (LINES, NODES)
    }
    return Run(tables, {}, {})


def resealed(run: Run) -> Run:
    """Return a run whose digests are those of what it holds now: only its sums can tell."""
    outputs = []
    for output in run.manifest["outputs"]:
        content = "".join(
            json.dumps([text or None for text in row.values()], ensure_ascii=False,
                       separators=(",", ":")) + "\n"
            for row in run.tables[output["table"]]
        )  # fmt: skip
        sha256 = hashlib.sha256(content.encode()).hexdigest()
        outputs.append({**output, "content_sha256": sha256})
    return Run(run.tables, run.sha256, {**run.manifest, "outputs": outputs})


def changed(run: Run, table: str, row: int, field: str, value: str | None) -> Run:
    """Return a run with one field of one row changed."""
    rows = list(run.tables[table])
    rows[row] = {**rows[row], field: value}
    return Run({**run.tables, table: rows}, run.sha256, run.manifest)
