"""The figures of worked examples written anew, for a plan whose numbers were changed on purpose."""

from collections.abc import Iterable, Iterator

from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import Difference, ExampleResult, run_examples
from premia_plan.finding import pointer
from premia_plan.rewriting import add_entries, replace_scalars


def recalculated(text: str) -> str:
    """Return a plan's text whose examples expect what the plan pays now; the rest stays.

    A plan with errors is returned as it is, and so is an example with an exception nobody
    expected: a person decides about these.  Whoever takes the new figures over should read them.

    Raises:
        PlanUnreadable: if the text is not a plan that can be read.
        TextNotRewritable: if an amount cannot be written in the text's own style.
    """
    document = parse_plan(text)
    plan = check_plan(document).plan
    if plan is None:
        return text
    changed = dict(_amounts(plan, run_examples(plan)))
    there = {path: value for path, value in changed.items() if path in document.places}
    text = replace_scalars(text, there)
    for path, value in changed.items():
        if path not in there:
            above, _, name = path.rpartition("/")
            text = add_entries(text, above, f"{name}: {value}\n")
    return text


def _amounts(plan: CheckedPlan, results: Iterable[ExampleResult]) -> Iterator[tuple[str, str]]:
    for index, result in enumerate(results):
        if result.exceptions:
            continue
        for item in result.differences:
            place = pointer("examples", index, *_place(plan, item))
            yield place, f"{item.got} {plan.currency}"


def _place(plan: CheckedPlan, item: Difference) -> tuple[str, ...]:
    """Return where an example expects an amount: as earned, as paid, or on an account."""
    if item.component in plan.components:
        return "expect", item.payee, item.month, item.component
    if item.component == "pay":
        return "pays", item.payee, item.month
    return "balances", item.payee, item.month, item.component
