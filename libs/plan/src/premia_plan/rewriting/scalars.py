"""Single values replaced in a document's text."""

import json
import re
from collections.abc import Iterable, Mapping

from premia_plan.rewriting.spans import Span, spans_of
from premia_plan.yaml_text import YamlUnreadable, read_yaml

_PLAIN = re.compile(r"[A-Za-z0-9_.+-]([A-Za-z0-9_.%+/-]| (?=[A-Za-z0-9_.%+/-]))*")


class TextNotRewritable(ValueError):
    """Raised when a change cannot be made in the text as it is written."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; change the document itself")


def replace_scalars(text: str, values: Mapping[str, str]) -> str:
    r"""Return a document's text with other values at some JSON pointers.

    Raises:
        TextNotRewritable: if there is no single value at a pointer.

    >>> replace_scalars("a: 3 %   # the rate\nb: 1\n", {"/a": "3.5 %"})
    'a: 3.5 %   # the rate\nb: 1\n'
    """
    spans = spans_of(text)
    edits = []
    for path, value in values.items():
        if path not in spans.scalars:
            raise TextNotRewritable(f"there is no single value at {path}")
        edits.append((spans.nodes[path], scalar_like(spans.nodes[path].of(text), value)))
    return with_edits(text, edits)


def with_edits(text: str, edits: Iterable[tuple[Span, str]]) -> str:
    """Return a text with some spans, none of which meet, replaced."""
    parts = []
    at = 0
    for span, value in sorted(edits):
        parts += [text[at : span.start], value]
        at = span.end
    return "".join((*parts, text[at:]))


def scalar_like(written: str, value: str) -> str:
    """Write a value in quotes if the one before had them or if it would be misread without."""
    return json.dumps(value, ensure_ascii=False) if written[:1] in "\"'" else scalar(value)


def scalar(value: str) -> str:
    """Write a value, in quotes only if it would be misread without.

    >>> scalar("3.5 %"), scalar("a: b"), scalar("1e5")
    ('3.5 %', '"a: b"', '"1e5"')
    """
    if _PLAIN.fullmatch(value) and _reads_back(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _reads_back(value: str) -> bool:
    try:
        return read_yaml(f"{{a: {value}}}")[0] == {"a": value}
    except YamlUnreadable:
        return False
