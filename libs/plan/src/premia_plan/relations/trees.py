"""Trees of codes, such as territories."""

from dataclasses import dataclass
from typing import ClassVar

from premia_plan.relations.ordering import Key


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A node of the `territory` or `category` tree; a root has no parent."""

    KEY: ClassVar[Key] = ("tree", "code")

    tree: str
    code: str
    parent: str | None
