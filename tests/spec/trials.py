"""Plans of the manual put to the test: checked, their examples run, what differs told in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import Content, PlanDocument
from premia_plan.examples import ExampleResult, run_examples
from premia_plan.finding import Finding
from premia_plan.linting import warning_name
from premia_plan.quantities import NotAQuantity, quantity

from .entries import Alternative, Entry
from .patches import changed


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a plan: its findings, the typed plan and how its examples came out."""

    findings: tuple[Finding, ...]
    plan: CheckedPlan | None
    results: tuple[ExampleResult, ...]

    def problems(self, accepted: Sequence[str] = ()) -> list[str]:
        """Return what keeps the plan from doing what it says, in words; accepted warnings do not."""
        told = [
            f"{finding.code}: {finding}"
            for finding in self.findings
            if finding.severity == "error" or warning_name(finding) not in accepted
        ]
        return told + [problem for result in self.results for problem in _problems(result)]


def _problems(result: ExampleResult) -> Iterator[str]:
    for item in result.differences:
        place = f"{item.payee} in {item.month}: {item.component}"
        yield (
            f"{result.name!r}, {place} pays {item.got}, not {item.expected} ({item.explanation})"
        )
    for sentence in result.exceptions:
        yield f"{result.name!r}: {sentence}"


def try_plan(document: PlanDocument) -> Trial:
    """Check a plan and, unless it is refused, run its examples."""
    check = check_plan(document)
    results = () if check.plan is None else run_examples(check.plan)
    return Trial(check.findings, check.plan, results)


@cache
def try_entry(entry: Entry) -> Trial:
    """Put an entry's own plan to the test."""
    return try_plan(entry.document)


def examples_of(content: Mapping[str, Content]) -> list[dict[str, Content]]:
    """Return the examples a document has, as written."""
    found = content.get("examples", [])
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def example_of(entry: Entry, alternative: Alternative) -> dict[str, Content]:
    """Return the example of the entry that an alternative speaks of.

    Raises:
        LookupError: if the entry has no such example.
    """
    examples = examples_of(entry.document.content)
    wanted = alternative.example
    try:
        return next(item for item in examples if wanted in {None, item.get("name")})
    except StopIteration:
        raise LookupError(f"{entry.name} has no example {wanted!r}") from None


@cache
def try_alternative(entry: Entry, alternative: Alternative) -> Trial:
    """Put the plan with the other choice to the test, on the one example it speaks of.

    That example expects what the alternative says; the results of others are left out.
    """
    example = example_of(entry, alternative)
    content = changed(dict(entry.document.content), alternative.changes)
    for item in examples_of(content):
        if item.get("name") == example["name"]:
            if alternative.pays is not None:
                item["expect"] = alternative.pays
            for told in ("balances", "pays", "statements", "rates", "bands", "held", "lines"):
                item.pop(told, None)
            if alternative.due is not None:
                item["pays"] = alternative.due
            if alternative.stated is not None:
                item["statements"] = alternative.stated
            item.pop("exceptions", None)
            if alternative.exceptions:
                item["exceptions"] = list(alternative.exceptions)
    trial = try_plan(PlanDocument(content))
    results = tuple(item for item in trial.results if item.name == example["name"])
    return Trial(trial.findings, trial.plan, results)


def expectation(expect: Content, due: "Content | None", stated: "Content | None" = None) -> Content:
    """Return what is earned, due and stated as one, the latter among the components of a month.

    >>> expectation({"A": {"2026-03": {"base": "9 EUR"}}}, {"A": {"2026-03": "8 EUR"}})
    {'A': {'2026-03': {'base': '9 EUR', 'due': '8 EUR'}}}
    """
    found = {
        payee: {month: dict(amounts) for month, amounts in months.items()}
        for payee, months in _mapping(expect).items()
    }
    for word, amounts in (("due", due), ("stated", stated)):
        for payee, months in _mapping(amounts or {}).items():
            for month, amount in _mapping(months).items():
                found.setdefault(payee, {}).setdefault(month, {})[word] = amount
    return cast("Content", found)


def written_pay(example: Mapping[str, Content]) -> Content:
    """Return what an example is written to earn and, where it says so, to be due and stated."""
    return expectation(example.get("expect", {}), example.get("pays"), example.get("statements"))


def chosen_pay(example: Mapping[str, Content], alternative: Alternative) -> Content:
    """Return what the example would earn, be due and have stated with another choice."""
    earned = example.get("expect", {}) if alternative.pays is None else alternative.pays
    return expectation(earned, alternative.due, alternative.stated)


def _mapping(content: Content) -> dict[str, Any]:
    return content if isinstance(content, dict) else {}


def same_pay(one: Content, other: Content) -> bool:
    """Say whether two expectations say the same, however their figures are written.

    >>> same_pay({"A": {"2026-03": {"base": "1.50 EUR"}}}, {"A": {"2026-03": {"base": "1.5 EUR"}}})
    True
    """
    return _plain(one) == _plain(other)


def _plain(content: Content) -> object:
    if isinstance(content, dict):
        parts = {key: _plain(value) for key, value in content.items()}
        return {key: part for key, part in parts.items() if part not in ({}, None)}
    if isinstance(content, list):
        return [_plain(item) for item in content]
    try:
        found = quantity(content)
    except NotAQuantity:
        return content
    return found if found.value else None
