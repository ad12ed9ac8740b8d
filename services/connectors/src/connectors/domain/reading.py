"""Reading single values of a foreign record: exact, and refusing out loud.

A record is a mapping from field names to text, decimals, booleans, None or nested values.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from connectors.domain.refusal import RecordRefused, RefusalCode
from premia_common.money import Money, UnknownCurrency

Record = Mapping[str, Any]
"""One foreign record.  Its values are whatever the wire held; only this module looks at them."""

_MAX_TEXT = 255
_VERSION_NUMBER = re.compile(r"[0-9]{1,20}")
_PLAIN_LIMIT = Decimal(10) ** 15
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


def optional_text(record: Record, field: str) -> str | None:
    """Return a field as text without surrounding blanks; None where it is absent or empty.

    Raises:
        RecordRefused: if the value is not simple, or longer than 255 characters.

    >>> optional_text({"Name": " Luce "}, "Name")
    'Luce'
    """
    value = record.get(field)
    if value is None:
        return None
    if not isinstance(value, str):
        value = _as_text(value, field)
    value = value.strip()
    if not value:
        return None
    if len(value) > _MAX_TEXT or "\x00" in value or not _is_unicode(value):
        raise RecordRefused(
            RefusalCode.BAD_TYPE,
            f"{field} must be at most {_MAX_TEXT} characters without a zero character or half a "
            "surrogate pair",
            field=field,
            value=value,
        )
    return value


def required_text(record: Record, field: str) -> str:
    """Return a field as text.

    Raises:
        RecordRefused: if it is absent or empty.
    """
    value = optional_text(record, field)
    if value is None:
        raise RecordRefused(RefusalCode.MISSING_FIELD, f"{field} is missing", field=field)
    return value


def optional_date(record: Record, field: str) -> date | None:
    """Return a field as a day; an instant gives its own written day.

    Raises:
        RecordRefused: if it is no ISO date.

    >>> optional_date({"on": "2026-02-28"}, "on")
    datetime.date(2026, 2, 28)
    """
    text = optional_text(record, field)
    if text is None:
        return None
    try:
        return _written_day(text)
    except ValueError:
        raise RecordRefused(
            RefusalCode.BAD_TYPE,
            f"{field} is {text!r}, which is not a date like 2026-03-31",
            field=field,
            value=text,
        ) from None


def required_date(record: Record, field: str) -> date:
    """Return a field as a day.

    Raises:
        RecordRefused: if it is absent or no ISO date.
    """
    day = optional_date(record, field)
    if day is None:
        raise RecordRefused(RefusalCode.MISSING_FIELD, f"{field} is missing", field=field)
    return day


def required_instant(record: Record, field: str) -> datetime:
    """Return a field as an instant in UTC; a zone must be written.

    Raises:
        RecordRefused: if it is absent, no ISO 8601 instant, or without a zone.
    """
    text = required_text(record, field)
    return read_instant(text, field)


def read_instant(text: str, field: str) -> datetime:
    """Read an ISO 8601 instant with its zone.

    >>> read_instant("2026-11-21T10:58:14.000+0100", "at").isoformat()
    '2026-11-21T09:58:14+00:00'
    """
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or not 1970 <= instant.year < 9999:
        raise RecordRefused(
            RefusalCode.BAD_TYPE,
            f"{field} is {text!r}, which is not an instant like 2026-03-31T09:58:14.000Z",
            field=field,
            value=text,
        )
    return instant.astimezone(UTC)


def instant_version(instant: datetime) -> str:
    """Write an instant as a version: text that sorts as the instants do.

    >>> instant_version(datetime(2026, 11, 21, 9, 58, 14, tzinfo=UTC))
    '2026-11-21T09:58:14.000000Z'
    """
    return f"{instant.astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"


def read_version(text: str, field: str) -> str:
    """Write a source's version, a number or an instant, as text that sorts as versions do.

    >>> read_version("3", "version"), read_version("2026-11-20T14:03:11Z", "time")
    ('00000000000000000003', '2026-11-20T14:03:11.000000Z')
    """
    if _VERSION_NUMBER.fullmatch(text):
        return text.zfill(20)
    return instant_version(read_instant(text, field))


def optional_decimal(record: Record, field: str) -> Decimal | None:
    """Return a field as an exact decimal.

    Raises:
        RecordRefused: if it is no finite number, too large, or finer than 12 decimals.

    >>> optional_decimal({"kWh": "2700"}, "kWh")
    Decimal('2700')
    """
    value = record.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise RecordRefused(RefusalCode.BAD_TYPE, f"{field} must be a number", field=field)
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return None
        # Decimal alone would also take 1_000, foreign digits and an exponent it cannot compute.
        number = Decimal(value) if _NUMBER.fullmatch(value) else Decimal("NaN")
    else:
        number = Decimal(value)
    if not number.is_finite() or number.copy_abs() >= _PLAIN_LIMIT:
        hint = "; write a decimal point and no other sign, like 1234.50"
        raise RecordRefused(
            RefusalCode.BAD_TYPE,
            f"{field} is {str(value)[:40]!r}, which is not a number of at most 15 digits"
            f"{hint if isinstance(value, str) else ''}",
            field=field,
            value=value,
        )
    if _is_finer_than(12, number, value):
        raise RecordRefused(
            RefusalCode.MONEY_SCALE,
            f"{field} is {str(value)[:60]}, finer than 12 decimals; it looks like a binary float",
            field=field,
            value=value,
        )
    # Without this -0 would be another content than 0.
    return number or Decimal(0)


def required_decimal(record: Record, field: str) -> Decimal:
    """Return a field as an exact decimal.

    Raises:
        RecordRefused: if it is absent or no number.
    """
    number = optional_decimal(record, field)
    if number is None:
        raise RecordRefused(RefusalCode.MISSING_FIELD, f"{field} is missing", field=field)
    return number


def read_money(record: Record, field: str, currency: str) -> Money:
    """Return a field as an amount of a currency.

    Raises:
        RecordRefused: if it is absent, no number, or finer than the currency's minor unit.

    >>> read_money({"TotalAmount": "1234.5"}, "TotalAmount", "EUR")
    Money('1234.50', 'EUR')
    """
    number = required_decimal(record, field)
    try:
        return Money(number, currency)
    except UnknownCurrency as error:
        raise RecordRefused(
            RefusalCode.UNKNOWN_CURRENCY, str(error), field=field, value=currency
        ) from None
    except ValueError:
        raise RecordRefused(
            RefusalCode.MONEY_SCALE,
            f"{field} is {number} {currency}, finer than the currency's minor unit",
            field=field,
            value=number,
        ) from None


def optional_flag(record: Record, field: str) -> bool:
    """Return a field as yes or no; absent is no.

    Raises:
        RecordRefused: if it is neither true nor false.

    >>> optional_flag({"IsDeleted": "true"}, "IsDeleted")
    True
    """
    text = optional_text(record, field)
    if text is None:
        return False
    if text.lower() in ("true", "1"):
        return True
    if text.lower() in ("false", "0"):
        return False
    raise RecordRefused(
        RefusalCode.BAD_TYPE, f"{field} must be true or false", field=field, value=text
    )


def refuse_future(day: date, latest: date, field: str) -> None:
    """Refuse a day after the latest that the source can know of.

    Raises:
        RecordRefused: if the day is later.
    """
    if day > latest:
        raise RecordRefused(
            RefusalCode.FUTURE_DATE,
            f"{field} is {day}, more than one day after the record was received",
            field=field,
            value=day,
        )


def latest_day(received_on: date) -> date:
    """Return the last day that a record received on a day may speak of.

    >>> latest_day(date(2026, 2, 28))
    datetime.date(2026, 3, 1)
    """
    return received_on + timedelta(days=1)


def plain(number: Decimal) -> str:
    """Write a decimal plainly: no exponent, no closing zeros, however the channel wrote it.

    >>> plain(Decimal("1E+3")), plain(Decimal("2.50"))
    ('1000', '2.5')
    """
    return format(number.normalize(), "f") if number else "0"


def _is_finer_than(places: int, number: Decimal, written: object) -> bool:
    if isinstance(written, str) and len(written) <= places and "e" not in written.lower():
        return False
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent < -places


def _as_text(value: object, field: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int):
        return str(value)
    raise RecordRefused(RefusalCode.BAD_TYPE, f"{field} must be a single value", field=field)


def exact_number(text: str) -> Decimal | str:
    """Read a JSON number; one that nobody could write out stays text, for a reader to refuse.

    >>> exact_number("12.50"), exact_number("1e999999999")
    (Decimal('12.50'), '1e999999999')
    """
    exponent = text.lower().partition("e")[2]
    return text if len(exponent.lstrip("+-0")) > 3 else Decimal(text)


def _written_day(text: str) -> date:
    # Python also reads week dates like 2026-W10-1; no source means those.
    if text[4:8:3] != "--":
        raise ValueError(text)
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text).date()


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
