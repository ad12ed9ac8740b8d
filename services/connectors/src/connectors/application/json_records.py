"""Reading JSON whose numbers must stay exact."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from connectors.domain.message import ReadRecord
from connectors.domain.reading import exact_number
from connectors.domain.refusal import Refusal, RefusalCode
from premia_common.canonical import canonical_json, digest

DEEPEST = 64
"""How deep a body may nest."""


class NotJson(ValueError):
    """Raised when a body is not JSON, or uses values that JSON does not have."""


def read_json(content: bytes) -> Any:
    """Return a JSON value; every number is a Decimal, exactly as written.

    A number with an exponent above 999 stays text.

    Raises:
        NotJson: if it is not JSON in UTF-8, or holds NaN or Infinity.

    >>> read_json(b'{"amount": 1234.50}')
    {'amount': Decimal('1234.50')}
    """
    try:
        value = json.loads(
            content.decode("utf-8"),
            parse_float=exact_number,
            parse_int=Decimal,
            parse_constant=_refuse_constant,
        )
        _check(value, DEEPEST)
    except RecursionError:
        raise NotJson("the body nests too deeply") from None
    except ValueError as error:
        raise NotJson(f"the body is not JSON: {error}") from None
    return value


def read_json_records(values: Sequence[object]) -> list[ReadRecord]:
    """Return the records of a list, numbered from 1; what is no object is refused by itself.

    >>> [read.refusal is None for read in read_json_records([{"Id": "1"}, 5])]
    [True, False]
    """
    return [
        ReadRecord(str(number), value)
        if isinstance(value, Mapping)
        else ReadRecord(
            str(number), {}, Refusal(RefusalCode.BAD_TYPE, f"record {number} is not an object")
        )
        for number, value in enumerate(values, start=1)
    ]


def record_digest(value: object) -> str:
    """Return the SHA-256 of a record's canonical form.

    >>> record_digest({"a": Decimal("1.0"), "b": None})[:8]
    '73f5c36b'
    """
    return digest(canonical_json(value))


def _check(value: object, deepest: int) -> None:
    if deepest == 0:
        raise ValueError(f"it nests more than {DEEPEST} deep")
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, list):
        for item in value:
            _check(item, deepest - 1)
    elif isinstance(value, dict):
        for name, item in value.items():
            name.encode()
            _check(item, deepest - 1)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")
