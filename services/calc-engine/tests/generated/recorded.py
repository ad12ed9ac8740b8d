"""Everything a small tenant may record, drawn at random, as events arrive one by one."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from premia_common.canonical import canonical_json
from premia_common.contracts.envelope import FactEvent
from premia_common.contracts.plans import PlanPublished
from premia_plan.document import PlanDocument

from .. import samples as s  # noqa: TID252

SELLERS = ("A1", "A1", "A2", "M1", "X9", None)
ABOVE = {"A1": "M1", "A2": "M1", "M1": "D1", "D1": None}
AFTER = {"accepted": 3, "activated": 10, "first_bill_paid": 30, "cancelled": 40, "churned": 60}
LIKELY = {"accepted": 60, "activated": 90, "first_bill_paid": 60, "cancelled": 15, "churned": 10}
MONTHS = ("2026-02", "2026-03")


def published(tenant: UUID, content: Mapping[str, Any]) -> PlanPublished:
    """Return a plan's publication."""
    document = PlanDocument.from_canonical(canonical_json(content))
    like = s.plan_published(tenant, s.agency_plan_text())
    name = content["plan"]
    update = {
        "plan_id": s.ident(tenant, "plan", name),
        "plan_name": name,
        "content_hash": document.hash,
        "document": dict(content),
    }
    return like.model_copy(update=update)


def master(tenant: UUID, plan: PlanPublished) -> list[FactEvent]:
    """Return what is known from the start: the plan, the trees, and most of the people."""
    trees = [
        s.tree(tenant, "territory", "italia", None),
        s.tree(tenant, "territory", "nord", "italia"),
        s.tree(tenant, "product_category", "energy", None),
        s.tree(tenant, "product_category", "gas", "energy"),
    ]
    people = [event for code in ("A1", "M1", "D1") for event in _person(tenant, plan, code)]
    return [s.principal(tenant), plan, *trees, *people]


def arriving(tenant: UUID, plan: PlanPublished, random: Random) -> list[FactEvent]:
    """Return what arrives in any order: orders in versions, bills, targets, figures, a joiner."""
    events: list[FactEvent] = [
        event for number in range(random.randint(4, 9)) for event in _order(tenant, number, random)
    ]
    for code in ("A1", "A2", "M1", "X9"):
        if random.random() < 0.8:
            amounts = {month: random.choice(["900.00", "2000.00"]) for month in MONTHS}
            events.append(_named(s.target(tenant, code, amounts), "volume"))
        for month in MONTHS:
            if random.random() < 0.7:
                value = random.choice(["0.95", "1", "0.5"])
                events.append(_named(s.measured(tenant, code, month, value), "quality"))
    if random.random() < 0.7:
        events += _person(tenant, plan, "A2")
    if random.random() < 0.3:
        events.append(s.payee(tenant, "M1", channel="web", version=2))
    if random.random() < 0.5:
        events.append(s.accepted(tenant, plan, random.choice(["A1", "M1"])))
    return events


def batches(events: Sequence[FactEvent], random: Random, many: int) -> list[list[FactEvent]]:
    """Cut events into parts, in a random order."""
    mixed = list(events)
    random.shuffle(mixed)
    ends = sorted(random.randint(0, len(mixed)) for _ in range(many - 1))
    return [mixed[start:end] for start, end in zip([0, *ends], [*ends, len(mixed)], strict=True)]


def _person(tenant: UUID, plan: PlanPublished, code: str) -> list[FactEvent]:
    return [
        s.payee(tenant, code),
        s.mandate(tenant, code),
        s.assignment(tenant, code, plan.plan_name),
        s.position(tenant, code, ABOVE[code]),
    ]


def _order(tenant: UUID, number: int, random: Random) -> list[FactEvent]:
    signed = date(2026, 1, 20) + timedelta(days=random.randrange(60))
    found: list[FactEvent] = []
    states: dict[str, str] = {}
    for version in range(1, random.choice([1, 1, 2, 3]) + 1):
        for state, days in AFTER.items():
            if random.randrange(100) < LIKELY[state] / 2 * (1 if version > 1 else 1.5):
                on = signed + timedelta(days=days + random.randint(-5, 30))
                states.setdefault(state, on.isoformat())
        found.append(
            s.order(
                tenant,
                f"O{number}",
                f"{random.choice([200, 1000, 1234.5, 5000]):.2f}",
                states=dict(states),
                seller=random.choice(SELLERS),
                version=version,
                signed_on=signed,
                attributes={"kwp": random.choice(["3", "4.5"]), "product": "rooftop"},
            )
        )
    if random.random() < 0.4:
        found.append(s.bill_paid(tenant, f"O{number}", "2026-03-15"))
    if random.random() < 0.1:
        found.append(s.bill_paid(tenant, f"Z{number}", "2026-03-15"))
    return found


def _named(event: Any, name: str) -> FactEvent:
    renamed: FactEvent = event.model_copy(update={"name": name})
    return renamed
