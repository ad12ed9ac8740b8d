"""The manual shows every construct of the language, each where another choice would pay another amount."""

from pathlib import Path

import pytest

from premia_plan.schema import schema_of_values

from .coverage import choices, constructs, coverage, misnamed, read_list, shown, uses
from .defaults import Elsewhere, shown_elsewhere
from .entries import Entry, readable_entries
from .schema_productions import SchemaGrammar, pattern_forms

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ENTRIES = readable_entries()
each = pytest.mark.parametrize("entry", ENTRIES, ids=[entry.name for entry in ENTRIES])


def listed(name: str) -> list[str]:
    _, constructs = read_list(HERE / name)
    return constructs


@each
def test_what_an_entry_names_is_in_its_plan(entry: Entry) -> None:
    assert misnamed(entry) == []


@each
def test_an_entry_shows_something_no_earlier_one_does(entry: Entry) -> None:
    earlier = {name for other in ENTRIES[: ENTRIES.index(entry)] for name in shown(other)}

    assert set(shown(entry)) - earlier != set()


def test_what_no_entry_shows_is_listed_and_nothing_else() -> None:
    """The list may only get shorter; a construct added to the language needs its entry."""
    assert sorted(coverage(ENTRIES).not_shown) == sorted(listed("uncovered.txt"))


def test_a_choice_without_an_alternative_that_pays_otherwise_is_listed_and_nothing_else() -> None:
    assert sorted(coverage(ENTRIES).not_told_apart) == sorted(listed("same_pay.txt"))


@pytest.mark.parametrize(
    ("construct", "test"), shown_elsewhere().items(), ids=list(shown_elsewhere())
)
def test_a_construct_shown_outside_the_manual_is_shown_by_a_test(
    construct: str, test: Elsewhere
) -> None:
    assert construct in constructs()
    assert f"def {test.function}(" in (ROOT / test.path).read_text(encoding="utf-8")
    assert construct not in coverage(ENTRIES).shown


def test_every_use_of_a_plan_is_a_known_construct() -> None:
    known = set(constructs())

    assert {name for entry in ENTRIES for name in uses(entry)} - known == set()
    assert choices() <= known


SCHEMA = {
    "$defs": {"step": {"properties": {"then": {"$ref": "#/$defs/step"}}}},
    "properties": {
        "mode": {"enum": ["whole", "marginal"]},
        "step": {"$ref": "#/$defs/step"},
        "bands": {
            "items": {
                "if": {"required": ["cap"]},
                "then": {"properties": {"cap": {"pattern": "^(\\d+|none)$"}}, "required": ["cap"]},
                "else": {"properties": {"gate": {}}, "required": ["gate"]},
            }
        },
    },
    "required": ["mode"],
}


def test_a_schema_is_taken_apart_into_everything_one_can_write() -> None:
    productions = SchemaGrammar(SCHEMA).productions()

    assert {name: item.is_choice for name, item in productions.items()} == {
        "mode": False,
        "mode = whole": True,
        "mode = marginal": True,
        "step": True,
        "step.then": True,
        "bands": True,
        "bands[]{cap}": True,
        "bands[].cap": False,
        "bands[].cap ~ d+": True,
        "bands[].cap ~ none": True,
        "bands[]{gate}": True,
        "bands[].gate": False,
    }


def test_what_a_document_uses_is_found_with_its_places() -> None:
    document = {
        "mode": "whole",
        "bands": [{"gate": "x"}, {"cap": "12"}, {"gate": "y"}],
        "step": {"then": {"then": {}}},
    }

    assert SchemaGrammar(SCHEMA).uses(document) == {
        "mode": {"/mode"},
        "mode = whole": {"/mode"},
        "bands": {"/bands"},
        "bands[]{gate}": {"/bands/0", "/bands/2"},
        "bands[].gate": {"/bands/0/gate", "/bands/2/gate"},
        "bands[]{cap}": {"/bands/1"},
        "bands[].cap": {"/bands/1/cap"},
        "bands[].cap ~ d+": {"/bands/1/cap"},
        "step": {"/step"},
        "step.then": {"/step/then", "/step/then/then"},
    }


def test_a_pattern_is_taken_apart_into_its_forms() -> None:
    assert list(pattern_forms("^credit of [a-z][a-z0-9_]*$")) == ["credit of name"]
    assert list(pattern_forms("^(first|last) (day|month)$")) == [
        "first day",
        "first month",
        "last day",
        "last month",
    ]


def test_every_production_of_the_schema_has_one_name() -> None:
    assert len(constructs()) == len(set(constructs()))
    assert SchemaGrammar(schema_of_values()).productions().keys() <= set(constructs())
