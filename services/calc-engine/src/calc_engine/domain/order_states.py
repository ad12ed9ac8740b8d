"""The states an order reached: what its current version says, and what billing said of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from calc_engine.domain.fact import Fact
from premia_plan.relations import SourceRef, StateReached


@dataclass(frozen=True, slots=True)
class SignalMeaning:
    """The state that a billing signal stands for, perhaps only its first on a contract."""

    state: str
    first_only: bool = False


STATE_MODEL: Mapping[str, SignalMeaning] = {
    "invoice.paid": SignalMeaning("first_bill_paid", first_only=True),
    "supply.started": SignalMeaning("supply_started"),
    "contract.terminated": SignalMeaning("churned"),
}
"""How billing signals extend an order's states; a signal not named here changes none."""


def source_of(fact: Fact, label: str) -> SourceRef:
    """Return what a connectors' fact says, by digest; an explanation finds its message by it."""
    return SourceRef("fact", str(fact.name), fact.content_digest(), label)


def owned_source(fact: Fact, label: str) -> SourceRef:
    """Return where a snapshot of ours came from: the fact itself, by its digest."""
    return SourceRef("fact", str(fact.name), fact.digest, label)


def instant_of(seen: Mapping[str, Any]) -> datetime | None:
    """Return the instant a state was reached, where the source says it."""
    text = seen.get("at")
    return datetime.fromisoformat(text) if text else None


def states_of(order: Fact, signals: Iterable[Fact], source: SourceRef) -> tuple[StateReached, ...]:
    """Return each state the order reached; of several arrivals the first counts.

    A deleted order counts as cancelled on the day of the version that deleted it.
    """
    found: list[StateReached] = [
        StateReached(seen["state"], date.fromisoformat(seen["on"]), instant_of(seen), source)
        for seen in order.body["states"]
    ]
    if order.body.get("deleted"):
        found.append(StateReached("cancelled", _version_day(order), None, source))
    for signal in signals:
        meaning = STATE_MODEL.get(signal.body["signal"])
        if meaning is None or (meaning.first_only and not signal.body["first_for_contract"]):
            continue
        label = f"{signal.body['signal']} {signal.body['signal_id']} of {signal.body['source']}"
        day = date.fromisoformat(signal.body["on"])
        found.append(StateReached(meaning.state, day, None, source_of(signal, label)))
    return _first_arrivals(found)


def _first_arrivals(states: list[StateReached]) -> tuple[StateReached, ...]:
    first: dict[str, StateReached] = {}
    for state in sorted(states, key=lambda item: (item.on, item.source.id)):
        first.setdefault(state.state, state)
    return tuple(first[name] for name in sorted(first))


def _version_day(order: Fact) -> date:
    try:
        return date.fromisoformat(str(order.body["record_version"])[:10])
    except ValueError:
        return order.known_at.date()


def reversal_of(order: Fact, signals: Iterable[Fact]) -> tuple[str | None, str | None]:
    """Return to whom the order's reversal is imputable, and its cause, as far as anybody said."""
    bodies: list[Mapping[str, Any]] = [order.body, *(signal.body for signal in signals)]
    imputable = next((body["imputable_to"] for body in bodies if body.get("imputable_to")), None)
    cause = next((body["cause"] for body in bodies if body.get("cause")), None)
    if cause is None and order.body.get("deleted"):
        cause = "deleted"
    return imputable, cause
