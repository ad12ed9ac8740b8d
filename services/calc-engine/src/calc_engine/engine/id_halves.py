"""Ids as two whole numbers of 64 bits, so that a database combines them with an exclusive or."""

from uuid import UUID

from calc_engine.engine.ir import Expression
from calc_engine.engine.values import known_or, whole
from premia_common.identifiers import derive_id

HALVES = ("high", "low")


def split(identifier: UUID) -> tuple[int, int]:
    """Return an id's halves as signed numbers of 64 bits.

    >>> split(UUID(int=(1 << 127) + 5))
    (-9223372036854775808, 5)
    """
    high, low = identifier.int >> 64, identifier.int & ((1 << 64) - 1)
    return _signed(high), _signed(low)


def or_nobodys(whose: str, half: str, value: Expression) -> Expression:
    """Return half of an order's or a payee's part of line ids; that of none where it is unknown."""
    return known_or(value, whole(split(derive_id(whose, ""))[HALVES.index(half)]))


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number
