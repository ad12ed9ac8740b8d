"""What there is to say about one formula: whether it holds together, and what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from premia_plan.checking import check_plan
from premia_plan.checking.scopes import SCOPES, common_scopes
from premia_plan.document import PlanDocument
from premia_plan.language import (
    FactMissing,
    Formula,
    FormulaRefused,
    Names,
    NumberTooLarge,
    Value,
    read_formula,
)
from premia_plan.language.syntax import Reached, inputs_of, key_of
from premia_plan.language.units import unit_of
from premia_plan.language.words import Words, example_of
from premia_plan.quantities import NotAQuantity, Unit, parse_day, quantity

_PLANS_KEPT = 64


class ScopeUnknown(Exception):
    """Raised when a formula is to stand where formulas of the plan never stand."""

    def __init__(self, scope: str, known: tuple[str, ...]) -> None:
        self.errors = [
            {"pointer": "/scope", "message": f"Known are: {', '.join(known)}", "value": scope}
        ]
        super().__init__(f"No formula stands in {scope!r}.  Name one of: {', '.join(known)}.")


class SampleValueUnreadable(Exception):
    """Raised when a value to try a formula with has not the unit of its name."""

    def __init__(self, name: str, value: str, unit: Unit, example: str) -> None:
        message = f"{name} is {unit}; write it like {example}"
        self.errors = [{"pointer": f"/values/{name}", "message": message, "value": value}]
        super().__init__(f"The value {value!r} does not fit {name}.  Write it like {example}.")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said about characters of a formula."""

    at: int
    until: int
    code: str
    message: Words
    hint: Words


@dataclass(frozen=True, slots=True)
class FormulaReport:
    """All there is to say about a formula.

    `result` is what it gives for the values given; `unanswered` says why there is none.
    """

    formula: Formula | None
    errors: tuple[Remark, ...] = ()
    result: Value | None = None
    unanswered: Remark | None = None


@lru_cache(maxsize=_PLANS_KEPT)
def scopes_of_document(canonical: bytes) -> Mapping[str, Names]:
    """Return the names of each scope of a plan, as far as its document can be read."""
    scopes = check_plan(PlanDocument.from_canonical(canonical)).scopes
    return scopes or scopes_of_no_plan("EUR")


@lru_cache(maxsize=_PLANS_KEPT)
def scopes_of_no_plan(currency: str) -> Mapping[str, Names]:
    """Return the names of each scope that every plan has."""
    return common_scopes(currency)


def names_in_scope(scopes: Mapping[str, Names], scope: str) -> Names:
    """Return the names of one scope.

    Raises:
        ScopeUnknown: if there is no such scope.
    """
    if scope not in scopes:
        raise ScopeUnknown(scope, tuple(scopes) or SCOPES)
    return scopes[scope]


def check_formula(
    text: str, names: Names, samples: Mapping[str, str | bool] | None = None
) -> FormulaReport:
    """Check a formula and, with sample values, work it out; a value that it does not use is left.

    Raises:
        SampleValueUnreadable: if a value has not the unit of its name.
    """
    try:
        formula = read_formula(text, "", names)
    except FormulaRefused as error:
        remark = Remark(error.at, error.until, error.code, error.message, error.hint)
        return FormulaReport(None, (remark,))
    if samples is None:
        return FormulaReport(formula)
    values = _values(formula, names, samples)
    try:
        result = formula.evaluate_inputs(values)
    except FactMissing as error:
        return FormulaReport(formula, unanswered=_missing(text, error.name))
    except NumberTooLarge:
        return FormulaReport(formula, unanswered=_too_large(text))
    if result is None:
        missing = next((name for name in formula.inputs if name not in values), text)
        return FormulaReport(formula, unanswered=_missing(text, missing))
    return FormulaReport(formula, result=result)


def _values(formula: Formula, names: Names, samples: Mapping[str, str | bool]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for node in inputs_of(formula.expression):
        key = key_of(node)
        if key in samples:
            unit = Unit.BOOL if isinstance(node, Reached) else unit_of(node, names)
            values[key] = _value(key, samples[key], unit, names)
    return values


def _value(name: str, sample: str | bool, unit: Unit, names: Names) -> Value:
    try:
        return _read(sample, unit, names)
    except ValueError:
        example = example_of(unit, names.currency)
        raise SampleValueUnreadable(name, str(sample), unit, example) from None


def _read(sample: str | bool, unit: Unit, names: Names) -> Value:
    """Read a sample as a value of a unit.

    Raises:
        ValueError: if it is none.
    """
    if unit is Unit.BOOL:
        if isinstance(sample, bool):
            return sample
        return parse_day(sample) is not None
    if isinstance(sample, bool):
        raise NotAQuantity(str(sample))
    if unit is Unit.TEXT:
        return sample
    if unit is Unit.DATE:
        return parse_day(sample)
    found = quantity(sample, names.quantities)
    if found.unit not in {unit, Unit.COUNT} or found.currency not in {None, names.currency}:
        raise NotAQuantity(sample)
    return found.value


def _missing(text: str, name: str) -> Remark:
    return Remark(
        0,
        len(text),
        "fact.missing",
        Words(f"{name} is unknown", f"{name} non è noto"),
        Words(
            f"Give a value for {name}, or ask first with is known or otherwise",
            f"Dare un valore a {name}, o prevedere il caso con is known o otherwise",
        ),
    )


def _too_large(text: str) -> Remark:
    return Remark(
        0,
        len(text),
        "number.too_large",
        Words(
            "a number or date grows beyond what plans calculate with",
            "un numero o una data supera ciò con cui i piani calcolano",
        ),
        Words("Use smaller powers and products", "Usare potenze e prodotti più piccoli"),
    )
