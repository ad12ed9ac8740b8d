import json
from collections.abc import Iterator
from importlib.resources import files

from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from premia_plan.document import parse_plan
from premia_plan.library import PLANS, library_plan
from premia_plan.schema import Schema, plan_schema, published_schema


def test_the_committed_schema_is_the_one_in_force() -> None:
    committed = (files("premia_plan") / "plan.schema.json").read_text(encoding="utf-8")

    assert json.loads(committed) == published_schema()


def test_what_is_published_has_the_same_shape_and_says_what_every_key_is_for() -> None:
    published = published_schema()
    shape = json.loads(json.dumps(published))

    said = list(_taken_out(shape))

    assert shape == _without_words(plan_schema())
    assert all(isinstance(text, str) and text for pair in said for text in pair)
    assert all(english != italian for english, italian in said)
    assert len(said) > 500


def test_every_description_is_told_of_the_key_it_was_written_for() -> None:
    text = (files("premia_plan.schema") / "descriptions.yaml").read_text(encoding="utf-8")

    said = set(_taken_out(json.loads(json.dumps(published_schema()))))

    written = YAML(typ="safe").load(text).items()
    assert [key for key, words in written if tuple(words) not in said] == []


def _without_words(schema: Schema) -> object:
    shape = json.loads(json.dumps(schema))
    for _ in _taken_out(shape):
        pass
    return shape


def _taken_out(shape: object) -> Iterator[tuple[object, object]]:
    """Take the descriptions of keys out of a schema and give them."""
    if isinstance(shape, list):
        for each in shape:
            yield from _taken_out(each)
    if isinstance(shape, dict):
        for word, inner in shape.items():
            if word == "properties":
                for value in inner.values():
                    yield value.pop("description", ""), value.pop("x-it", "")
            yield from _taken_out(inner) if word != "if" else ()


def test_the_schema_is_a_valid_one_and_accepts_the_librarys_plans() -> None:
    Draft202012Validator.check_schema(plan_schema())
    validator = Draft202012Validator(plan_schema())

    for name in PLANS:
        assert list(validator.iter_errors(parse_plan(library_plan(name)).content)) == []
