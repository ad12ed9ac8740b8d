"""What laws of paying are drawn from: terms of payment, and months in which something landed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from uuid import UUID

from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.paying import Pay, pay
from premia_plan.relations import (
    AdjustmentRow,
    AssignmentRow,
    LoanRow,
    PayeeRow,
    Relations,
    SourceRef,
)
from premia_plan.results import Line, Node

from ..small_plans import checked, plan_of_sales  # noqa: TID252

SOURCE = SourceRef("message", "M")
PLAN = plan_of_sales("""
components:
  base: {per: credit of sale, amount: credit.amount * 3 %, steps: [{round: cent, mode: half_up, each: line}]}
  extra: {per: credit of sale, amount: credit.amount * 1 %, steps: [{round: cent, mode: half_up, each: line}]}
settlement:
  states: {model: energy_order, of: order}
  release: {base: [{share: rest, at: activated}], extra: [{share: rest, at: activated}]}
""")
EXAMPLES = """
examples:
  - name: nobody sells
    given: {payees: [{id: A1, kind: agency}]}
    expect: {}
"""
TERMS = (
    "{minimum: 50 EUR}",
    "{negative_balance: forgiven, minimum: 0 EUR}",
    "{negative_balance: due at leaving, draws: {d: {preset: recoverable guarantee, level: 1 000 EUR}}}",
    (
        "{minimum: 20 EUR, draws: {d: {preset: recoverable draw, amount: 700 EUR, "
        "recovered_from: all earnings, recovery_share: 50 %, drawn: {first: 1, last: 4}}}}"
    ),
    (
        "{draws: {d: {preset: recoverable draw, amount: 300 EUR, below_level: allowed, "
        "recovered_from: all earnings, drawn: {from: 2026-02, to: 2026-05}, "
        "recovered: {from: 2026-04}, at_leaving: forgiven}, "
        "e: {preset: non-recoverable guarantee, level: 900 EUR}}}"
    ),
    (
        "{reserves: {r: {of: [base], withholds: [{from: 0 EUR, share: 20 %}, "
        "{from: 300 EUR, share: 5 %}], ceiling: 400 EUR, released: {months: 3}}}}"
    ),
    (
        "{draws: {d: {preset: recoverable guarantee, level: 500 EUR}}, reserves: {"
        "r: {of: all, withholds: [{from: 0 EUR, share: 10 %}], released: {date: 2026-06-30}}, "
        "s: {of: [extra], withholds: [{from: 0 EUR, share: 50 %}], ceiling: 250 EUR, "
        "refills: false, meets_reversals: false, released: {months_after_leaving: 1}}}}"
    ),
    (
        "{draws: {d: {preset: non-recoverable guarantee, level: 400 EUR}, "
        "e: {preset: non-recoverable guarantee, level: 900 EUR}}}"
    ),
    (
        "{reserves: {r: {of: all, withholds: [{from: 0 EUR, share: 10 %}], released: {months: 9}}, "
        "s: {of: [base], withholds: [{from: 0 EUR, share: 30 %}, {from: 90 EUR, share: 5 %}, "
        "{from: 120 EUR, share: 0 %}], released: {months: 2}}, "
        "t: {of: [extra], withholds: [{from: 0 EUR, share: 20 %}], "
        "meets_reversals: each reversal, released: {months: 4}}}}"
    ),
    (
        "{reserves: {r: {of: all, withholds: [{from: 0 EUR, share: 10 %}], released: {months: 2}}}}\n"
        "steps: [{cap: 700 EUR, over: release, surplus: deferred}]"
    ),
)
CAPPED = "{minimum: 0 EUR}\nsteps: [{cap: 700 EUR, over: release, surplus: deferred}]"


@cache
def plan_with(terms: str) -> CheckedPlan:
    return checked(f"{PLAN}payment: {terms}\n{EXAMPLES}")


@dataclass(frozen=True)
class World:
    """What landed, in cents, by component and month; and who is in."""

    base: tuple[int, ...]
    extra: tuple[int, ...]
    adjusted: int
    lent: int
    left: int | None
    """The month of leaving, from 1."""

    @property
    def until(self) -> Month:
        return Month(2026, len(self.base))

    @property
    def relations(self) -> Relations:
        left = None if self.left is None else date(2026, self.left, 20)
        adjustment = AdjustmentRow(
            "M1", "A1", "P", "2026-02", Decimal(self.adjusted) / 100, "error", "a", "b", None, None,
            SOURCE,
        )  # fmt: skip
        loan = LoanRow(
            "L1", "A1", "P", "2026-01", Decimal(self.lent) / 100, Decimal(75), "2026-03", SOURCE
        )
        return Relations(
            payees=(PayeeRow("A1", None, None, {"kind": "agency"}),),
            assignments=(AssignmentRow("A1", "A1", "P", "A1", None, left),),
            adjustments=(adjustment,),
            loans=(loan,) if self.lent else (),
        )

    @property
    def landed(self) -> list[tuple[Line, Node]]:
        return [
            _line(name, number, cents)
            for name, column in (("base", self.base), ("extra", self.extra))
            for number, cents in enumerate(column, start=1)
        ]

    def paid(self, plan: CheckedPlan) -> Pay:
        return pay(plan, self.relations, [line for line, _ in self.landed], until=self.until)


def _line(component: str, number: int, cents: int) -> tuple[Line, Node]:
    node_id = UUID(int=number * 2 + (component == "extra"))
    month, amount = f"2026-{number:02d}", Decimal(cents) / 100
    node = Node(node_id, "A1", "earning", f"{amount:.2f}", "money", "given", {}, SOURCE, ())
    what = "release" if cents >= 0 else "reversal"
    line = Line(
        node_id, "A1", "P", component, "commission", what, month, month, amount, "O1", "C1", 0,
        None, None, node_id,
    )  # fmt: skip
    return line, node


CENTS = st.integers(-90_000, 250_000)
WORLDS = st.integers(3, 8).flatmap(
    lambda months: st.builds(
        World,
        st.tuples(*[CENTS] * months),
        st.tuples(*[CENTS] * months),
        st.integers(-20_000, 20_000),
        st.sampled_from([0, 20_000]),
        st.none() | st.integers(2, months),
    )
)
