"""The manual of the plan language: every entry does what it says, and so does its alternative."""

import pytest

from premia_plan.linting import lint, warning_name

from .entries import (
    MANUAL,
    Alternative,
    Entry,
    entry_names,
    read_chapter,
    read_entry,
    readable_entries,
)
from .trials import (
    chosen_pay,
    example_of,
    examples_of,
    same_pay,
    try_alternative,
    try_entry,
    written_pay,
)

ENTRIES = readable_entries()
GOOD = [entry for entry in ENTRIES if not entry.is_bad_input]
REFUSED = [entry for entry in ENTRIES if entry.refused]
EXCEPTIONS = [entry for entry in ENTRIES if entry.exceptions]
ALTERNATIVES = [
    pytest.param(entry, alternative, id=f"{entry.name}: {alternative.says.en}")
    for entry in ENTRIES
    for alternative in entry.alternatives
]


def each(some: list[Entry]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("entry", some, ids=[entry.name for entry in some])


@pytest.mark.parametrize("name", entry_names())
def test_every_file_is_written_as_an_entry(name: str) -> None:
    assert read_entry(name).name == name


@pytest.mark.parametrize("folder", sorted(path.name for path in MANUAL.iterdir() if path.is_dir()))
def test_every_chapter_has_a_heading_and_entries(folder: str) -> None:
    assert read_chapter(folder).entries


@each(GOOD)
def test_the_plan_has_no_finding_and_its_examples_pass(entry: Entry) -> None:
    assert try_entry(entry).problems(accepted=entry.warns) == []


@each(GOOD)
def test_an_entry_has_an_example_and_another_choice(entry: Entry) -> None:
    assert examples_of(entry.document.content), "give the plan an example"
    assert entry.alternatives, "add an alternative that pays another amount"


@pytest.mark.parametrize(("entry", "alternative"), ALTERNATIVES)
def test_another_choice_pays_what_the_manual_says(entry: Entry, alternative: Alternative) -> None:
    trial = try_alternative(entry, alternative)

    if alternative.refused:
        assert [item.code for item in trial.findings] == list(alternative.refused)
    else:
        assert trial.problems() == []
        assert [result.passed for result in trial.results] == [True]


@pytest.mark.parametrize(("entry", "alternative"), ALTERNATIVES)
def test_another_choice_pays_another_amount(entry: Entry, alternative: Alternative) -> None:
    if not alternative.refused:
        example = example_of(entry, alternative)
        assert not same_pay(written_pay(example), chosen_pay(example, alternative))


@each(REFUSED)
def test_a_plan_that_cannot_be_meant_is_refused_where_the_mistake_is(entry: Entry) -> None:
    trial = try_entry(entry)

    assert {(item.code, item.path) for item in trial.findings} == {
        (item.code, item.at) for item in entry.refused
    }
    assert trial.plan is None
    assert all(item.hint for item in trial.findings)


@each(EXCEPTIONS)
def test_a_record_that_cannot_be_paid_is_an_exception(entry: Entry) -> None:
    trial = try_entry(entry)
    expected = {
        code for item in examples_of(entry.document.content) for code in item.get("exceptions", ())
    }

    assert trial.problems() == []
    assert set(entry.exceptions) <= expected


@each([entry for entry in ENTRIES if entry.warns])
def test_the_linter_warns_of_what_the_entry_says_and_of_nothing_else(entry: Entry) -> None:
    plan = try_entry(entry).plan
    assert plan is not None

    found = lint(plan)

    names = {warning_name(item) for item in (*found, *try_entry(entry).findings)}
    assert names == set(entry.warns)
    assert all(item.counter_example for item in found)


def test_every_figure_of_an_entry_is_told_apart_from_another() -> None:
    assert same_pay(
        {"A1": {"2026-03": {"base": "1 200 EUR"}}}, {"A1": {"2026-03": {"base": "1200.00 EUR"}}}
    )
    assert same_pay({"A1": {"2026-03": {"base": "0.00 EUR"}}}, {})
    assert not same_pay({"A1": {"2026-03": {"base": "0.01 EUR"}}}, {})
    assert not same_pay(
        {"A1": {"2026-03": {"base": "1 EUR"}}}, {"A1": {"2026-04": {"base": "1 EUR"}}}
    )
