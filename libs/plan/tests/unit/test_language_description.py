import json
import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import get_args

import pytest

from premia_plan.language import Names, Value, evaluate_inputs, read_formula
from premia_plan.language.arithmetic import ROUNDINGS, Mode
from premia_plan.language.description import language_description
from premia_plan.language.functions import FUNCTIONS, FunctionName
from premia_plan.language.references import AFTER, BEFORE, WordsAfter, WordsBefore
from premia_plan.language.syntax.tree import Expression
from premia_plan.quantities import Unit, exact_text

DESCRIPTION = json.loads(json.dumps(language_description()))
EXAMPLES = [
    (entry["example"]["formula"], entry["example"]["gives"])
    for entry in [*DESCRIPTION["functions"], *DESCRIPTION["operators"]]
    if entry["example"] is not None
]


def text(value: Value | None) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Fraction():
            return exact_text(value)
        case date():
            return value.isoformat()
    return str(value)


@pytest.mark.parametrize(("formula", "gives"), EXAMPLES)
def test_an_example_of_the_description_gives_what_it_says(formula: str, gives: str) -> None:
    read_formula(formula, "/x", Names({}, currency="EUR"))

    assert text(evaluate_inputs(formula, {})) == gives


def test_all_functions_and_words_are_described_in_both_languages() -> None:
    assert len(EXAMPLES) == len(FUNCTIONS) + len(DESCRIPTION["operators"]) - 1
    for section in ("tokens", "operators", "functions", "references", "units"):
        for entry in DESCRIPTION[section]:
            assert entry["doc"]["en"].strip()
            assert entry["doc"]["it"].strip()
            assert entry["doc"]["en"] != entry["doc"]["it"]


def test_the_tables_hold_exactly_the_words_that_trees_are_typed_with() -> None:
    assert set(FUNCTIONS) == set(get_args(FunctionName))
    assert all(function.name == name for name, function in FUNCTIONS.items())
    assert set(BEFORE) == set(get_args(WordsBefore))
    assert set(AFTER) == set(get_args(WordsAfter))
    assert set(ROUNDINGS) == set(get_args(Mode))
    assert len(get_args(Expression)) == 19


@pytest.mark.parametrize("token", DESCRIPTION["tokens"], ids=lambda token: token["name"])
def test_the_pattern_of_a_token_fits_its_example(token: Mapping[str, str]) -> None:
    assert re.fullmatch(token["pattern"], token["example"] or "order.amount")


def test_what_a_scope_may_name_is_listed_for_completion() -> None:
    names = Names(
        {"order.amount": Unit.MONEY, "order.energy": Unit("kWh")},
        frozenset({"activated"}),
        "EUR",
        quantities=frozenset({"kWh"}),
    )

    (scope,) = language_description({"order": names})["scopes"]  # type: ignore[misc]

    assert scope["scope"] == "order"
    assert [(name["name"], name["unit"]) for name in scope["names"]] == [
        ("order.amount", "money"),
        ("order.energy", "kWh"),
    ]
    assert (scope["states"], scope["quantities"]) == (["activated"], ["kWh"])
