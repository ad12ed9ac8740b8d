import json
from importlib.resources import files

from jsonschema import Draft202012Validator

from premia_plan.document import parse_plan
from premia_plan.library import PLANS, library_plan
from premia_plan.schema import plan_schema


def test_the_committed_schema_is_the_one_in_force() -> None:
    committed = (files("premia_plan") / "plan.schema.json").read_text(encoding="utf-8")

    assert json.loads(committed) == plan_schema()


def test_the_schema_is_a_valid_one_and_accepts_the_librarys_plans() -> None:
    Draft202012Validator.check_schema(plan_schema())
    validator = Draft202012Validator(plan_schema())

    for name in PLANS:
        assert list(validator.iter_errors(parse_plan(library_plan(name)).content)) == []
