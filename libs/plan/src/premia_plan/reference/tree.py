"""Trees of codes, such as territories and categories."""

from collections import defaultdict

from premia_plan.reference.book import Book
from premia_plan.relations import Relations


class Trees:
    """The territory and category trees, as distances to the codes above each code."""

    def __init__(self, relations: Relations, book: Book) -> None:
        self._book = book
        self._parents: dict[tuple[str, str], str] = {}
        self._paths: dict[tuple[str, str], dict[str, int]] = {}
        self._children: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._codes: dict[str, set[str]] = defaultdict(set)
        for row in relations.trees:
            self._codes[row.tree].update(
                {row.code} if row.parent is None else {row.code, row.parent}
            )
            known = self._parents.get((row.tree, row.code))
            if known is not None and known != row.parent:
                book.exception(
                    "tree_ambiguous",
                    f"In the tree {row.tree}, {row.code} stands under {known} and {row.parent}",
                    "Keep one of the two parents",
                )
            elif row.parent is not None:
                self._parents[row.tree, row.code] = row.parent
                self._children[row.tree, row.parent].add(row.code)

    def codes(self, tree: str) -> list[str]:
        """Return all codes of a tree, in order."""
        return sorted(self._codes.get(tree, ()))

    def parts(self, tree: str, code: str) -> int:
        """Return how many codes stand right below a code."""
        return len(self._children.get((tree, code), ()))

    def distances(self, tree: str, code: str) -> dict[str, int]:
        """Return how far each code above (and the code itself, 0) is from a code."""
        found = self._paths.get((tree, code))
        if found is None:
            found = {code: 0}
            above = self._parents.get((tree, code))
            while above is not None and above not in found:
                found[above] = len(found)
                above = self._parents.get((tree, above))
            if above is not None:
                self._book.exception(
                    "tree_cyclic",
                    f"In the tree {tree}, {above} stands under itself",
                    "Correct the parents of the tree's codes",
                )
            self._paths[tree, code] = found
        return found
