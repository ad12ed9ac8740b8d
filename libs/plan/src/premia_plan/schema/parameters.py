"""The parameters of a plan, and where a number may be the name of one."""

import re
from copy import deepcopy

from premia_plan.schema.shapes import DAY, NAME, QUANTITY, Schema, mapping, object_of, text

OR_PARAMETER = "|[a-z][a-z0-9_]*"
_SAMPLES = ("7", "7 %", "7 EUR")
_VALUE = rf"^(?:{QUANTITY.strip('^$')}|{DAY.strip('^$')}|\".*\")$"
_WITHOUT = frozenset({"examples", "parameters", "valid", "currency", "title"})


def parameters() -> Schema:
    """Return the shape of the named values of a plan."""
    value = text(_VALUE)
    words = mapping(text(), "^[a-z]{2}$", least=1)
    return mapping(
        object_of(
            {"value": value},
            {
                "range": object_of({"from": value, "to": value}),
                "label": words,
                "description": words,
            },
        ),
        NAME,
    )


def open_to_parameters(root: Schema) -> Schema:
    """Return the schema of a document in which a parameter's name may stand for a number."""
    opened = deepcopy(root)
    sections = opened["properties"]
    if isinstance(sections, dict):
        for name, section in sections.items():
            if name not in _WITHOUT:
                _open(section)
    definitions = opened.get("$defs")
    if isinstance(definitions, dict):
        for name, shape in definitions.items():
            if not name.startswith("example"):
                _open(shape)
    return opened


def _open(shape: object) -> None:
    if isinstance(shape, list):
        for each in shape:
            _open(each)
    if not isinstance(shape, dict):
        return
    pattern = shape.get("pattern")
    if isinstance(pattern, str) and _is_number(pattern):
        shape["pattern"] = rf"^(?:{pattern.removeprefix('^').removesuffix('$')}{OR_PARAMETER})$"
    for key, inner in shape.items():
        if key not in {"propertyNames", "if"}:
            _open(inner)


def _is_number(pattern: str) -> bool:
    """Say whether a pattern takes a number and no name."""
    return re.search(pattern, "some_name") is None and any(
        re.search(pattern, sample) for sample in _SAMPLES
    )
