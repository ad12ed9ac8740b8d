"""What editors show beside the keys of a plan: a description for each, in English and Italian."""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files

from ruamel.yaml import YAML

from premia_plan.schema.document import plan_schema
from premia_plan.schema.shapes import Schema

_LONGEST = 3
_Described = Mapping[str, Sequence[str]]


def published_schema() -> Schema:
    """Return the schema with a description of every key: `description`, and `x-it` in Italian.

    Raises:
        LookupError: if a key has none. Write one into `descriptions.yaml`.
    """
    text = (files("premia_plan.schema") / "descriptions.yaml").read_text(encoding="utf-8")
    described: _Described = YAML(typ="safe").load(text)
    # Through JSON, so that a shape that serves several keys is told of each in its own words.
    schema: Schema = json.loads(json.dumps(plan_schema()))
    definitions = schema.pop("$defs")
    _describe(schema, (), described)
    if isinstance(definitions, dict):
        for name, shape in definitions.items():
            _describe(shape, (name,), described)
    return {**schema, "$defs": definitions}


def _describe(shape: object, path: tuple[str, ...], described: _Described) -> None:
    if isinstance(shape, list):
        for each in shape:
            _describe(each, path, described)
    if not isinstance(shape, dict):
        return
    for word, inner in shape.items():
        if word == "properties" and isinstance(inner, dict):
            for name, value in inner.items():
                at = (*path, name)
                _describe(value, at, described)
                value["description"], value["x-it"] = _words(at, described)
        elif word != "if":
            _describe(inner, path, described)


def _words(path: tuple[str, ...], described: _Described) -> tuple[str, str]:
    for length in range(min(_LONGEST, len(path)), 0, -1):
        found = described.get(".".join(path[-length:]))
        if found is not None:
            return found[0], found[1]
    raise LookupError(f"{'.'.join(path[-_LONGEST:])} has no line in descriptions.yaml")
