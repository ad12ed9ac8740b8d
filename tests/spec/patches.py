"""Changes to a document: a JSON pointer and what stands there afterwards."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass

from premia_plan.document import Content


@dataclass(frozen=True, slots=True)
class Change:
    """Put `to` at a pointer, or remove what is there when `to` is None.

    The last step of a pointer may be `-`: the value is added at the end of a list.
    """

    at: str
    to: "Content | None"

    def touches(self, pointer: str) -> bool:
        """Say whether the change is at, above or below a pointer."""
        mine, other = self.at + "/", pointer + "/"
        return mine.startswith(other) or other.startswith(mine)


class ChangeMisplaced(ValueError):
    """Raised when a change names a place the document does not have."""


def changed(content: dict[str, Content], changes: Iterable[Change]) -> dict[str, Content]:
    """Return a copy of a document with the changes made, in their order.

    >>> changed({"a": ["1", "2"]}, [Change("/a/0", "3"), Change("/a/-", "4")])
    {'a': ['3', '2', '4']}

    Raises:
        ChangeMisplaced: if a pointer leads nowhere, or a value put in place is already there.
    """
    copy = deepcopy(content)
    for change in changes:
        *steps, last = [_unescaped(step) for step in change.at.split("/")[1:]]
        around: Content = copy
        for step in steps:
            around = _below(around, step, change.at)
        _put(around, last, change)
    return copy


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")


def _below(content: Content, step: str, at: str) -> Content:
    try:
        return content[int(step)] if isinstance(content, list) else content[step]  # type: ignore[index]
    except (KeyError, IndexError, ValueError, TypeError):
        raise ChangeMisplaced(f"{at}: there is no {step!r}") from None


def _put(around: Content, last: str, change: Change) -> None:
    if isinstance(around, list) and last == "-" and change.to is not None:
        around.append(deepcopy(change.to))
        return
    is_new = isinstance(around, dict) and last not in around
    if not (is_new and change.to is not None) and _below(around, last, change.at) == change.to:
        raise ChangeMisplaced(f"{change.at}: it is {change.to!r} already")
    key = int(last) if isinstance(around, list) else last
    if change.to is None:
        del around[key]  # type: ignore[union-attr, arg-type]
    else:
        around[key] = deepcopy(change.to)  # type: ignore[index, call-overload]
