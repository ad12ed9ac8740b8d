"""Characters that a database cannot keep: where a row has them, and how it is shown instead."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from calc_engine.domain.record import Problem

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_REPLACED = "\N{REPLACEMENT CHARACTER}"


def storable(value: Any) -> Any:
    r"""Return a JSON value that can be kept and sent: what no text may hold is shown as such.

    >>> storable({"reason": "flu\x00", "days": [1, "\ud800"]}) == {
    ...     "reason": "flu\ufffd", "days": [1, "\ufffd"]
    ... }
    True
    """
    match value:
        case str():
            return _UNSTORABLE.sub(_REPLACED, value)
        case Mapping():
            return {storable(name): storable(item) for name, item in value.items()}
        case list() | tuple():
            return [storable(item) for item in value]
        case _:
            return value


def not_storable(value: Any, path: str = "") -> Iterator[Problem]:
    r"""Give a problem for each text of a JSON value that no database can keep.

    >>> [str(item) for item in not_storable({"order": {"code": "a\x00"}})]
    ["order.code 'a\ufffd': a text cannot hold the NUL character \\u0000; leave it out"]
    """
    match value:
        case str():
            found = _UNSTORABLE.search(value)
            if found is not None:
                yield Problem(path, storable(value)[:200], _why(found.group()))
        case Mapping():
            for name, item in value.items():
                yield from not_storable(name, f"{path}.{storable(name)}".lstrip("."))
                yield from not_storable(item, f"{path}.{storable(name)}".lstrip("."))
        case list() | tuple():
            for number, item in enumerate(value):
                yield from not_storable(item, f"{path}.{number}".lstrip("."))


def _why(character: str) -> str:
    if character == "\x00":
        return "a text cannot hold the NUL character \\u0000; leave it out"
    return (
        f"\\u{ord(character):04x} is half of a character; write the whole character or leave it out"
    )
