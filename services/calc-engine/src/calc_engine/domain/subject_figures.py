"""Targets and measured values of teams, territories, categories and plans, as people load them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from calc_engine.domain.fact import Fact
from calc_engine.domain.named import Names, unknown_name
from calc_engine.domain.order_states import owned_source
from calc_engine.domain.records import Records
from premia_plan.relations import MeasurementRow, TargetRow
from premia_plan.results import Exception_

TEAM = "team:"


def subject_figures(
    records: Records, names: Names, told: list[Exception_]
) -> Iterator[TargetRow | MeasurementRow]:
    """Give the rows; one of a team whose head nobody knows is told, and used once it is known."""
    for fact in records.counting("figure"):
        subject = _subject(fact, names, told)
        if subject is None:
            continue
        body = fact.body
        name, period, value = body["name"], body["period"], Decimal(body["value"])
        source = owned_source(fact, f"{name} of {body['subject']} in {period}, {body['source']}")
        if body["figure"] == "target":
            since = body["valid_from"]
            day = None if since is None else date.fromisoformat(since)
            yield TargetRow(subject, name, period, value, source, day)
        else:
            yield MeasurementRow(subject, name, period, value, source, body["provisional"])


def _subject(fact: Fact, names: Names, told: list[Exception_]) -> str | None:
    """Return the subject, with the head of a team by its id."""
    subject: str = fact.body["subject"]
    if not subject.startswith(TEAM):
        return subject
    along, head = subject.removeprefix(TEAM).split(":", 1)
    payee_id = names.payee(head)
    if payee_id is None:
        told.append(unknown_name(fact, "payee", head))
        return None
    return f"{TEAM}{along}:{payee_id}"
