"""What the tests of plans share: the library's plans, and a small builder of facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import pytest

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.examples import run_examples
from premia_plan.library import library_plan
from premia_plan.reference import PAID, Calculation, calculate
from premia_plan.relations import (
    AssignmentRow,
    Attribute,
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

from .small_plans import checked

SELLER = PayeeRef.known("A1")


def source(key: str) -> SourceRef:
    return SourceRef("message", key, "ab" * 32, f"message {key}")


@dataclass(frozen=True)
class Facts:
    """Rows of a small world: agencies A1 and A2 below M1, assigned under principal P."""

    relations: Relations = field(
        default_factory=lambda: Relations(
            payees=tuple(
                PayeeRow(name, None, None, {"kind": "agency", "channel": "field"})
                for name in ("A1", "A2", "M1")
            ),
            edges=tuple(EdgeRow("sales", name, "M1", None, None) for name in ("A1", "A2")),
            assignments=tuple(
                AssignmentRow(f"assignment {name}", f"mandate {name}", "P", name, None, None)
                for name in ("A1", "A2", "M1")
            ),
        )
    )

    def with_rows(self, **rows: tuple[object, ...]) -> "Facts":
        return Facts(replace(self.relations, **rows))  # type: ignore[arg-type]

    def with_order(
        self,
        order_id: str,
        amount: str,
        states: Mapping[str, str],
        *,
        seller: PayeeRef | None = SELLER,
        partner: PayeeRef | None = None,
        signed_on: str = "2026-02-20",
        principal: str = "P",
        category: str = "gas",
        territory: str = "nord",
        currency: str = "EUR",
        imputable_to: str | None = None,
        attributes: Mapping[str, Attribute] = {},
        version: int = 1,
    ) -> "Facts":
        order = OrderRow(
            order_id,
            f"record {order_id}",
            principal,
            date.fromisoformat(signed_on),
            seller,
            partner,
            category,
            territory,
            Decimal(amount),
            currency,
            attributes,
            (),
            tuple(
                StateReached(name, date.fromisoformat(day), None, source(f"{order_id} {name}"))
                for name, day in states.items()
            ),
            imputable_to,
            None,
            source(order_id),
            version,
        )
        return self.with_rows(orders=(*self.relations.orders, order))

    def with_target(self, payee: str, month: str, amount: str, kpi: str | None = "0.95") -> "Facts":
        row = TargetRow(payee, "activated_value", month, Decimal(amount), source(f"target {payee}"))
        facts = self.with_rows(targets=(*self.relations.targets, row))
        if kpi is None:
            return facts
        measured = MeasurementRow(
            payee, "first_time_right", month, Decimal(kpi), source(f"kpi {payee}")
        )
        return facts.with_rows(measurements=(*facts.relations.measurements, measured))

    def calculated(
        self, plan: CheckedPlan, until: str = "2026-12", since: str | None = None
    ) -> Calculation:
        first = None if since is None else Month.parse(since)
        return calculate(plan, self.relations, until=Month.parse(until), since=first)


def paid(result: Calculation) -> dict[tuple[str | None, str | None, str], Decimal]:
    """Return what is paid by payee, month and component."""
    totals: dict[tuple[str | None, str | None, str], Decimal] = {}
    for line in result.lines:
        if line.what in PAID:
            key = (line.payee_id, line.month, line.component)
            totals[key] = totals.get(key, Decimal(0)) + line.amount
    return {key: amount for key, amount in totals.items() if amount}


@pytest.fixture(scope="session")
def agency() -> CheckedPlan:
    return checked(library_plan("agency-energy"))


@pytest.fixture(scope="session")
def installer() -> CheckedPlan:
    return checked(library_plan("installer-fee"))


@pytest.fixture(scope="session")
def facts() -> Facts:
    return Facts()


@pytest.fixture(scope="session")
def totals() -> Callable[[Calculation], dict[tuple[str | None, str | None, str], Decimal]]:
    return paid


@pytest.fixture(scope="session")
def agency_with() -> Callable[..., CheckedPlan]:
    """Return the agency plan with pieces of its text replaced."""

    def changed(*replacements: tuple[str, str]) -> CheckedPlan:
        text = library_plan("agency-energy")
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new)
        return checked(text)

    return changed


@pytest.fixture(scope="session")
def holds() -> Callable[[str, str], None]:
    """Run one worked example, written as in a plan, against a plan of the library."""

    def run(plan_name: str, example: str) -> None:
        head = library_plan(plan_name).partition("\nexamples:")[0]
        plan = checked(f"{head}\nexamples:\n{example}")
        for result in run_examples(plan):
            assert result.passed, (result.differences, result.exceptions)

    return run
