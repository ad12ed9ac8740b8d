"""Facts of a small world, drawn at random: most are plain, and all that can be odd occurs."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

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
    TreeRow,
)

START = date(2026, 1, 10)
PAYEES = ("A1", "A2", "M1", "Ü'x", "D1")
SUBJECTS = (*PAYEES, "plan", "team:sales:M1")
"""Whom targets are recorded of: payees, and what may be named like one of theirs."""

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
STATES = {"accepted": 30, "activated": 85, "first_bill_paid": 65, "cancelled": 25, "churned": 10}
TREES = (
    TreeRow("territory", "italia", None),
    TreeRow("territory", "nord", "italia"),
    TreeRow("territory", "milano", "nord"),
    TreeRow("category", "energy", None),
    TreeRow("category", "gas", "energy"),
    TreeRow("category", "power", "energy"),
)

Item = TypeVar("Item")


def worlds(currency: str = "EUR", most_orders: int = 25) -> st.SearchStrategy[Relations]:
    """Draw the facts of a few payees and up to some orders over some months."""
    numbers = st.integers(0, 2**32 - 1)
    return st.builds(
        lambda seed, orders: world(Random(seed), currency, orders),
        numbers,
        st.integers(1, most_orders),
    )


def world(random: Random, currency: str, orders: int) -> Relations:
    """Return a world; the same numbers give the same one."""
    drawn = _Draw(random)
    return Relations(
        payees=tuple(row for name in PAYEES for row in _payee(drawn, name)),
        orders=tuple(_order(drawn, number, currency) for number in range(orders)),
        edges=tuple(row for name in PAYEES for row in _edges(drawn, name)),
        trees=TREES,
        targets=tuple(
            TargetRow(
                name,
                "volume",
                month,
                drawn.one([Decimal(t) for t in ("900", "2000", "333.33")])
                if drawn.chance(95)
                else Decimal(0),
                source(f"target {name} {month} {again}"),
            )
            for name in SUBJECTS
            for month in MONTHS
            for again in range(drawn.times())
        ),
        measurements=tuple(
            MeasurementRow(
                name,
                "quality",
                month,
                Decimal(drawn.one(["0.95", "1", "0.5", "0.4999"])),
                source(f"kpi {name} {month} {again}"),
            )
            for name in PAYEES
            for month in MONTHS
            for again in range(drawn.times())
        ),
        assignments=tuple(row for name in PAYEES for row in _assignments(drawn, name)),
    )


class _Draw:
    """Chances, in percent."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent

    def one(self, items: Sequence[Item]) -> Item:
        return self._random.choice(items)

    def number(self, first: int, last: int) -> int:
        return self._random.randint(first, last)

    def times(self) -> int:
        """How often a row is there: once as a rule, sometimes not at all, sometimes twice."""
        return self.one([1] * 18 + [0, 2])

    def day(self) -> date:
        return START + timedelta(days=self.number(0, 80))

    def span(self) -> tuple[date | None, date | None]:
        """A half-open validity, as a rule without limit."""
        if self.chance(80):
            return None, None
        first, end = sorted((self.day(), self.day()))
        if self.chance(50) or first == end:
            return (first, None) if self.chance(50) else (None, end)
        return first, end


def source(key: str) -> SourceRef:
    return SourceRef("fact", key, None, f"fact {key}")


def _payee(draw: _Draw, name: str) -> list[PayeeRow]:
    kind = "agency" if draw.chance(92) else "installer"
    rows = [PayeeRow(name, *draw.span(), {"kind": kind, "channel": "field"})]
    if draw.chance(10):
        rows.append(PayeeRow(name, draw.day(), None, {"channel": "web"}))
    return rows


def _edges(draw: _Draw, name: str) -> list[EdgeRow]:
    above = {"A1": "M1", "A2": "M1", "M1": "D1", "Ü'x": "A1"}
    rows = []
    if name in above and draw.chance(90):
        rows.append(EdgeRow("sales", name, above[name], *draw.span()))
    if draw.chance(8):
        rows.append(EdgeRow("sales", name, draw.one(PAYEES), *draw.span()))
    return rows


def _assignments(draw: _Draw, name: str) -> list[AssignmentRow]:
    return [
        AssignmentRow(
            f"{name} {again}",
            f"mandate {name}",
            "P" if draw.chance(90) else "Q",
            name,
            *draw.span(),
            accepted=draw.chance(85),
        )
        for again in range(draw.times())
    ]


def _reference(draw: _Draw) -> PayeeRef | None:
    if draw.chance(90):
        return PayeeRef.known(draw.one(["A1", "A1", "A2", "M1", "Ü'x"]))
    return draw.one([None, PayeeRef.unknown("crm", "X-9"), PayeeRef.known("nobody")])


def _order(draw: _Draw, number: int, currency: str) -> OrderRow:
    signed = draw.day()
    order_id = draw.one([f"O{number}", f"crm/{number}", f"Ò'{number}"])
    units = draw.number(-90_000, 0) if draw.chance(8) else draw.number(0, 250_000)
    return OrderRow(
        order_id,
        f"record {order_id}",
        "P" if draw.chance(90) else "Q",
        signed,
        _reference(draw),
        _reference(draw) if draw.chance(40) else None,
        draw.one(["gas", "gas", "power", "energy", "wood", ""]),
        draw.one(["nord", "nord", "milano", "italia", "wien", ""]),
        Decimal(units).scaleb(-3 if draw.chance(5) else -2),
        currency if draw.chance(97) else "USD",
        _attributes(draw),
        (),
        tuple(_states(draw, order_id, signed)),
        draw.one([None, "principal", "customer"]),
        None,
        source(order_id),
        draw.one([1, 1, 2]),
    )


def _attributes(draw: _Draw) -> dict[str, Attribute]:
    attributes: dict[str, Attribute] = {}
    if draw.chance(93):
        attributes["kwp"] = draw.one([Decimal(3), Decimal("4.5"), Decimal("6.25"), "8"])
    if draw.chance(60):
        attributes["delivery"] = draw.day()
    if draw.chance(60):
        attributes["renewal"] = draw.chance(50)
    if draw.chance(3):
        attributes["kwp"] = "viele"
    if draw.chance(93):
        attributes["product"] = draw.one(["rooftop", "rooftop", "ground", "carport"])
    return attributes


def _states(draw: _Draw, order_id: str, signed: date) -> list[StateReached]:
    after = {"accepted": 3, "activated": 10, "first_bill_paid": 35, "cancelled": 40, "churned": 60}
    reached = []
    for name, likely in STATES.items():
        for again in range(2 if draw.chance(10) else 1):
            if draw.chance(likely):
                days = after[name] + draw.number(-12, 50)
                on = signed + timedelta(days=-days if draw.chance(6) else days)
                reached.append(StateReached(name, on, None, source(f"{order_id} {name} {again}")))
    return reached
