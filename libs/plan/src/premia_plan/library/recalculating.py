"""The figures of worked examples written anew, for a plan whose numbers were changed on purpose."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import ExampleResult, run_examples
from premia_plan.finding import pointer
from premia_plan.rewriting import add_entries, replace_scalars


@dataclass(frozen=True, slots=True)
class Recalculated:
    """A plan's text with the new figures.

    `taken` are the examples that changed, with what they expected before and what they expect
    now; `left` those a person must decide about, with what is otherwise in them.
    """

    text: str
    taken: tuple[ExampleResult, ...] = ()
    left: tuple[ExampleResult, ...] = ()


def recalculated(text: str) -> Recalculated:
    """Return a plan's text whose examples expect what the plan pays now; the rest stays.

    Left as it is: a plan with errors, an example with an exception nobody expected, and rates,
    bands and lines that an example expects otherwise. Whoever takes the new figures over should
    read them.

    Raises:
        PlanUnreadable: if the text is not a plan that can be read.
        TextNotRewritable: if an amount cannot be written in the text's own style.
    """
    document = parse_plan(text)
    plan = check_plan(document).plan
    if plan is None:
        return Recalculated(text)
    results = run_examples(plan)
    changed = dict(_amounts(plan, results))
    there = {path: value for path, value in changed.items() if path in document.places}
    text = replace_scalars(text, there)
    for path, value in changed.items():
        if path not in there:
            above, _, name = path.rpartition("/")
            text = add_entries(text, above, f"{name}: {value}\n")
    return Recalculated(text, tuple(_taken(results)), tuple(_left(results)))


def _amounts(plan: CheckedPlan, results: Iterable[ExampleResult]) -> Iterator[tuple[str, str]]:
    for index, result in enumerate(results):
        if result.exceptions:
            continue
        for item in result.differences:
            if item.place:
                yield pointer("examples", index, *item.place), f"{item.got} {plan.currency}"


def _taken(results: Iterable[ExampleResult]) -> Iterator[ExampleResult]:
    for result in results:
        written = tuple(item for item in result.differences if item.place)
        if written and not result.exceptions:
            yield replace(result, differences=written)


def _left(results: Iterable[ExampleResult]) -> Iterator[ExampleResult]:
    for result in results:
        if result.exceptions:
            yield result
        elif others := tuple(item for item in result.differences if not item.place):
            yield replace(result, differences=others)
