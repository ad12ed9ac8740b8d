"""The hand-written SQL against the reference engine, line by line, on a small set of orders."""

import sys
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import duckdb

from bench.data import HERE, prepared
from bench.decimal_loop.lines import COMPONENTS, WHATS
from bench.engine import run_script
from bench.relations import month_text, read_relations
from premia_common.periods import Month
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.reference import calculate

ORDERS = 2_000
UNTIL = Month(2027, 2)
REASONS = (
    None,
    "payee_not_participating",
    "payee_not_assigned",
    "assigned_to_other_principal",
    "payee_unknown",
    "payee_missing",
    "rate_missing",
    "waits_for_state",
    "dropped_by_reversal",
    "taken_back",
    "void_reversal",
    "recounted",
    "plan_not_accepted",
    "target_missing",
    "target_zero",
    "measurement_missing",
)

LineRow: TypeAlias = tuple[object, ...]
"""Id, component, payee, what, month, competence, cents, order, credit, share, reason."""


class LinesDiffer(Exception):
    """Raised when two engines give different lines for the same orders."""

    def __init__(self, first: set[LineRow], second: set[LineRow]) -> None:
        only = [sorted(map(str, rows))[:3] for rows in (first - second, second - first)]
        super().__init__(
            f"{len(first - second)} lines only in the SQL, such as {only[0]}; "
            f"{len(second - first)} only in the reference, such as {only[1]}. "
            "Correct the one that departs from the plan; no ratio means anything before."
        )


def reference_lines(data: Path) -> set[LineRow]:
    """Return the lines that the reference engine gives."""
    plan = check_plan(parse_plan((HERE / "plan.yaml").read_text(encoding="utf-8"))).plan
    if plan is None:
        raise ValueError("bench/plan.yaml has errors; `premia plan check` names them")
    result = calculate(plan, read_relations(data), until=UNTIL)
    return {
        (
            line.line_id,
            line.component,
            line.payee_id,
            line.what,
            line.month,
            line.competence,
            int(line.amount.scaleb(2)),
            line.order_id,
            line.credit_id,
            line.share,
            line.reason_code,
        )
        for line in result.lines
    }


def written_lines(data: Path, lines: Path) -> set[LineRow]:
    """Return the lines of a file in the reference engine's words."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT l.id_high, l.id_low, component, payee_id, what, month, competence, units, "
            "order_id, place, level, share, reason FROM read_parquet($lines) AS l "
            "JOIN read_parquet($kinds) USING (kind) "
            "LEFT JOIN read_parquet($payees) AS p ON p.payee_no = l.payee_no "
            "LEFT JOIN read_parquet($orders) AS o ON o.order_no = l.order_no",
            {
                "lines": str(lines / "lines.parquet"),
                "kinds": str(lines / "kinds.parquet"),
                "payees": str(data / "payees.parquet"),
                "orders": str(data / "orders.parquet"),
            },
        ).fetchall()
    found: set[LineRow] = set()
    for high, low, component, payee, what, month, competence, units, order, *rest in rows:
        place, level, share, reason = rest
        below = f"/team.{level}" if level else ""
        found.add(
            (
                UUID(int=(high % 2**64 << 64) + low % 2**64),
                COMPONENTS[component],
                payee,
                WHATS[what],
                None if month is None else month_text(month),
                month_text(competence),
                units,
                order,
                None if order is None else f"{order}/sale.{place}{below}",
                share,
                REASONS[reason],
            )
        )
    return found


def main(out: Path) -> None:
    """Compare the lines.

    Raises:
        LinesDiffer: if a line is in one result only.
    """
    data = prepared(ORDERS).folder
    run_script("handwritten", {"in": data, "out": out})
    first, second = written_lines(data, out), reference_lines(data)
    if first != second:
        raise LinesDiffer(first, second)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
