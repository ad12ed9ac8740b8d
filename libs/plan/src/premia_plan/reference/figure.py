"""Figures: exact values with the node that explains each."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import round_units
from premia_plan.language import FactMissing, Formula, NumberTooLarge
from premia_plan.quantities import Unit
from premia_plan.reasons import because, unknown_value
from premia_plan.reference.book import Book
from premia_plan.reference.refusal import NotCalculated
from premia_plan.reference.scope import FigureScope
from premia_plan.results import Detail

NO_DIVISOR = "a divisor other than zero"

AMOUNT = "amount"
"""What a formula over an amount calls it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """An exact value and the node that explains it."""

    value: Fraction
    node_id: UUID


def number_from(formula: Formula, scope: FigureScope) -> Fraction:
    """Return what a formula gives, exactly.

    Raises:
        NotCalculated: if something it needs is unknown or missing.
    """
    try:
        value = formula.evaluate(scope)
    except FactMissing as error:
        raise _unknown(error.name, formula.text) from None
    except NumberTooLarge:
        reason = because("number_too_large", formula=formula.text)
        raise NotCalculated(reason, "Correct the fact that makes the number so large") from None
    if not isinstance(value, Fraction):
        raise _unknown(formula.text)
    return value


def holds(formula: Formula, scope: FigureScope) -> bool:
    """Say whether a condition holds.

    Raises:
        NotCalculated: if something it calculates with is unknown or missing.
    """
    try:
        return bool(formula.evaluate(scope))
    except FactMissing as error:
        raise _unknown(error.name, formula.text) from None


def _unknown(name: str, formula: str = "") -> NotCalculated:
    if name == NO_DIVISOR:
        return NotCalculated(
            because("divisor_zero", formula=formula), "State what the result is where it is zero"
        )
    return NotCalculated(unknown_value(name), "Send the order again with it")


def input_nodes(formula: Formula, scope: FigureScope, book: Book) -> tuple[UUID, ...]:
    """Return the nodes of what a formula that has a value reads, in the order of its inputs."""
    return tuple([input_node(name, formula, scope, book) for name in formula.inputs])


def input_node(name: str, formula: Formula, scope: FigureScope, book: Book) -> UUID:
    """Return the node of one input of a formula that has a value.

    An input that cannot be worked out stands on a side that was not chosen, or the formula would
    have none: its node says that it was not asked for.
    """
    try:
        return scope.node(name)
    except NotCalculated:
        return not_asked(name, formula.path, book)


def not_asked(name: str, path: str, book: Book) -> UUID:
    """Return the leaf of a value that a clause names and did not need; its value is unknown."""
    return book.node(
        "not asked",
        path,
        name,
        kind="not_asked",
        value="",
        unit=Unit.TEXT.value,
        detail={"clause": path, "name": name},
    )


def figure_of(
    formula: Formula,
    scope: FigureScope,
    book: Book,
    *,
    key: tuple[str, ...],
    kind: str,
    unit: Unit,
    rounding: int | None = None,
    payee_id: str | None = None,
) -> Figure:
    """Work a formula out and write its node, with a child for every input.

    Where nothing is rounded and the formula only names a value, that value's node is the figure's.

    Args:
        formula: what to work out.
        scope: where its names are looked up.
        book: what the node is written into.
        key: the key of the node's id.
        kind: the node's kind, which chooses its phrase.
        unit: the node's unit.
        rounding: to how many decimals the value is rounded, half away from zero; exact if None.
        payee_id: whom the node is about.

    Raises:
        NotCalculated: if something the formula needs is unknown or missing.
    """
    value = number_from(formula, scope)
    if rounding is not None:
        value = Fraction(round_units(value, rounding), 10**rounding)
    node_id = node_of(
        formula,
        scope,
        book,
        value,
        key=key,
        kind=kind,
        unit=unit,
        rounding=rounding,
        payee_id=payee_id,
    )
    return Figure(value, node_id)


def node_of(
    formula: Formula,
    scope: FigureScope,
    book: Book,
    value: Fraction,
    *,
    key: tuple[str, ...],
    kind: str,
    unit: Unit,
    rounding: int | None = None,
    payee_id: str | None = None,
) -> UUID:
    """Write the node of a formula whose value is known, for figures explained only when needed.

    The arguments are those of `figure_of`; `value` is rounded already where it is.
    """
    if rounding is None and formula.is_bare_name:
        return scope.node(formula.names[0])
    exact = book.text(value, unit) if rounding is None else book.rounded_text(value, rounding)
    return book.node(
        *key,
        kind=kind,
        value=exact,
        unit=unit.value,
        operation="formula",
        payee_id=payee_id,
        detail=_detail(formula, rounding, book),
        children=input_nodes(formula, scope, book),
    )


def formula_detail(formula: Formula) -> dict[str, Detail]:
    """Return what a node of a formula says besides its value."""
    detail: dict[str, Detail] = {
        "clause": formula.path,
        "formula": formula.text,
        "inputs": formula.inputs,
    }
    if formula.said is not None:
        detail["said"] = {"en": formula.said.en, "it": formula.said.it}
    return detail


def _detail(formula: Formula, rounding: int | None, book: Book) -> Mapping[str, Detail]:
    key = (formula.path, formula.text, rounding)
    found = book.details.get(key)
    if found is None:
        detail = formula_detail(formula)
        if rounding is not None:
            detail |= {"rounding": "half_up", "places": rounding}
        found = book.details[key] = detail
    return found


def free_name(*formulas: Formula) -> str:
    """Return a name for the amount that no formula uses."""
    taken = {name for formula in formulas for name in formula.inputs}
    name = AMOUNT
    while name in taken:
        name += "_"
    return name
