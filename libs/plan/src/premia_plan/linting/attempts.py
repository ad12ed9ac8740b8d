"""Orders that no example has: those of the examples with another word that the plan names."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from premia_plan.checked import ANY, CheckedPlan, Example, RateTable
from premia_plan.language.syntax import Compared, In, Literal, Name
from premia_plan.linting.edges import expressions_of, formulas_of, rules_of
from premia_plan.linting.outcome import outcome
from premia_plan.relations import OrderRow
from premia_plan.unit import Unit

MAX_ORDERS = 200
"""So many orders are calculated in search; each attempt calculates all those of its example."""
_ORDER = "order."


def reaching(plan: CheckedPlan, wanted: frozenset[str]) -> Iterator[Example]:
    """Yield an example for each wanted component that some order made up is paid by.

    The example's name says what was changed in its first order.
    """
    left, calculated = set(wanted), 0
    for example in _attempts(plan):
        calculated += len(example.relations.orders)
        if not left or calculated > MAX_ORDERS:
            return
        shown = outcome(plan, example.relations, example.until).shown
        if shown & left:
            left -= shown
            yield example


def _attempts(plan: CheckedPlan) -> Iterator[Example]:
    words = _words(plan)
    for example in plan.examples:
        for row in example.relations.orders[:1]:
            for name, texts in words.items():
                for text in texts:
                    other = _with(row, name, text)
                    if other != row:
                        orders = (other, *example.relations.orders[1:])
                        yield replace(
                            example,
                            name=f'{example.name}, {name} = "{text}"',
                            relations=replace(example.relations, orders=orders),
                        )


def _words(plan: CheckedPlan) -> Mapping[str, tuple[str, ...]]:
    """Return the texts that conditions and tables of a plan compare values of an order with."""
    found: dict[str, dict[str, None]] = {}
    for name, text in (*_compared(plan), *_keys(plan)):
        if name.startswith(_ORDER):
            found.setdefault(name, {})[text] = None
    return {name: tuple(texts) for name, texts in found.items()}


def _compared(plan: CheckedPlan) -> Iterator[tuple[str, str]]:
    for formula in formulas_of(plan):
        for part in expressions_of(formula.expression):
            match part:
                case Compared(left=Name(path=name), right=Literal(value=str(text))):
                    yield name, text
                case Compared(left=Literal(value=str(text)), right=Name(path=name)):
                    yield name, text
                case In(value=Name(path=name), choices=words):
                    yield from ((name, word.value) for word in words if isinstance(word.value, str))


def _keys(plan: CheckedPlan) -> Iterator[tuple[str, str]]:
    for table in rules_of(plan):
        if isinstance(table, RateTable):
            for row in table.rows:
                for key, value in zip(table.keys, row.keys, strict=True):
                    is_text = key.value.unit is Unit.TEXT and key.value.is_bare_name
                    if is_text and isinstance(value, str) and value != ANY:
                        yield key.value.names[0], value


def _with(row: OrderRow, name: str, text: str) -> OrderRow:
    """Return an order with another value; the same one where it has none of that name."""
    match name.removeprefix(_ORDER):
        case "category":
            return replace(row, category=text)
        case "territory":
            return replace(row, territory=text)
        case attribute if isinstance(row.attributes.get(attribute), str):
            return replace(row, attributes={**row.attributes, attribute: text})
        case _:
            return row
