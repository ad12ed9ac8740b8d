"""Differences part by part; items of a list are matched by what they are, not by their place."""

from collections.abc import Iterator, Mapping, Sequence

from premia_plan.differences.change import Difference, Item, Steps
from premia_plan.document import Content
from premia_plan.finding import pointer

OPERATIONS = ("cap", "floor", "gate", "multiply", "round")
"""What a step of a component does; its other keys say how."""
_IDENTITY: Mapping[str, tuple[str, ...]] = {
    "bands": ("from",),
    "points": ("at",),
    "shares": ("to",),
    "objectives": ("name",),
    "steps": OPERATIONS,
}
_NAMES = ("name", "id", "to", "at", "of", "from")
_ORDERED = ("steps", "keys", "shares", "first_of")
_WHOLE = ("examples",)
"""Sections whose items are told as changed, not taken apart."""


def part_differences(
    before: Content, after: Content, *, path: str, steps: Steps
) -> Iterator[Difference]:
    """Return the differences between two contents of the same place."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict) and not _is_whole(steps):
        yield from _of_mappings(before, after, path, steps)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, path, steps)
    else:
        yield Difference("changed", path, steps, before, after)


def _is_whole(steps: Steps) -> bool:
    return len(steps) > 1 and steps[0] in _WHOLE


def _of_mappings(
    before: Mapping[str, Content], after: Mapping[str, Content], path: str, steps: Steps
) -> Iterator[Difference]:
    for key in dict.fromkeys((*before, *after)):
        inner = path + pointer(key)
        here = (*steps, key)
        if key not in before:
            yield from _appeared("added", after[key], inner, here)
        elif key not in after:
            yield from _appeared("removed", before[key], inner, here)
        else:
            yield from part_differences(before[key], after[key], path=inner, steps=here)


def _appeared(kind: str, content: Content, path: str, steps: Steps) -> Iterator[Difference]:
    """Return what was added or removed: each named thing of a whole section by itself."""
    if (
        len(steps) == 1
        and isinstance(content, dict)
        and all(isinstance(part, (dict, list)) for part in content.values())
    ):
        for name, part in content.items():
            yield from _appeared(kind, part, path + pointer(name), (*steps, name))
    elif kind == "added":
        yield Difference("added", path, steps, None, content)
    else:
        yield Difference("removed", path, steps, content, None)


def _of_lists(
    before: Sequence[Content], after: Sequence[Content], path: str, steps: Steps
) -> Iterator[Difference]:
    name = str(steps[-1]) if steps else ""
    old, new = _labelled(name, before), _labelled(name, after)
    for label, index in old.items():
        if label not in new:
            there = path + pointer(index)
            yield Difference("removed", there, (*steps, Item(label)), before[index], None)
    for label, index in new.items():
        there = path + pointer(index)
        here = (*steps, Item(label))
        if label not in old:
            yield Difference("added", there, here, None, after[index])
        else:
            yield from part_differences(before[old[label]], after[index], path=there, steps=here)
    kept = [label for label in old if label in new]
    if name in _ORDERED and kept != [label for label in new if label in old]:
        yield Difference("reordered", path, steps, list(old), list(new))


def _labelled(name: str, items: Sequence[Content]) -> dict[str, int]:
    """Return each item's place by a label that says what it is; repeated ones are counted."""
    found: dict[str, int] = {}
    for index, item in enumerate(items):
        label = base = _label(name, item)
        count = 1
        while label in found:
            count += 1
            label = f"{base} ({count})"
        found[label] = index
    return found


def _label(name: str, item: Content) -> str:
    if isinstance(item, str):
        return item
    if isinstance(item, list):
        return ", ".join(_label(name, part) for part in item)
    if name in _IDENTITY:
        if name == "steps":
            return next((key for key in OPERATIONS if key in item), next(iter(item), "step"))
        parts = [str(item[key]) for key in _IDENTITY[name] if isinstance(item.get(key), str)]
        if parts:
            return ", ".join(parts)
    for key in _NAMES:
        if isinstance(item.get(key), str):
            return str(item[key])
    return next(iter(item), "")
