"""The worked examples of a plan, run: each must pay exactly what it says and nothing else."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from premia_common.money import minor_digits
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan, Example
from premia_plan.explain import NodeLookup, words
from premia_plan.reference import PAID, Calculation, Line, calculate

Place = tuple[str, str, str]
"""Payee, month, component."""


@dataclass(frozen=True, slots=True)
class Difference:
    """An amount an example expects and the calculation does not give, or the other way round."""

    payee: str
    month: str
    component: str
    expected: Decimal
    got: Decimal
    explanation: str


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
    result = calculate(plan, example.relations, until=Month.parse(example.until))
    lookup = {node.node_id: node for node in result.nodes}
    lines: dict[Place, list[Line]] = defaultdict(list)
    for line in result.lines:
        if line.what in PAID and line.month is not None:
            lines[line.payee_id or "", line.month, line.component].append(line)
    zero = Decimal(0).scaleb(-minor_digits(plan.currency))
    differences = []
    for place in sorted({*lines, *example.expected}):
        got = sum((line.amount for line in lines.get(place, ())), zero)
        expected = example.expected.get(place, zero)
        if got != expected:
            explanation = _explain(lines.get(place, []), lookup)
            differences.append(Difference(*place, expected, got, explanation))
    exceptions = _unexpected(result, example)
    return ExampleResult(
        example.name, not differences and not exceptions, tuple(differences), exceptions
    )


def _unexpected(result: Calculation, example: Example) -> tuple[str, ...]:
    raised = {item.code for item in result.exceptions}
    sentences = [
        f"{item.message}. {item.what_to_do}."
        for item in result.exceptions
        if item.blocks and item.code not in example.exceptions
    ]
    sentences += [
        f"The exception {code} was expected and not raised."
        for code in sorted(example.exceptions - raised)
    ]
    return tuple(sentences)


def _explain(lines: list[Line], lookup: NodeLookup) -> str:
    if not lines:
        return "nothing is paid there"
    return "; ".join(words(lookup[line.node_id], lookup, "en") for line in lines)
