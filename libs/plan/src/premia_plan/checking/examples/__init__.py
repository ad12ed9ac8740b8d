"""Worked examples read into the relations they stand for: one module per kind of row."""

from collections.abc import Mapping
from decimal import Decimal

from premia_common.money import minor_digits, round_half_up
from premia_plan.checked import Example
from premia_plan.checking.clause import Clause
from premia_plan.checking.examples.expected import (
    expected_bands,
    expected_lines,
    expected_rates,
)
from premia_plan.checking.examples.facts import facts
from premia_plan.checking.examples.measured import measurements, openings, paid_before, targets
from premia_plan.checking.examples.orders import orders, reversals
from premia_plan.checking.examples.payees import assignments, edges, payees, positions, trees
from premia_plan.checking.examples.paying import (
    adjustments,
    exchange_rates,
    expected_balances,
    expected_pay,
    expected_statements,
    holidays,
    leaves,
    loans,
    payee_caps,
)
from premia_plan.checking.examples.reader import ExampleNames, Reader
from premia_plan.checking.unknown import like_each_other, payee_not_given, unknown_component
from premia_plan.language import Words, suggested
from premia_plan.period import last_month, month_of
from premia_plan.quantities import Unit
from premia_plan.relations import Relations

__all__ = ["ExampleNames", "read_example"]


def read_example(clause: Clause, siblings: Mapping[str, Clause], names: ExampleNames) -> Example:
    """Read a worked example.

    Raises:
        ClauseRefused: after noting what keeps it from being run.
    """
    given = _inherit(clause, siblings)
    rows = given["payees"].entries() if "payees" in given else []
    reader = Reader(clause, given, names, frozenset(row.word("id") for row in rows))
    relations = Relations(
        payees=tuple(payees(reader)),
        positions=tuple(positions(reader)),
        orders=tuple(orders(reader)),
        facts=tuple(facts(reader)),
        reversals=tuple(reversals(reader)),
        edges=tuple(edges(reader)),
        trees=tuple(trees(reader)),
        targets=tuple(targets(reader)),
        measurements=tuple(measurements(reader)),
        openings=tuple(openings(reader)),
        paid_before=tuple(paid_before(reader)),
        assignments=tuple(assignments(reader)),
        adjustments=tuple(adjustments(reader)),
        loans=tuple(loans(reader)),
        payee_caps=tuple(payee_caps(reader)),
        leaves=tuple(leaves(reader)),
        holidays=tuple(holidays(reader)),
        exchange_rates=tuple(exchange_rates(reader)),
    )
    expected = _read_expected(clause.part("expect"), reader)
    pays = expected_pay(clause.optional("pays"), reader)
    statements = expected_statements(clause.optional("statements"), reader)
    balances = expected_balances(clause.optional("balances"), reader)
    wanted = clause.optional("exceptions")
    return Example(
        clause.word("name"),
        relations,
        expected,
        frozenset(entry.text for entry in wanted.entries()) if wanted is not None else frozenset(),
        max(
            [
                _last_month(relations, expected),
                *(key[1] for key in (*(pays or ()), *(statements or ()), *balances)),
            ]
        ),
        clause.path,
        pays,
        statements,
        balances,
        expected_rates(clause.optional("rates"), reader),
        expected_bands(clause.optional("bands"), reader),
        expected_lines(clause.optional("held"), reader),
        expected_lines(clause.optional("lines"), reader) or (),
    )


def _inherit(clause: Clause, siblings: Mapping[str, Clause]) -> dict[str, Clause]:
    """Return what is given, filled up from the example it is like."""
    given: dict[str, Clause] = {}
    passed = [clause.word("name")]
    current = clause.part("given")
    while True:
        for key, part in current.parts().items():
            given.setdefault(key, part)
        like = current.optional("like")
        if like is None:
            return given
        if like.text in passed:
            raise like.refuse("example.cyclic", *like_each_other(passed, like.text))
        if like.text not in siblings:
            hint = suggested(like.text, siblings)
            raise like.refuse(
                "name.unknown",
                Words(f"there is no example {like.text!r}", f"non c'è un esempio {like.text!r}"),
                hint,
            )
        passed.append(like.text)
        current = siblings[like.text].part("given")


def _read_expected(clause: Clause, reader: Reader) -> dict[tuple[str, str, str], Decimal]:
    expected: dict[tuple[str, str, str], Decimal] = {}
    places = minor_digits(reader.names.words.currency)
    for payee, months in clause.parts().items():
        if payee not in reader.payees:
            message, hint = payee_not_given(payee), suggested(payee, reader.payees)
            raise months.refuse("example.unknown_payee", message, hint)
        for month, components in months.parts().items():
            for name, amount in components.parts().items():
                if name not in reader.names.components:
                    hint = suggested(name, reader.names.components)
                    raise amount.refuse("name.unknown", unknown_component(name), hint)
                value = reader.decimal(amount, Unit.MONEY)
                expected[payee, month, name] = round_half_up(value, places)
    return expected


def _last_month(relations: Relations, expected: Mapping[tuple[str, str, str], Decimal]) -> str:
    days = [order.signed_on for order in relations.orders]
    days += [state.on for order in relations.orders for state in order.states]
    lines = [line for order in relations.orders for line in order.lines]
    days += [state.on for line in lines for state in line.states]
    days += [line.on for line in lines if line.on is not None]
    days += [row.on for row in relations.facts]
    days += [state.on for row in relations.facts for state in row.states]
    days += [row.on for row in relations.reversals]
    months = [month_of(day) for day in days]
    months += [month for _, month, _ in expected]
    months += [last_month(row.month) for row in relations.targets]
    return max(months, default="1970-01")
