"""A stored question read into the changes it stands for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calc_engine.domain.draft_plan import DraftPlan
from calc_engine.domain.simulation import Simulation, SimulationKind
from calc_engine.domain.what_if import (
    Change,
    MeasurementChange,
    OrderChange,
    PlanNumberChange,
    TargetChange,
)
from premia_common.periods import Month

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which real orders are looked at: those named, or those that fit every field given."""

    orders: tuple[str, ...]
    territory: str | None
    category: str | None
    payee_id: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class Question:
    """What is changed, and which lines are looked at."""

    changes: tuple[Change, ...]
    since: Month
    until: Month
    payees: frozenset[str]
    """Empty: everybody."""
    picked: OrderFilter | None


def read_question(simulation: Simulation) -> Question:
    """Return what a simulation asks."""
    content = simulation.question
    since, until = Month.parse(content["since"]), Month.parse(content["until"])
    match simulation.kind:
        case SimulationKind.WHAT_IF:
            changes = tuple(_change(item) for item in content["changes"])
            return Question(changes, since, until, frozenset(content["payees"]), None)
        case SimulationKind.ORDERS_CHECK:
            picked = content["picked"]
            return Question(
                (_draft(content),),
                since,
                until,
                frozenset(),
                OrderFilter(
                    tuple(picked["orders"]),
                    picked["territory"],
                    picked["category"],
                    picked["payee_id"],
                    picked["limit"],
                ),
            )
        case SimulationKind.BACK_TEST:
            return Question((_draft(content, (since, until)),), since, until, frozenset(), None)


def _draft(content: Json, months: tuple[Month, Month] | None = None) -> DraftPlan:
    return DraftPlan(content["document"], tuple(content["replaces"]), months)


def _change(item: Json) -> Change:
    match item["kind"]:
        case "order":
            return OrderChange(item["order_id"], item["fields"])
        case "target":
            return TargetChange(item["payee_id"], item["name"], item["month"], item["amount"])
        case "measurement":
            return MeasurementChange(item["payee_id"], item["name"], item["month"], item["value"])
        case "plan_number":
            return PlanNumberChange(item["plan"], item["at"], item["value"], item["version"])
        case "draft_plan":
            return _draft(item)
        case other:
            raise ValueError(f"a question has no change of kind {other!r}")
