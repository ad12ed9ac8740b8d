"""A number for each kind of line: what it is, of which component, share, place and level.

The numbers lie close together, so that a database finds what belongs to one by its place.
"""

from collections.abc import Mapping
from math import prod

from calc_engine.engine.codes import What
from calc_engine.engine.credit_rules import as_direct
from calc_engine.engine.ir import Constant, Expression
from calc_engine.engine.slots import slots
from calc_engine.engine.values import add, multiply, whole
from premia_plan.checked import CheckedPlan, RollupCredit

KIND = ("component", "place", "level", "outcome", "share")
HELD_AS = len(What)
"""Added to what a line was before it was held for the plan's acceptance, it is its outcome."""


class LineKinds:
    """Numbers the kinds of lines that a plan can have; the same for all plans of one shape."""

    def __init__(self, plan: CheckedPlan) -> None:
        rules = plan.credits.values()
        direct = [as_direct(plan, rule) for rule in rules]
        places = max((len(rule.shares) for rule in direct if rule is not None), default=0)
        levels = max((r.levels for r in rules if isinstance(r, RollupCredit)), default=0)
        shares = max((len(slots(shares)) for shares in plan.release.values()), default=0)
        # Place, level and share may be none, which is counted as one more.
        self._sizes = (len(plan.components), places + 1, levels + 2, 2 * len(What), shares + 1)

    @property
    def room(self) -> int:
        """How many numbers a plan has: those of the next plan of its shape come after them."""
        return prod(self._sizes)

    def number_of(self, kind: tuple[int | None, ...]) -> int:
        """Return the number of a kind whose parts are known, or known to be none."""
        component, place, level, outcome, share = kind
        code = 0
        parts = (component, _above(place), _above(level), outcome, _above(share))
        for part, size in zip(parts, self._sizes, strict=True):
            code = code * size + (part or 0)
        return code

    def number(self, parts: Mapping[str, Expression]) -> Expression:
        """Return the number of the kind that some expressions tell.

        Place, level and share are known, or written as none.
        """
        shifted = [
            parts["component"],
            *(_shifted(parts[name]) for name in ("place", "level")),
            parts["outcome"],
            _shifted(parts["share"]),
        ]
        fixed, weight = 0, 1
        moving: list[Expression] = []
        for part, size in zip(reversed(shifted), reversed(self._sizes), strict=True):
            if isinstance(part, Constant):
                fixed += weight * int(str(part.value))
            else:
                moving.append(multiply(part, whole(weight)))
            weight *= size
        total: Expression = whole(fixed)
        for part in moving:
            total = add(total, part)
        return total


def _above(part: int | None) -> int:
    return 0 if part is None else part + 1


def _shifted(part: Expression) -> Expression:
    if isinstance(part, Constant):
        return whole(0 if part.value is None else int(str(part.value)) + 1)
    return add(part, whole(1))
