"""What an example expects besides amounts and a result does not give."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from premia_common.money import minor_digits, round_half_up
from premia_plan.checked import CheckedPlan, Example, ExpectedLine
from premia_plan.explain import NodeLookup, outline, words
from premia_plan.quantities import exact_text
from premia_plan.rates import Rate, rates_of
from premia_plan.results import Calculation, Line

NOTHING = "nothing is paid there"


@dataclass(frozen=True, slots=True)
class Difference:
    """What an example expects and the calculation does not give, or the other way round.

    `component` is `pay` for what is due for the month, the account that stands otherwise, or
    says which rate, band or line it is. A percentage is given as it is written: 3 % is 3.
    `place` is where in the example an amount is written that the calculation can replace; a rate,
    a band or a line has none, since a person decides about these.
    """

    payee: str
    month: str
    component: str
    expected: Decimal
    got: Decimal
    explanation: str
    place: tuple[str, ...] = ()
    outline: tuple[str, ...] = ()
    """The explanation as lines: each figure above those that it follows from."""


class Told(NamedTuple):
    """How an amount came about, as one paragraph and as lines."""

    words: str
    outline: tuple[str, ...]


def tell(nodes: Iterable[UUID], lookup: NodeLookup, otherwise: str = NOTHING) -> Told:
    """Tell how some amounts came about; where there are none, say so."""
    found = [lookup[node_id] for node_id in nodes]
    if not found:
        return Told(otherwise, (otherwise,))
    return Told(
        "; ".join(words(node, lookup, "en") for node in found),
        tuple(line for node in found for line in outline(node, lookup, "en")),
    )


def unmet(
    plan: CheckedPlan, example: Example, result: Calculation, lookup: NodeLookup
) -> Iterator[Difference]:
    """Give the rates, bands, held amounts and lines that are otherwise than an example says."""
    if example.rates or example.bands:
        yield from _rates(example, _by_place(rates_of(result.lines, lookup)), lookup)
    if example.held is not None:
        waiting = [line for line in result.lines if line.what == "held"]
        yield from _lines(plan, example.held, waiting, lookup)
        yield from _not_named(plan, example.held, waiting, lookup)
    yield from _lines(plan, example.lines, result.lines, lookup)


def _by_place(rates: Iterable[Rate]) -> Mapping[tuple[str, str, str], Rate]:
    """Return the rates by payee, period or credit, and component: each as it first was."""
    found: dict[tuple[str, str, str], Rate] = {}
    for rate in sorted(rates, key=lambda each: (each.month == "", each.month)):
        for place in _places(rate):
            found.setdefault((rate.payee_id or "", place, rate.component), rate)
    return found


def _places(rate: Rate) -> Iterator[str]:
    """Give the period; or the credit's id, and its order's, where one names the other."""
    if rate.period is not None:
        yield rate.period
    elif rate.credit_id is not None:
        yield rate.credit_id
        yield rate.credit_id.rpartition("/")[0]


def _rates(
    example: Example, rates: Mapping[tuple[str, str, str], Rate], lookup: NodeLookup
) -> Iterator[Difference]:
    for key, expected in sorted(example.rates.items()):
        payee, place, component = key
        rate = rates.get(key)
        ratio = Fraction(rate.ratio) if rate is not None and rate.ratio is not None else None
        got = _rounded(ratio * expected.scale if ratio is not None else None, expected.value)
        if got != expected.value:
            told = tell([] if rate is None else [rate.node_id], lookup)
            where = f"rate of {component}"
            yield Difference(payee, place, where, expected.value, got, told.words, (), told.outline)
    for key, bands in sorted(example.bands.items()):
        yield from _bands(key, bands, rates.get(key), lookup)


def _bands(
    key: tuple[str, str, str],
    expected: Mapping[Fraction, Decimal],
    rate: Rate | None,
    lookup: NodeLookup,
) -> Iterator[Difference]:
    payee, place, component = key
    parts = {} if rate is None else {Fraction(part.starts): part for part in rate.parts}
    for starts in sorted({*parts, *expected}):
        part = parts.get(starts)
        wanted = expected.get(starts, Decimal("0.00"))
        got = _rounded(None if part is None else Fraction(part.amount), wanted)
        if got != wanted:
            told = tell([] if part is None else [part.node_id], lookup)
            where = f"{component} in the band from {exact_text(starts)}"
            yield Difference(payee, place, where, wanted, got, told.words, (), told.outline)


def _rounded(value: Fraction | None, like: Decimal) -> Decimal:
    """Return a value with the decimals of another one; zero where there is none."""
    exponent = like.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    if value is None:
        return Decimal(0).scaleb(-max(places, 0))
    return round_half_up(Decimal(value.numerator) / Decimal(value.denominator), max(places, 0))


def _lines(
    plan: CheckedPlan,
    expected: Sequence[ExpectedLine],
    lines: Sequence[Line],
    lookup: NodeLookup,
) -> Iterator[Difference]:
    """Give the expected lines of which there is none with the amount."""
    for wanted in expected:
        fitting = [line for line in lines if _fits(line, wanted)]
        if not any(line.amount == wanted.amount for line in fitting):
            got = sum((line.amount for line in fitting), Decimal(0).scaleb(-_places_of(plan)))
            told = tell((line.node_id for line in fitting), lookup, "there is no such line")
            yield Difference(
                wanted.columns["payee_id"],
                wanted.columns.get("month", ""),
                f"line of {_told(wanted)}",
                wanted.amount,
                got,
                told.words,
                outline=told.outline,
            )


def _not_named(
    plan: CheckedPlan,
    expected: Sequence[ExpectedLine],
    lines: Sequence[Line],
    lookup: NodeLookup,
) -> Iterator[Difference]:
    """Give the lines that none of the expected ones describes."""
    for line in lines:
        if line.amount and not any(
            _fits(line, wanted) and line.amount == wanted.amount for wanted in expected
        ):
            told = tell([line.node_id], lookup)
            yield Difference(
                line.payee_id or "",
                "",
                f"{line.component}, {line.what}",
                Decimal(0).scaleb(-_places_of(plan)),
                line.amount,
                told.words,
                outline=told.outline,
            )


def _fits(line: Line, wanted: ExpectedLine) -> bool:
    return all(str(getattr(line, column)) == value for column, value in wanted.columns.items())


def _told(wanted: ExpectedLine) -> str:
    return ", ".join(value for name, value in wanted.columns.items() if name != "payee_id")


def _places_of(plan: CheckedPlan) -> int:
    return minor_digits(plan.currency)
