"""A number for each kind of line: what it is, of which component, share, place and level."""

from collections.abc import Mapping

from calc_engine.engine.ir import Constant, Expression
from calc_engine.engine.values import add, multiply, whole

KIND = ("component", "place", "level", "what", "was", "share")
RADIX = 1_000
"""More than any place, level, share or number of principals: six of them fit into 63 bits."""


def number_of(kind: tuple[int | None, ...]) -> int:
    """Return the number of a kind whose parts are known, or known to be none.

    >>> number_of((0, 1, None, 0, None, 0))
    1002000001000001
    """
    code = 0
    for part in kind:
        code = code * RADIX + (0 if part is None else part + 1)
    return code


def kind_number(parts: Mapping[str, Expression]) -> Expression:
    """Return the number of the kind that some expressions, none of them unknown, tell."""
    fixed = 0
    moving: list[Expression] = []
    for place, name in enumerate(reversed(KIND)):
        part, weight = parts[name], RADIX**place
        if isinstance(part, Constant):
            fixed += weight * (0 if part.value is None else int(str(part.value)) + 1)
        else:
            fixed += weight
            moving.append(multiply(part, whole(weight)))
    total: Expression = whole(fixed)
    for part in moving:
        total = add(total, part)
    return total
