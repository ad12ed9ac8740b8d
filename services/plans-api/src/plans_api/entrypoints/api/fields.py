"""Field types that several request bodies share."""

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.functional_validators import BeforeValidator

from plans_api.domain.window import Window
from premia_common.contracts.fields import AmountText
from premia_common.money import Money

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_VISIBLE = r"[^\x00-\x1f\x7f]"
_INK = r"[^\s\x00-\x1f\x7f]"


def _iso_day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        raise ValueError(f"{value!r} is not a day; write it like 2026-03-31")
    return value


if TYPE_CHECKING:
    Day = date
else:
    Day = Annotated[date, BeforeValidator(_iso_day)]
    """A calendar day, like `2026-03-31`."""

Code = Annotated[
    str,
    StringConstraints(max_length=80, pattern=rf"^{_INK}({_VISIBLE}*{_INK})?$"),
]
"""A short name that people and other systems use; no blank at either end."""

Name = Annotated[str, StringConstraints(max_length=200, pattern=rf"^{_INK}({_VISIBLE}*{_INK})?$")]
"""A name as people write it."""

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A word that plans may compare with, like `agency`."""

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
ContentHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Reason = Annotated[str, StringConstraints(max_length=500, pattern=rf"^{_INK}({_VISIBLE}*{_INK})?$")]

WarningName = Annotated[
    str, StringConstraints(max_length=500, pattern=rf"^{_INK}({_VISIBLE}*{_INK})?$")
]
"""What a warning about a plan is, and where, like `cliff /components/bonus/tiers/bands/1`."""


class Body(BaseModel):
    """A request body, or a part of one: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LabelIn(Body):
    """A name in the languages that payees read."""

    it: Name
    en: Name


class MoneyIn(Body):
    """An amount of money as exact text."""

    amount: AmountText
    currency: Currency = Field(examples=["EUR"])

    @model_validator(mode="after")
    def _in_minor_units(self) -> "MoneyIn":
        self.money()
        return self

    def money(self) -> Money:
        """Return the amount."""
        return Money(self.amount, self.currency)


class Dated(Body):
    """Something that holds from one day up to, and without, another."""

    valid_from: Day = Field(examples=["2026-01-01"])
    valid_to: Day | None = Field(default=None, examples=["2027-01-01"])

    @model_validator(mode="after")
    def _not_empty(self) -> "Dated":
        self.window()
        return self

    def window(self) -> Window:
        """Return the days."""
        return Window(self.valid_from, self.valid_to)


class DatedOut(BaseModel):
    """From which day, and up to and without which."""

    valid_from: date
    valid_to: date | None
