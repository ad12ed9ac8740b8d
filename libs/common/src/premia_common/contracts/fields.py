"""Field types that several events share."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.functional_validators import BeforeValidator

from premia_common.money import Money

_PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")


def _plain_decimal(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str):
        raise ValueError(f'write {value!r} as text, like "123.45": a JSON number may lose cents')
    if _PLAIN.fullmatch(value) is None:
        raise ValueError(f'{value!r} is not a plain decimal; write it like "123.45"')
    return value


def _decimal_text(pattern: str) -> Any:
    return Annotated[
        Decimal,
        BeforeValidator(_plain_decimal),
        PlainSerializer(lambda value: format(value, "f"), return_type=str),
        WithJsonSchema({"type": "string", "pattern": pattern, "examples": ["123.45"]}),
    ]


if TYPE_CHECKING:
    DecimalText = Decimal
    AmountText = Decimal
else:
    DecimalText = _decimal_text(r"^-?[0-9]{1,15}(\.[0-9]{1,12})?$")
    """An exact decimal that travels as text."""
    AmountText = _decimal_text(r"^-?[0-9]{1,15}(\.[0-9]{1,3})?$")
    """An amount of money that travels as text."""

MonthText = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
"""A calendar month, like `2026-03`."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Part(BaseModel):
    """A frozen piece of an event; unknown fields are ignored, so that contracts can grow."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class MoneyOut(Part):
    """An amount on the wire: `{"amount": "123.45", "currency": "EUR"}`."""

    amount: AmountText
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = Field(examples=["EUR"])

    @model_validator(mode="after")
    def _in_minor_units(self) -> Self:
        Money(self.amount, self.currency)
        return self

    @classmethod
    def of(cls, money: Money) -> "MoneyOut":
        """Write an amount.

        >>> MoneyOut.of(Money("1.5", "EUR")).model_dump_json()
        '{"amount":"1.50","currency":"EUR"}'
        """
        return cls(amount=money.amount, currency=money.currency)

    def money(self) -> Money:
        """Read the amount back."""
        return Money(self.amount, self.currency)


class ExternalRef(Part):
    """How another system names a thing: resolved by whoever knows the dated identifiers."""

    system: str
    code: str


class DatedExternalId(ExternalRef):
    """An external identifier and the days on which it means this thing, half-open."""

    valid_from: date
    valid_to: date | None = None


class DatedAttribute(Part):
    """A typed value of a payee or a position, and the days on which it holds, half-open."""

    name: str
    type: Literal["money", "percent", "count", "text", "bool", "date"]
    value: str
    """Decimals plain, percentages as ratios, dates ISO, booleans true/false."""
    unit: str | None = None
    """The currency of money, or what a count counts."""
    valid_from: date
    valid_to: date | None = None


class RawRef(Part):
    """The source message that a fact was read from, and the SHA-256 of its bytes as received."""

    message_id: str
    sha256: Sha256
    part: str | None = None
    """Which record or row of the message, if it holds several."""


class Label(Part):
    """A name in the languages that payees read."""

    it: str
    en: str


class FileAddress(Part):
    """Where the lines behind a total lie, and their digest."""

    address: str
    sha256: Sha256


Instant = datetime
