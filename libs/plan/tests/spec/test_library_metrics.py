"""The ready metrics and rules of the library, each added to a plain plan and recalculated."""

from dataclasses import replace

import pytest

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import run_examples
from premia_plan.explain import check_tree
from premia_plan.library import (
    MetricNotFound,
    ParameterNotAcceptable,
    library_plan,
    metric,
    metric_ids,
)
from premia_plan.reference import calculate
from premia_plan.rewriting import EntryTaken


def plan_of(text: str) -> CheckedPlan:
    check = check_plan(parse_plan(text))
    assert check.findings == ()
    assert check.plan is not None
    return check.plan


def test_there_are_at_least_forty_of_several_kinds() -> None:
    kinds = {metric(name).kind for name in metric_ids()}

    assert len(metric_ids()) >= 40
    assert {"component", "measure", "kpi", "sla", "gate", "step", "storno", "curve"} <= kinds
    assert {"table", "scorecard", "rule"} <= kinds


@pytest.mark.parametrize("name", metric_ids())
def test_the_worked_example_of_a_metric_comes_out(name: str) -> None:
    plan = plan_of(metric(name).worked_plan())

    results = run_examples(plan)

    assert len(results) >= 1
    assert [(one.name, one.differences, one.exceptions) for one in results if not one.passed] == []
    for example in plan.examples:
        result = calculate(plan, example.relations, until=Month.parse(example.until))
        lookup = {node.node_id: node for node in result.nodes}
        assert [found for node in result.nodes for found in check_tree(node, lookup)] == []


@pytest.mark.parametrize("name", metric_ids())
def test_without_the_metric_its_worked_example_does_not_come_out(name: str) -> None:
    without = replace(metric(name), adds={}).worked_plan()

    check = check_plan(parse_plan(without))

    if check.plan is not None and not check.findings:
        assert not all(one.passed for one in run_examples(check.plan))


@pytest.mark.parametrize("name", metric_ids())
def test_a_metric_checks_at_both_ends_of_every_range(name: str) -> None:
    ready = metric(name)
    least = {key: item.least for key, item in ready.parameters.items() if item.least is not None}
    most = {key: item.most for key, item in ready.parameters.items() if item.most is not None}

    for given in (least, most):
        plan_of(ready.worked_plan(given))


@pytest.mark.parametrize("name", metric_ids())
def test_a_metric_says_what_it_is_in_both_languages(name: str) -> None:
    ready = metric(name)

    said = [ready.label, ready.description, *(item.label for item in ready.parameters.values())]
    assert all(one.en and one.it for one in said)
    assert ready.description.en != ready.description.it


def test_a_metric_added_to_a_plan_keeps_its_comments_and_joins_its_storno() -> None:
    before = library_plan("agency-energy")

    after = metric("fixed-token").added_to(before, name="welcome", given={"amount": "12 EUR"})

    plan = plan_of(after)
    assert plan.components["welcome"].path == "/components/welcome"
    assert after.count("#") == before.count("#")
    assert "    welcome: {takes: 100 %, out_of: released, unreleased: dropped}" in after
    added = iter(after.splitlines())
    assert all(line in added for line in before.splitlines()), "a line was changed or moved"
    assert len(after.splitlines()) == len(before.splitlines()) + 6


def test_a_plan_without_a_storno_gets_no_part_of_one() -> None:
    assert "storno" not in metric("fixed-token").worked_plan()


def test_a_name_that_the_plan_has_already_is_refused() -> None:
    with pytest.raises(EntryTaken, match="choose another name"):
        metric("fixed-token").added_to(library_plan("agency-energy"), name="base", given={})


def test_a_value_outside_its_range_and_a_strange_name_are_refused() -> None:
    plan = library_plan("agency-energy")
    with pytest.raises(ParameterNotAcceptable, match="is not from 0 EUR to 1 000 EUR"):
        metric("fixed-token").added_to(plan, name="welcome", given={"amount": "1 001 EUR"})
    with pytest.raises(ParameterNotAcceptable, match="no name of a part of the plan"):
        metric("fixed-token").added_to(plan, name="Welcome!", given={})


def test_a_metric_that_is_not_there_is_refused() -> None:
    with pytest.raises(MetricNotFound, match="list them to choose one"):
        metric("flat-tax")
