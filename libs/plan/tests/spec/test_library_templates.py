"""The templates of the library: complete plans whose numbers may be chosen."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.examples import run_examples
from premia_plan.explain import check_tree
from premia_plan.library import (
    Parameter,
    ParameterNotAcceptable,
    TemplateNotFound,
    recalculated,
    template,
    template_ids,
)
from premia_plan.linting import lint, warning_name
from premia_plan.paying import pay
from premia_plan.quantities import Unit, exact_text, percent_text, written_quantity
from premia_plan.reference import calculate


def plan_of(text: str) -> CheckedPlan:
    check = check_plan(parse_plan(text))
    assert check.findings == ()
    assert check.plan is not None
    return check.plan


def test_the_library_has_the_plans_a_sales_force_begins_with() -> None:
    assert template_ids() == (
        "agency-energy",
        "e-mobility",
        "heat-pump",
        "installer-fee",
        "mbo",
        "newcomer-draw",
        "outbound",
        "pharma-goal-attainment",
        "pharma-portfolio",
        "pharma-ranking",
        "photovoltaic",
        "spiff-campaign",
    )


@pytest.mark.parametrize("name", template_ids())
def test_a_template_says_what_it_is_in_both_languages(name: str) -> None:
    chosen = template(name)

    said = [chosen.title, chosen.description, *(item.label for item in chosen.parameters.values())]
    assert all(one.en and one.it for one in said)
    assert chosen.title.en != chosen.title.it
    assert chosen.description.en != chosen.description.it


@pytest.mark.parametrize("name", template_ids())
def test_the_linters_warnings_about_a_template_are_those_it_accepts(name: str) -> None:
    """Each has a name of its own, by which it is accepted, and a case that shows it."""
    found = lint(plan_of(template(name).text))

    assert sorted(map(warning_name, found)) == sorted(template(name).warnings)
    assert all(finding.counter_example for finding in found)


@pytest.mark.parametrize("name", template_ids())
def test_every_figure_of_a_templates_examples_adds_up_from_its_sources(name: str) -> None:
    plan = plan_of(template(name).text)

    assert len(plan.examples) >= 3
    for example in plan.examples:
        until = Month.parse(example.until)
        result = calculate(plan, example.relations, until=until)
        paid = pay(plan, example.relations, result.lines, until=until)
        lookup = {node.node_id: node for node in (*result.nodes, *paid.nodes)}
        assert [found for node in lookup.values() for found in check_tree(node, lookup)] == []


def within(parameter: Parameter) -> st.SearchStrategy[str]:
    """Values of a parameter: both ends of its range, and hundredths of the way between."""
    assert parameter.least is not None
    assert parameter.most is not None
    least, most = written_quantity(parameter.least), written_quantity(parameter.most)

    def written(hundredths: int) -> str:
        value = least.value + (most.value - least.value) * hundredths / 100
        if least.unit is Unit.RATE:
            return percent_text(round(value * 10000) * written_quantity("0.01 %").value)
        if least.unit is Unit.MONEY:
            return f"{exact_text(round(value * 100) * written_quantity('0.01').value)} EUR"
        return str(int(value))

    return st.sampled_from((0, 1, 50, 99, 100)).map(written)


@given(data=st.data())
@settings(max_examples=24, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_template_checks_with_any_values_inside_its_ranges(data: st.DataObject) -> None:
    chosen = template(data.draw(st.sampled_from(template_ids())))
    values = {name: data.draw(within(item)) for name, item in chosen.parameters.items()}

    plan_of(chosen.with_values(values))


@pytest.mark.parametrize("name", template_ids())
def test_examples_written_anew_pass_with_the_numbers_that_were_chosen(name: str) -> None:
    chosen = template(name)
    values = {
        key: item.most
        for key, item in chosen.parameters.items()
        if item.most is not None and item.most.endswith(("EUR", "%"))
    }

    plan = plan_of(recalculated(chosen.with_values(values)).text)

    assert [(one.name, one.differences) for one in run_examples(plan) if not one.passed] == []


@pytest.mark.parametrize("name", template_ids())
def test_a_plan_made_of_a_template_declares_its_parameters_and_pays_alike(name: str) -> None:
    chosen = template(name)

    plan = plan_of(chosen.with_parameters({}))

    numbers = [item for item in chosen.parameters.values() if not item.is_name]
    assert [(item.value, item.least, item.most) for item in plan.parameters.values()] == [
        (item.value, item.least, item.most) for item in numbers
    ]
    assert [(one.name, one.differences) for one in run_examples(plan) if not one.passed] == []


def test_a_plan_made_of_a_template_keeps_its_ranges() -> None:
    text = template("agency-energy").with_parameters({"north_gas_rate": "4 %"})
    assert "north_gas_rate: {value: 4 %, range: {from: 0 %, to: 15 %}" in text

    check = check_plan(parse_plan(text.replace("{value: 4 %", "{value: 16 %")))

    assert [finding.code for finding in check.errors] == ["parameter.range"]


def test_chosen_numbers_stand_in_the_text_and_nothing_else_changes() -> None:
    before = template("agency-energy").text

    after = template("agency-energy").with_values({"north_gas_rate": "3.5 %", "quality": "90 %"})

    changed = [
        (old.strip(), new.strip())
        for old, new in zip(before.splitlines(), after.splitlines(), strict=True)
        if old != new
    ]
    assert changed == [
        (
            "- {territory: nord, category: gas, from: 2026-01-01, to: 2027-01-01, gives: 3 %}",
            "- {territory: nord, category: gas, from: 2026-01-01, to: 2027-01-01, gives: 3.5 %}",
        ),
        (
            "- {gate: first_time_right >= 92 %, otherwise: 0 EUR}",
            '- {gate: "first_time_right >= 90 %", otherwise: 0 EUR}',
        ),
    ]


def test_a_changed_rate_changes_what_the_example_expects_by_hand() -> None:
    text = recalculated(template("agency-energy").with_values({"north_gas_rate": "4 %"})).text

    # 1 200 x 4 % = 48.00: 65 % are 31.20, the rest 16.80.
    assert "A1: {2026-03: {base: 31.20 EUR}, 2026-04: {base: 16.80 EUR}}" in text


def test_an_expected_rate_is_left_to_a_person_while_the_amounts_are_taken() -> None:
    chosen = template("agency-energy").with_values({"north_gas_rate": "4 %"})
    first = "    expect:\n      A1: {2026-03: {base: 23.40 EUR}"
    assert first in chosen

    done = recalculated(chosen.replace(first, f"    rates: {{A1: {{O1: {{base: 3 %}}}}}}\n{first}"))

    assert "rates: {A1: {O1: {base: 3 %}}}" in done.text
    assert "A1: {2026-03: {base: 31.20 EUR}, 2026-04: {base: 16.80 EUR}}" in done.text
    [left] = done.left
    assert [(item.component, item.expected, item.got) for item in left.differences] == [
        ("rate of base", Decimal(3), Decimal(4))
    ]
    assert ("A1", "2026-03", "base") in {
        (item.payee, item.month, item.component)
        for taken in done.taken
        for item in taken.differences
    }


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("north_gas_rate", "16 %", "16 % is not from 0 % to 15 %"),
        ("north_gas_rate", "3 EUR", "3 EUR is not from 0 % to 15 %"),
        ("north_gas_rate", "three", "write it like"),
        ("north_gas_rate", "4,5 %", "'4,5 %' has a comma; decimals stand after a point"),
        ("accelerator_cap", "3.000 EUR", "marks decimals, thousands are written 3 000 EUR"),
        ("south_rate", "3 %", "there is no such parameter"),
    ],
)
def test_a_value_outside_what_a_template_declares_is_refused(
    name: str, value: str, says: str
) -> None:
    with pytest.raises(ParameterNotAcceptable, match=says):
        template("agency-energy").with_values({name: value})


def test_a_template_that_is_not_there_is_refused() -> None:
    with pytest.raises(TemplateNotFound, match="list them to choose one"):
        template("agency-water")
