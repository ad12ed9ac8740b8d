"""The worked examples of a plan, run: each must pay exactly what it says and nothing else."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from premia_common.money import minor_digits
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan, Example
from premia_plan.explain import NodeLookup
from premia_plan.paying import Pay, pay
from premia_plan.reference import PAID, Calculation, Line, calculate
from premia_plan.results import Exception_
from premia_plan.stating import Stated, StatedAmount, state
from premia_plan.unmet import Difference, tell, unmet

__all__ = ["Difference", "ExampleResult", "run_examples"]

Place = tuple[str, str, str]
"""Payee, month, component."""


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """How an example came out; `exceptions` are sentences nobody expected, or missed ones."""

    name: str
    passed: bool
    differences: tuple[Difference, ...]
    exceptions: tuple[str, ...]


def run_examples(plan: CheckedPlan) -> tuple[ExampleResult, ...]:
    """Calculate every example and compare; what an example does not name must be zero.

    An exception that would keep a statement from approval fails the example, unless the
    example lists its code under `exceptions`.
    """
    return tuple(_run(plan, example) for example in plan.examples)


def _run(plan: CheckedPlan, example: Example) -> ExampleResult:
    until = Month.parse(example.until)
    result = calculate(plan, example.relations, until=until)
    paid = pay(plan, example.relations, result.lines, until=until)
    stated = state(plan, example.relations, result.lines, paid, until=until)
    nodes = (*result.nodes, *paid.nodes, *stated.nodes)
    lookup = {node.node_id: node for node in nodes}
    differences = [
        *_earned_otherwise(plan, example, result, lookup),
        *_paid_otherwise(plan, example, paid, lookup),
        *_stated_otherwise(example, stated, lookup),
        *_stands_otherwise(plan, example, paid, lookup),
        *unmet(plan, example, result, lookup),
    ]
    exceptions = _unexpected((*result.exceptions, *paid.exceptions, *stated.exceptions), example)
    return ExampleResult(
        example.name, not differences and not exceptions, tuple(differences), exceptions
    )


def _zero(plan: CheckedPlan) -> Decimal:
    return Decimal(0).scaleb(-minor_digits(plan.currency))


def _earned_otherwise(
    plan: CheckedPlan, example: Example, result: Calculation, lookup: NodeLookup
) -> Iterator[Difference]:
    lines: dict[Place, list[Line]] = defaultdict(list)
    for line in result.lines:
        if line.what in PAID and line.month is not None:
            lines[line.payee_id or "", line.month, line.component].append(line)
    for place in sorted({*lines, *example.expected}):
        got = sum((line.amount for line in lines.get(place, ())), _zero(plan))
        expected = example.expected.get(place, _zero(plan))
        if got != expected:
            told = tell((line.node_id for line in lines.get(place, ())), lookup)
            where = ("expect", *place)
            yield Difference(*place, expected, got, told.words, where, told.outline)


def _paid_otherwise(
    plan: CheckedPlan, example: Example, paid: Pay, lookup: NodeLookup
) -> Iterator[Difference]:
    """Give what is due otherwise than the example says, where it says anything."""
    if example.pays is None:
        return
    due = {(item.payee_id, item.month): item for item in paid.balances}
    for place in sorted({*due, *example.pays}):
        found = due.get(place)
        got = _zero(plan) if found is None else found.paid
        expected = example.pays.get(place, _zero(plan))
        if got != expected:
            told = tell([] if found is None else [found.node_id], lookup)
            where = ("pays", *place)
            yield Difference(*place, "pay", expected, got, told.words, where, told.outline)


def _stated_otherwise(example: Example, stated: Stated, lookup: NodeLookup) -> Iterator[Difference]:
    """Give statements that come to something else than the example says, where it says it."""
    if example.statements is None:
        return
    found: dict[tuple[str, str], list[StatedAmount]] = defaultdict(list)
    for item in stated.amounts:
        found[item.payee_id, item.month].append(item)
    for place in sorted({*found, *example.statements}):
        own = found.get(place, [])
        expected, currency = example.statements.get(place, (Decimal(0), ""))
        wrong = [item for item in own if item.currency != currency]
        got = sum((item.amount for item in wrong or own), Decimal(0))
        if got != expected or wrong:
            told = tell((item.node_id for item in own), lookup)
            named = f"statement in {own[0].currency}" if wrong else "statement"
            where = ("statements", *place)
            yield Difference(*place, named, expected, got, told.words, where, told.outline)


def _stands_otherwise(
    plan: CheckedPlan, example: Example, paid: Pay, lookup: NodeLookup
) -> Iterator[Difference]:
    """Give the accounts that stand otherwise; one that did not move stands as it stood."""
    for (payee, month, name), expected in sorted(example.balances.items()):
        stood = [item for item in paid.balances if item.payee_id == payee and item.month <= month]
        found = stood[-1].accounts.get(name) if stood else None
        got = _zero(plan) if found is None else found.amount
        if got != expected:
            told = tell([] if found is None else [found.node_id], lookup)
            where = ("balances", payee, month, name)
            yield Difference(payee, month, name, expected, got, told.words, where, told.outline)


def _unexpected(found: Sequence[Exception_], example: Example) -> tuple[str, ...]:
    raised = {item.code for item in found}
    sentences = [
        f"{item.message}. {item.what_to_do}."
        for item in found
        if item.blocks and item.code not in example.exceptions
    ]
    sentences += [
        f"The exception {code} was expected and not raised."
        for code in sorted(example.exceptions - raised)
    ]
    return tuple(sentences)
