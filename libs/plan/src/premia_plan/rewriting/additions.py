"""Entries added to a document's text, at the end of the section they belong to."""

import json
from collections.abc import Mapping
from textwrap import indent

from premia_plan.rewriting.scalars import TextNotRewritable, scalar, with_edits
from premia_plan.rewriting.spans import Span, Spans, spans_of
from premia_plan.yaml_text import Content, read_yaml

_BEFORE = "/examples"


class EntryTaken(ValueError):
    """Raised when a document holds something else where an entry would be added."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"there is another entry at {path}; choose another name")


def add_entries(text: str, path: str, entries: str) -> str:
    r"""Return a document's text with further entries in the mapping or list at a JSON pointer.

    `entries` is YAML, in braces or in lines as it should stand; a section that is not there is
    made.  An entry that is there with the same content already is left alone.

    Raises:
        EntryTaken: if one is there with other content.
        TextNotRewritable: if the text is written in a way that takes no such entries.

    >>> add_entries("a:\n  x: 1   # one\n", "/a", "y: 2\n")
    'a:\n  x: 1   # one\n  y: 2\n'
    >>> add_entries("a: [{x: 1}]\n", "/a", "- y: 2\n")
    'a: [{x: 1}, {y: 2}]\n'
    """
    content, _ = read_yaml(text)
    added, _ = read_yaml(entries)
    expected = _with_added(content, path, added)
    if expected == content:
        return text
    changed = _added(text, path, entries)
    if read_yaml(changed)[0] != expected:
        raise TextNotRewritable(f"entries cannot be added at {path} in the text's own style")
    return changed


def _with_added(content: Content, path: str, added: Content) -> Content:
    """Return the content with the entries, as it must read afterwards."""
    if path:
        head, _, rest = path[1:].partition("/")
        if isinstance(content, list) and head.isdecimal() and int(head) < len(content):
            at, below = int(head), f"/{rest}" if rest else ""
            changed = _with_added(content[at], below, added)
            return [*content[:at], changed, *content[at + 1 :]]
        if not isinstance(content, dict):
            raise TextNotRewritable(f"{path} is below a part that holds no entries")
        inside: Content = content.get(head, [] if isinstance(added, list) and not rest else {})
        return {**content, head: _with_added(inside, f"/{rest}" if rest else "", added)}
    if isinstance(content, list) and isinstance(added, list):
        return [*content, *added]
    if not isinstance(content, dict) or not isinstance(added, dict):
        raise TextNotRewritable("only mappings and lists take entries")
    for name, value in added.items():
        if content.get(name, value) != value:
            raise EntryTaken(f"/{name}")
    return {**content, **added}


def _added(text: str, path: str, entries: str) -> str:
    spans = spans_of(text)
    missing: list[str] = []
    while path and path not in spans.nodes:
        path, _, name = path.rpartition("/")
        missing.insert(0, name)
    for name in reversed(missing):
        entries = f"{name}:\n{indent(entries.rstrip(), '  ')}\n"
    entries = _without_known(text, path, entries)
    if path in spans.flow:
        return _in_flow(text, spans.nodes[path], entries)
    if path in spans.scalars:
        raise TextNotRewritable(f"{path} is a single value")
    return _in_block(text, spans, path, entries)


def _without_known(text: str, path: str, entries: str) -> str:
    """Leave out the entries that are there; the rest keeps its own lines where all are new."""
    added, _ = read_yaml(entries)
    there: Content = read_yaml(text)[0]
    for step in path.split("/")[1:]:
        there = there[int(step)] if isinstance(there, list) else _entry(there, step)
    if not isinstance(added, dict) or not isinstance(there, dict) or not added.keys() & there:
        return entries
    new = {name: value for name, value in added.items() if name not in there}
    return "".join(f"{name}: {_flow(value, as_json=False)}\n" for name, value in new.items())


def _entry(content: Content, name: str) -> Content:
    return content[name] if isinstance(content, dict) else {}


def _in_flow(text: str, span: Span, entries: str) -> str:
    added, _ = read_yaml(entries)
    inside = _flow(added, as_json=text.lstrip()[:1] == "{")[1:-1]
    bare = text[span.start + 1 : span.end - 1].rstrip()
    joined = f"{bare}, {inside}" if bare.strip() else inside
    closing = span.of(text)[-1]
    return with_edits(text, [(span, f"{span.of(text)[0]}{joined}{closing}")])


def _in_block(text: str, spans: Spans, path: str, entries: str) -> str:
    node = spans.nodes[path]
    begin = text.rfind("\n", 0, node.start) + 1
    lead = " " * (node.start - begin)
    lines = indent(entries.rstrip() + "\n", lead)
    if not path and _BEFORE in spans.keys:
        at = _above_comments(text, spans.keys[_BEFORE].start)
        return f"{text[:at]}{lines}\n{text[at:]}"
    end = text.find("\n", node.end)
    if end < 0:
        return f"{text}\n{lines}"
    return f"{text[: end + 1]}{lines}{text[end + 1 :]}"


def _above_comments(text: str, start: int) -> int:
    """Return where the comment lines directly above a line begin, or the line itself."""
    at = text.rfind("\n", 0, start) + 1
    while at:
        above = text.rfind("\n", 0, at - 1) + 1
        if not text[above:at].startswith("#"):
            break
        at = above
    return at


def _flow(content: Content, *, as_json: bool) -> str:
    def write(value: str) -> str:
        return json.dumps(value, ensure_ascii=False) if as_json else scalar(value)

    match content:
        case str():
            return write(content)
        case list():
            return f"[{', '.join(_flow(item, as_json=as_json) for item in content)}]"
        case Mapping():
            pairs = (f"{write(k)}: {_flow(v, as_json=as_json)}" for k, v in content.items())
            return f"{{{', '.join(pairs)}}}"
