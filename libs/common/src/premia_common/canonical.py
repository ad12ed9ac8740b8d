"""One byte sequence per value, so that equal content has equal digests."""

import hashlib
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import orjson


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (UUID, date, datetime)):
        return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no canonical form; convert it first")


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float; amounts and rates are decimals or text")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_floats(item)


def canonical_json(value: Any) -> bytes:
    """Return the canonical JSON of a value: sorted keys, no blanks, decimals as text.

    Raises:
        TypeError: if a float, or a type without a canonical form, is inside.

    >>> canonical_json({"b": Decimal("1.50"), "a": [1, None]})
    b'{"a":[1,null],"b":"1.50"}'
    """
    _refuse_floats(value)
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS)


def digest(content: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 hexadecimal characters.

    >>> digest(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()
