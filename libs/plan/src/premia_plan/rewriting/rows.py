"""The rows of a table replaced in a document's text; each row keeps its comments."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from premia_plan.finding import pointer
from premia_plan.rewriting.scalars import (
    TextNotRewritable,
    scalar,
    scalar_like,
    with_edits,
)
from premia_plan.rewriting.spans import Span, Spans, spans_of
from premia_plan.yaml_text import read_yaml

Row = Mapping[str, str]


def replace_rows(text: str, path: str, rows: Sequence[Row], *, identity: Sequence[str]) -> str:
    """Return a document's text whose list at a JSON pointer holds these rows, in this order.

    A row that is there already, or that has the same `identity` columns, keeps its place in the
    text's style and its comments; the others are written anew.

    Raises:
        TextNotRewritable: if there is no list of plain rows at the pointer.
    """
    spans = spans_of(text)
    if path not in spans.items:
        raise TextNotRewritable(f"there is no list of rows at {path}")
    old = _rows_at(spans, path)
    pairs = _pairs(old, rows, identity)
    written = [
        _new_row(row, as_json=_is_json(text))
        if source is None
        else _changed_row(text, spans, path + pointer(source), old[source], row)
        for row, source in zip(rows, pairs, strict=True)
    ]
    items = [spans.nodes[path + pointer(index)] for index in range(len(old))]
    if path in spans.flow or not old:
        whole, made = spans.nodes[path], _flow(text, spans.nodes[path], items, pairs, written)
    elif not rows:
        whole, made = spans.nodes[path], "[]"
    else:
        whole, made = _block(text, items, pairs, written)
    changed = with_edits(text, [(whole, made)])
    if _read_rows(changed, path) != [dict(row) for row in rows]:
        raise TextNotRewritable(f"the rows at {path} cannot be written in the text's own style")
    return changed


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] == "{"


def _rows_at(spans: Spans, path: str) -> list[dict[str, str]]:
    rows = []
    for index in range(spans.items[path]):
        item = path + pointer(index)
        row = {}
        for key in (name for name in spans.keys if name.rpartition("/")[0] == item):
            if key not in spans.scalars:
                raise TextNotRewritable(f"{key} holds more than one value")
            row[key.rpartition("/")[2].replace("~1", "/").replace("~0", "~")] = spans.scalars[key]
        if item in spans.scalars:
            raise TextNotRewritable(f"{item} is no row")
        rows.append(row)
    return rows


def _read_rows(text: str, path: str) -> object:
    content, _ = read_yaml(text)
    for step in path.split("/")[1:]:
        if not isinstance(content, dict):
            return None
        content = content[step.replace("~1", "/").replace("~0", "~")]
    return content


def _pairs(old: Sequence[Row], new: Sequence[Row], identity: Sequence[str]) -> list[int | None]:
    """Return which old row each new one is: the same, else one of the same identity or place."""
    found: list[int | None] = [None] * len(new)
    left = set(range(len(old)))

    def pair(known: Mapping[object, list[int]], keys: Sequence[object]) -> None:
        for index, key in enumerate(keys):
            candidates = [item for item in known.get(key, ()) if item in left]
            if found[index] is None and candidates:
                found[index] = candidates[0]
                left.discard(candidates[0])

    def by(keys: Sequence[object]) -> dict[object, list[int]]:
        grouped: dict[object, list[int]] = {}
        for index, key in enumerate(keys):
            grouped.setdefault(key, []).append(index)
        return grouped

    pair(by([_whole(row) for row in old]), [_whole(row) for row in new])
    pair(by([_named(row, identity) for row in old]), [_named(row, identity) for row in new])
    pair(by(range(len(old))), range(len(new)))
    return found


def _whole(row: Row) -> object:
    return tuple(sorted(row.items()))


def _named(row: Row, identity: Sequence[str]) -> object:
    return tuple(row.get(name) for name in identity)


def _new_row(row: Row, *, as_json: bool) -> str:
    write = (lambda value: json.dumps(value, ensure_ascii=False)) if as_json else scalar
    return "{" + ", ".join(f"{write(name)}: {write(value)}" for name, value in row.items()) + "}"


def _changed_row(text: str, spans: Spans, path: str, before: Row, after: Row) -> str:
    node = spans.nodes[path]
    if before.keys() != after.keys():
        return _new_row(after, as_json=_is_json(text))
    edits = []
    for name, value in after.items():
        if value != before[name]:
            span = spans.nodes[path + pointer(name)]
            shifted = Span(span.start - node.start, span.end - node.start)
            edits.append((shifted, scalar_like(span.of(text), value)))
    return with_edits(node.of(text), edits)


def _flow(
    text: str,
    whole: Span,
    items: Sequence[Span],
    pairs: Sequence[int | None],
    written: Sequence[str],
) -> str:
    """Write a list in brackets; what stood after an item stays after it."""
    if not items:
        return "[" + ", ".join(written) + "]"
    ends = [item.start for item in items[1:]]
    after = [text[item.end : end] for item, end in zip(items, ends, strict=False)]
    tail = text[items[-1].end : whole.end]
    parts = [text[whole.start : items[0].start]]
    for place, (source, row) in enumerate(zip(pairs, written, strict=True)):
        parts.append(row)
        if place + 1 == len(written):
            break
        between = after[source] if source is not None and source < len(after) else ", "
        parts.append(between)
    return "".join((*parts, tail))


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A block row's lines: comments above it, what leads up to it, and what ends its last line."""

    above: str
    lead: str
    trail: str


def _block(
    text: str, items: Sequence[Span], pairs: Sequence[int | None], written: Sequence[str]
) -> tuple[Span, str]:
    """Write a list of lines with dashes; comments above a row and behind it move with it."""
    begins = [text.rfind("\n", 0, item.start) + 1 for item in items]
    ends = [_line_end(text, item.end) for item in items]
    chunks = []
    for index, item in enumerate(items):
        above = "" if index == 0 else text[ends[index - 1] : begins[index]]
        chunks.append(_Chunk(above, text[begins[index] : item.start], text[item.end : ends[index]]))
    lead = chunks[0].lead
    made = []
    for source, row in zip(pairs, written, strict=True):
        chunk = chunks[source] if source is not None else _Chunk("", lead, "\n")
        trail = chunk.trail if chunk.trail.endswith("\n") else f"{chunk.trail}\n"
        made.append(f"{chunk.above}{chunk.lead}{row}{trail}")
    joined = "".join(made)
    whole = Span(begins[0], ends[-1])
    return whole, joined if whole.of(text).endswith("\n") else joined.removesuffix("\n")


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1
