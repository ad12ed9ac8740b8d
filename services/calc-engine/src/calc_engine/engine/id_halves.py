"""Ids as two whole numbers of 64 bits, so that a database combines them with an exclusive or."""

from collections.abc import Mapping
from uuid import UUID

from calc_engine.engine.ir import Expression
from calc_engine.engine.values import exclusive_or, known_or, whole
from premia_common.identifiers import derive_id

HALVES = ("high", "low")


def split(identifier: UUID) -> tuple[int, int]:
    """Return an id's halves as signed numbers of 64 bits.

    >>> split(UUID(int=(1 << 127) + 5))
    (-9223372036854775808, 5)
    """
    high, low = identifier.int >> 64, identifier.int & ((1 << 64) - 1)
    return _signed(high), _signed(low)


def part_of_line(
    order: Mapping[str, Expression], payee: Mapping[str, Expression]
) -> dict[str, Expression]:
    """Return the part of a line's id that its order and its payee make, by its column.

    Args:
        order: the halves of the order's part, none unknown.
        payee: those of the payee's; that of nobody stands for an unknown one.
    """
    return {
        f"part_{half}": exclusive_or(order[half], known_or(payee[half], nobodys("payee", half)))
        for half in HALVES
    }


def nobodys(whose: str, half: str) -> Expression:
    """Return half of the part of line ids of lines without an order, or without a payee."""
    return whole(split(derive_id(whose, ""))[HALVES.index(half)])


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number
