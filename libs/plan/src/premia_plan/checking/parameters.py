"""Parameters of a plan: read, checked, and put where their names stand for numbers."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from fractions import Fraction
from typing import Final

from jsonschema import Draft202012Validator, ValidationError

from premia_plan.checked.parameters import PlanParameter
from premia_plan.checking.clause import Clause
from premia_plan.document import Content, PlanDocument
from premia_plan.language import FormulaRefused, Names, Words, read_formula
from premia_plan.language.syntax import Literal, Minus
from premia_plan.quantities import Unit
from premia_plan.schema import schema_of_values

_VALIDATOR = Draft202012Validator(schema_of_values())
_APART: Final = frozenset({"examples", "parameters"})
_NAMING: Final = (
    "tables",
    "measures",
    "targets",
    "attainments",
    "ranks",
    "pools",
    "components",
    "populations",
    "credits",
)


def values_of(document: PlanDocument) -> Mapping[str, str]:
    """Return the value of each parameter as written, as far as the document says it."""
    declared = document.content.get("parameters")
    found = declared.items() if isinstance(declared, dict) else ()
    values: dict[str, str] = {}
    for name, item in found:
        value = item.get("value") if isinstance(item, dict) else None
        if isinstance(value, str):
            values[name] = value
    return values


def with_values(document: PlanDocument, values: Mapping[str, str]) -> PlanDocument:
    """Return the document with the values of parameters wherever only a number can stand.

    Examples are left as they are: what they give and expect is written out.
    """
    if not values:
        return document
    content: dict[str, Content] = deepcopy(dict(document.content))
    for error in _VALIDATOR.iter_errors(content):
        for mistake in _all(error):
            written, steps = mistake.instance, list(mistake.absolute_path)
            value = values.get(written) if isinstance(written, str) else None
            if mistake.validator == "pattern" and value is not None and steps[0] not in _APART:
                _put(content, steps, value)
    return PlanDocument(content, document.places)


def _all(error: ValidationError) -> Iterator[ValidationError]:
    yield error
    for inner in error.context or ():
        yield from _all(inner)


def _put(content: Content, steps: list[str | int], value: str) -> None:
    for step in steps[:-1]:
        content = content[step]  # type: ignore[index]  # the validator went there
    content[steps[-1]] = value  # type: ignore[index]


def read_parameters(plan: Clause) -> dict[str, PlanParameter]:
    """Read the parameters.

    Raises:
        ClauseRefused: after noting a value outside its range, or of another unit than it.
    """
    declared = plan.optional("parameters")
    found: dict[str, PlanParameter] = {}
    for name, clause in ({} if declared is None else declared.parts()).items():
        with plan.report.section():
            found[name] = _read(name, clause, plan)
    return found


def _read(name: str, clause: Clause, plan: Clause) -> PlanParameter:
    for section in _NAMING:
        others = plan.optional(section)
        if others is not None and name in others.mapping:
            message = Words(
                f"{name} is also the name of one of the {section}",
                f"{name} è già il nome di qualcosa in {section}",
            )
            raise clause.refuse(
                "parameter.taken",
                message,
                Words("Give the parameter another name", "Dai al parametro un altro nome"),
            )
    written = clause.part("value")
    value = _literal(written)
    limits = clause.optional("range")
    least = most = None
    if limits is not None:
        least, most = limits.part("from"), limits.part("to")
        _check_range(written, value, _literal(least), _literal(most))
    return PlanParameter(
        name,
        written.text,
        value.unit,
        None if least is None else least.text,
        None if most is None else most.text,
        _words(clause.optional("label")),
        _words(clause.optional("description")),
        clause.path,
    )


def _words(clause: Clause | None) -> Mapping[str, str]:
    return {} if clause is None else {key: part.text for key, part in clause.parts().items()}


def _literal(clause: Clause) -> Literal:
    """Return a written value, the sign of a negative one included."""
    text = clause.text.strip()
    currency = clause.report.words.currency if clause.report.words is not None else None
    quantities = clause.report.words.quantities if clause.report.words is not None else frozenset()
    names = Names({}, currency=currency, quantities=quantities)
    try:
        expression = read_formula(text, clause.path, names).expression
    except FormulaRefused as error:
        raise clause.refuse(error.code, error.problems, error.hint) from None
    if isinstance(expression, Minus) and isinstance(expression.value, Literal):
        inner = expression.value
        if isinstance(inner.value, Fraction):
            return Literal(-inner.value, inner.unit, inner.currency)
    if not isinstance(expression, Literal):
        hint = Words(
            'Write one value: 3 %, 12 EUR, 2026-03-31 or "gas"',
            'Scrivi un solo valore: 3 %, 12 EUR, 2026-03-31 o "gas"',
        )
        raise clause.refuse(
            "value.pattern", Words(f"{text!r} is not a value", f"{text!r} non è un valore"), hint
        )
    return expression


def _check_range(clause: Clause, value: Literal, least: Literal, most: Literal) -> None:
    kinds = {(item.unit, item.currency) for item in (value, least, most)}
    if len(kinds) > 1 or value.unit is Unit.TEXT:
        message = Words(
            "the value and the bounds of its range are not of one unit",
            "il valore e i limiti del suo intervallo non hanno la stessa unità",
        )
        raise clause.refuse(
            "parameter.unit",
            message,
            Words("Write all three like the value", "Scrivi tutti e tre come il valore"),
        )
    if not _number(least) <= _number(value) <= _number(most):
        message = Words(
            f"{clause.text} is outside the range of the parameter",
            f"{clause.text} è fuori dall'intervallo del parametro",
        )
        raise clause.refuse(
            "parameter.range",
            message,
            Words(
                "Choose a value inside, or widen the range",
                "Scegli un valore compreso, o allarga l'intervallo",
            ),
        )


def _number(literal: Literal) -> Fraction:
    value = literal.value
    if isinstance(value, date):
        return Fraction(value.toordinal())
    if isinstance(value, Fraction):
        return value
    raise TypeError(f"{value!r} has no order")
