"""Payees as plans read them: what they are, and what was true of them for some days."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from calc_engine.domain.dated import Validity
from calc_engine.domain.fact import Fact
from calc_engine.domain.order_attributes import attribute_value
from premia_plan.quantities import Unit
from premia_plan.relations import PayeeRow

_UNITS: Mapping[str, Unit] = {
    "money": Unit.MONEY,
    "percent": Unit.RATE,
    "count": Unit.COUNT,
    "text": Unit.TEXT,
    "bool": Unit.BOOL,
    "date": Unit.DATE,
}


def payee_rows(facts: Iterable[Fact]) -> Iterator[PayeeRow]:
    """Give a row of each payee's own attributes, and one of each dated attribute."""
    for fact in facts:
        body, valid = fact.body, Validity.of(fact.body)
        payee_id = body["payee_id"]
        yield PayeeRow(
            payee_id, valid.start, valid.end, {**body["attributes"], "kind": body["kind"]}
        )
        for dated in body.get("dated_attributes", ()):
            yield from _dated(payee_id, dated)


def _dated(payee_id: str, dated: Mapping[str, Any]) -> Iterator[PayeeRow]:
    value = attribute_value(dated["value"], _UNITS[dated["type"]])
    if value is not None:
        until = dated.get("valid_to")
        yield PayeeRow(
            payee_id,
            date.fromisoformat(dated["valid_from"]),
            None if until is None else date.fromisoformat(until),
            {dated["name"]: value},
        )
