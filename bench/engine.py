"""The reference engine against the least that any engine must do with the same orders."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from bench.pairs import Ratio, compare
from premia_common.money import round_half_up
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.library import library_plan
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

ORDERS = 4_000
PAYEES = 100
FIRST = date(2026, 1, 1)
SOURCE = SourceRef("fact", "bench")


def _plan() -> CheckedPlan:
    found = check_plan(parse_plan(library_plan("agency-energy")))
    if found.plan is None:
        raise RuntimeError(f"the library plan has findings: {found.findings}")
    return found.plan


def _order(number: int) -> OrderRow:
    signed = FIRST + timedelta(days=number % 90)
    reached = {"activated": signed + timedelta(days=10)}
    if number % 10:
        reached["first_bill_paid"] = signed + timedelta(days=45)
    if number % 25 == 0:
        reached["cancelled"] = signed + timedelta(days=60)
    return OrderRow(
        order_id=f"O{number}",
        record_id=f"O{number}",
        principal="1000",
        signed_on=signed,
        seller=PayeeRef.known(f"A{number % PAYEES}"),
        partner=PayeeRef.known(f"A{(number + 1) % PAYEES}") if number % 5 == 0 else None,
        category="gas",
        territory="nord",
        amount=Decimal(1_000 + number % 700),
        currency="EUR",
        attributes={},
        lines=(),
        states=tuple(StateReached(name, day, None, SOURCE) for name, day in reached.items()),
        imputable_to=None,
        cause=None,
        source=SOURCE,
    )


def _relations() -> Relations:
    everybody = [f"A{number}" for number in range(PAYEES)] + ["M0", "M1"]
    attributes = {"kind": "agency", "channel": "field"}
    months = ["2026-01", "2026-02", "2026-03", "2026-04"]
    return Relations(
        payees=tuple(PayeeRow(payee, FIRST, None, attributes) for payee in everybody),
        orders=tuple(_order(number) for number in range(ORDERS)),
        edges=(
            *(EdgeRow("sales", f"A{number}", "M0", FIRST, None) for number in range(PAYEES)),
            EdgeRow("sales", "M0", "M1", FIRST, None),
        ),
        targets=tuple(
            TargetRow(payee, "activated_value", month, Decimal(20_000), SOURCE)
            for payee in everybody
            for month in months
        ),
        measurements=tuple(
            MeasurementRow(payee, "first_time_right", month, Decimal("0.95"), SOURCE)
            for payee in everybody
            for month in months
        ),
        assignments=tuple(
            AssignmentRow(f"S{payee}", f"D{payee}", "1000", payee, FIRST, None)
            for payee in everybody
        ),
    )


def _floor(relations: Relations) -> dict[str, Decimal]:
    """One rate, no tiers, no storno, no lineage: what a loop in exact decimals cannot avoid."""
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for order in relations.orders:
        for rate in (Decimal("0.03"), Decimal("0.005"), Decimal("0.002")):
            earned = round_half_up(order.amount * rate, 2)
            first = round_half_up(earned * Decimal("0.65"), 2)
            paid[order.order_id] += first + (earned - first)
    return paid


def measure() -> list[Ratio]:
    """Return the ratios of the reference engine."""
    plan, relations = _plan(), _relations()
    until = Month(2026, 4)
    result = calculate(plan, relations, until=until)
    return [
        compare(
            "calculate with lines and lineage, by orders",
            lambda: calculate(plan, relations, until=until),
            baseline="a bare decimal loop",
            against=lambda: _floor(relations),
            units=ORDERS,
        ),
        compare(
            "digest of a result, by lines",
            result.digest,
            baseline="its calculation",
            against=lambda: calculate(plan, relations, until=until),
            units=len(result.lines),
        ),
    ]
