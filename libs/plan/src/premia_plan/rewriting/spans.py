"""Where each part of a document stands in its text."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from premia_plan.finding import pointer


class Span(NamedTuple):
    """Characters from `start` up to, and without, `end`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return these characters."""
        return text[self.start : self.end]


@dataclass(slots=True)
class Spans:
    """The spans of a document by JSON pointer.

    `nodes` holds values: scalars without the blanks around them, braces and brackets included;
    a block mapping or list ends where its last scalar does.  `keys` holds the keys of mappings,
    under the pointers of their values.  `flow` names mappings and lists written in braces and
    brackets, `items` how many items each list has.
    """

    nodes: dict[str, Span] = field(default_factory=dict)
    keys: dict[str, Span] = field(default_factory=dict)
    scalars: dict[str, str] = field(default_factory=dict)
    flow: set[str] = field(default_factory=set)
    items: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Open:
    kind: Literal["mapping", "list"]
    path: str
    start: int
    is_flow: bool
    key: str | None = None
    count: int = 0


class _Finder:
    def __init__(self) -> None:
        self.spans = Spans()
        self._stack: list[_Open] = []
        self._last = 0

    def take(self, event: Event) -> None:
        if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            path = self._path()
            kind: Literal["mapping", "list"] = (
                "mapping" if isinstance(event, MappingStartEvent) else "list"
            )
            is_flow = bool(event.flow_style)
            self._stack.append(_Open(kind, path, event.start_mark.index, is_flow))
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self._close(event)
        elif isinstance(event, ScalarEvent):
            self._scalar(event)

    def _path(self) -> str:
        if not self._stack:
            return ""
        top = self._stack[-1]
        return top.path + pointer(top.count if top.kind == "list" else str(top.key))

    def _close(self, event: MappingEndEvent | SequenceEndEvent) -> None:
        done = self._stack.pop()
        if done.is_flow:
            self._last = event.end_mark.index
            self.spans.flow.add(done.path)
        if done.kind == "list":
            self.spans.items[done.path] = done.count
        self.spans.nodes[done.path] = Span(done.start, max(self._last, done.start))
        self._passed()

    def _scalar(self, event: ScalarEvent) -> None:
        span = Span(event.start_mark.index, event.end_mark.index)
        self._last = span.end
        top = self._stack[-1] if self._stack else None
        if top is not None and top.kind == "mapping" and top.key is None:
            top.key = str(event.value)
            self.spans.keys[top.path + pointer(top.key)] = span
            return
        path = self._path()
        self.spans.nodes[path] = span
        self.spans.scalars[path] = str(event.value)
        self._passed()

    def _passed(self) -> None:
        if self._stack:
            self._stack[-1].key = None
            self._stack[-1].count += 1


def spans_of(text: str) -> Spans:
    """Return where the parts of a text stand that `parse_plan` can read."""
    finder = _Finder()
    for event in YAML(typ="safe", pure=True).parse(text):
        finder.take(event)
    return finder.spans
