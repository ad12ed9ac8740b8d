"""Payees as plans read them: what they are, and what was true of them for some days."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from calc_engine.domain.dated import Validity
from calc_engine.domain.fact import Fact
from calc_engine.domain.order_attributes import attribute_value
from premia_plan.quantities import Unit
from premia_plan.relations import Attribute, PayeeRow, PositionRow

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
        for days, attributes in _dated(body):
            yield PayeeRow(payee_id, days.start, days.end, attributes)


def position_rows(facts: Iterable[Fact]) -> Iterator[PositionRow]:
    """Give a row of each holding of a position, and one of each attribute it had meanwhile."""
    for fact in facts:
        for holding in fact.body["holdings"]:
            held = Validity.of(holding)
            for days, attributes in [(held, {}), *_dated(fact.body)]:
                both = held.meet(days)
                if both is not None:
                    yield PositionRow(
                        holding["payee_id"], fact.body["code"], both.start, both.end, attributes
                    )


def _dated(body: Mapping[str, Any]) -> Iterator[tuple[Validity, Mapping[str, Attribute]]]:
    """Give the days on which each dated attribute holds, and its value."""
    for dated in body.get("dated_attributes", ()):
        value = attribute_value(dated["value"], _UNITS[dated["type"]])
        if value is not None:
            yield Validity.of(dated), {dated["name"]: value}
