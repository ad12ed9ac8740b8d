"""Territories and product categories: places in a tree."""

from collections.abc import Mapping
from dataclasses import dataclass

from plans_api.domain.record import Key


class TreeHasCycle(Exception):
    """Raised when places would be each other's parents."""

    def __init__(self, path: tuple[str, ...]) -> None:
        self.path = path
        super().__init__(
            f"The parents form a cycle: {' → '.join(path)}.  Give one of them another parent."
        )


class ParentUnknown(Exception):
    """Raised when a place, or one above it, names a parent that does not exist."""

    def __init__(self, code: str, parent: str) -> None:
        self.code = code
        super().__init__(
            f"{code} names parent {parent}, which does not exist.  "
            "Create it first, or put it into the same batch."
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A territory or product category; without a parent it is a root."""

    code: str
    parent: str | None
    label_it: str
    label_en: str

    @property
    def key(self) -> Key:
        """The code."""
        return (self.code,)


def must_reach_root(code: str, parents: Mapping[str, str | None]) -> None:
    """Check that the way up from a place ends at a root.

    `parents` gives every place's parent, None for a root.

    Raises:
        TreeHasCycle: if the way up comes back to a place it has passed.
        ParentUnknown: if it leads to a place that does not exist.

    >>> must_reach_root("roma", {"roma": "lazio", "lazio": "italia", "italia": None})
    """
    path = [code]
    while (parent := parents[path[-1]]) is not None:
        if parent in path:
            raise TreeHasCycle((*path[path.index(parent) :], parent))
        if parent not in parents:
            raise ParentUnknown(path[-1], parent)
        path.append(parent)
