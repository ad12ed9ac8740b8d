"""Rows that are loaded into calc-engine itself: what no other service owns, and people record.

A row is kept as a fact, dated and known on a day; the same row again changes nothing, another
content under the same key is its next version, and a withdrawn one counts no more.  Payees and
principals are named by our id or by the code that people know them by.
"""

import re
from abc import abstractmethod
from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from premia_common.contracts.fields import DecimalText, ExternalRef, MoneyOut, MonthText, Part
from premia_common.contracts.orders import StateSeen

Name = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f]{1,300}$")]
"""A code, an id or a short text on one line."""
TextOnOneLine = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f]{0,300}$")]
"""The same, perhaps empty."""
PeriodText = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}(-(Q[1-4]|H[12]|0[1-9]|1[0-2]))?$")
]
"""A period, like `2026-03`, `2026-Q1`, `2026-H1` or `2026`."""
_SUBJECT = re.compile(
    r"plan|(territory|category):[^\x00-\x1f]{1,200}|team:[a-z][a-z0-9_]*:[^\x00-\x1f]{1,200}"
)
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Record(Part):
    """One row."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str]
    """Which table it belongs to, and the kind of its fact."""

    source: Name = Field(examples=["payroll export of March"])
    """Where the row comes from, in words."""
    withdrawn: bool = False
    """The row was loaded by mistake and counts no more."""

    @property
    @abstractmethod
    def key(self) -> str:
        """Which thing the row is about: two rows of one key are versions of it."""


class OpeningRecord(Record):
    """A balance of a payee from before the first period."""

    kind: ClassVar[str] = "opening"

    balance: Literal["measure", "paid", "draw", "reserve", "balance"]
    """What stands open: a measure to date, what was paid, owed, held, or carried on."""
    payee: Name
    principal: Name | None = None
    """Who owes the payee; without it, whoever the payee's plan says."""
    name: TextOnOneLine = ""
    """The measure, component, draw or reserve it belongs to; empty for `balance`."""
    period: PeriodText
    amount: DecimalText
    """Of a draw what is owed; of a balance a debt is negative."""
    currency: Currency | None = None
    """Needed unless a measure is counted, not paid."""
    on: date
    """The day on which it stood."""

    @property
    def key(self) -> str:
        whose = f"{self.payee}/{self.principal or ''}/{self.currency or ''}"
        return f"{self.balance}/{whose}/{self.name}/{self.period}"

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        if self.balance != "measure" and self.currency is None:
            raise ValueError("currency is needed of everything but a measure")
        if self.balance in {"measure", "draw", "reserve"} and not self.name:
            raise ValueError(f"name is needed: which {self.balance} it is")
        return self


class LeaveRecord(Record):
    """Days on which a payee was on leave: the first, and the one after the last."""

    kind: ClassVar[str] = "leave"

    payee: Name
    valid_from: date
    valid_to: date | None = None

    @property
    def key(self) -> str:
        return f"{self.payee}/{self.valid_from}"

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("valid_to is the day after the last one, so it lies after valid_from")
        return self


class HolidayRecord(Record):
    """A day of the week on which nobody works."""

    kind: ClassVar[str] = "holiday"

    on: date

    @property
    def key(self) -> str:
        return self.on.isoformat()


class ExchangeRateRecord(Record):
    """How much of one currency a unit of another is, of a named type."""

    kind: ClassVar[str] = "exchange_rate"

    rate_type: Literal["daily", "period average", "plan rate"]
    from_currency: Currency
    to_currency: Currency
    on: date | None = None
    """The day of a daily rate."""
    period: PeriodText | None = None
    """The month of an average, the year of a plan rate."""
    rate: DecimalText = Field(gt=0)

    @property
    def key(self) -> str:
        when = self.on.isoformat() if self.on else self.period or ""
        return f"{self.rate_type}/{self.from_currency}/{self.to_currency}/{when}"

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if (self.on is None) == (self.period is None):
            raise ValueError("give on or period, one of them")
        if (self.rate_type == "daily") != (self.on is not None):
            raise ValueError("a daily rate has a day in `on`, every other rate a `period`")
        if self.from_currency == self.to_currency:
            raise ValueError("from_currency and to_currency are the same")
        return self


class LoanRecord(Record):
    """A loan paid with a month's pay, and taken back in instalments from a later month on.

    One that was paid before the first period is recorded with what is still owed of it.
    """

    kind: ClassVar[str] = "loan"

    loan_id: Name
    payee: Name
    principal: Name
    month: MonthText
    amount: MoneyOut
    instalment: MoneyOut
    recovered_from: MonthText

    @property
    def key(self) -> str:
        return self.loan_id

    @model_validator(mode="after")
    def _is_paid_back(self) -> Self:
        if self.amount.amount <= 0 or self.instalment.amount <= 0:
            raise ValueError("amount and instalment must be above zero")
        if self.amount.currency != self.instalment.currency:
            raise ValueError("amount and instalment must be in one currency")
        if self.recovered_from < self.month:
            raise ValueError("recovered_from must not lie before month")
        return self


class PaidBeforeRecord(Record):
    """What a plan that was never published here paid for the period in which another goes on.

    Where that plan was published here, what it gives is calculated and such a row is not read.
    """

    kind: ClassVar[str] = "paid_before"

    plan: Name
    """The plan before, as the `change` of the one that goes on names it."""
    payee: Name
    component: Name
    """Of the plan that goes on."""
    period: PeriodText
    amount: MoneyOut

    @property
    def key(self) -> str:
        return f"{self.plan}/{self.payee}/{self.component}/{self.period}"


class ReversalRecord(Record):
    """A part of an order, or of another fact, that was reversed on a day, such as by a refund.

    Its size is an amount of the fact's or a share of it; without either it is all of it.
    """

    kind: ClassVar[str] = "reversal"

    reversal_id: Name
    order: ExternalRef | None = None
    """By the order's source and its own id, or the number people know it by; only an activity may
    belong to none."""
    of: Literal["order", "line", "activity", "bill", "payment", "credit note"] = Field(
        default="order", exclude_if=lambda of: of == "order"
    )
    """What was reversed."""
    fact: Name | None = Field(default=None, exclude_if=lambda fact: fact is None)
    """Which one, if no order: a line's id in its order, an activity's id, or the source and the id
    of what billing said, like `billing/4711`."""
    on: date
    amount: DecimalText | None = Field(default=None, gt=0)
    share: DecimalText | None = Field(default=None, gt=0, le=1)
    cause: Name | None = None
    imputable_to: Literal["customer", "payee", "principal"] | None = None

    @property
    def key(self) -> str:
        return self.reversal_id

    @model_validator(mode="after")
    def _names_what_was_reversed(self) -> Self:
        if (self.of == "order") != (self.fact is None):
            raise ValueError("fact names which one it is, of everything but an order")
        if self.of != "activity" and self.order is None:
            raise ValueError("order is needed of everything but an activity")
        return self

    @model_validator(mode="after")
    def _has_one_size(self) -> Self:
        if self.amount is not None and self.share is not None:
            raise ValueError("give amount or share, not both")
        return self


class ActivityRecord(Record):
    """Something that was done, such as a visit or a service call, by payees in their roles."""

    kind: ClassVar[str] = "activity"

    activity_id: Name
    order: ExternalRef | None = None
    """The order it belongs to, if it belongs to one."""
    principal: Name
    on: date
    payees: dict[Name, ExternalRef]
    category: TextOnOneLine = ""
    territory: TextOnOneLine = ""
    amount: DecimalText | None = None
    tax: DecimalText | None = None
    currency: Currency
    quantity: DecimalText | None = None
    quantity_unit: TextOnOneLine = ""
    attributes: dict[Name, Name] = Field(default_factory=dict)
    """Decimals plain, dates ISO, booleans true/false."""
    states: tuple[StateSeen, ...] = ()

    @property
    def key(self) -> str:
        return self.activity_id


def _is_subject(value: str) -> str:
    if _SUBJECT.fullmatch(value) is None:
        raise ValueError(
            "write plan, territory:CODE, category:CODE or team:HIERARCHY:HEAD; what is one "
            "payee's goes to targets"
        )
    return value


class FigureRecord(Record):
    """A target or a measured value of a team, a territory, a category or the whole plan.

    Those of single payees are proposed as targets and come as measurements.
    """

    kind: ClassVar[str] = "figure"

    figure: Literal["target", "measurement"]
    subject: Annotated[
        str,
        AfterValidator(_is_subject),
        WithJsonSchema({"type": "string", "pattern": f"^({_SUBJECT.pattern})$"}),
    ] = Field(examples=["territory:nord", "team:sales:M1"])
    """`plan`, `territory:` or `category:` with a code, or `team:` with hierarchy, `:` and head."""
    name: Name
    """The measure or target, as plans name it."""
    period: PeriodText
    value: DecimalText
    """Amounts in the plan's currency; 0.95 is 95 %."""
    valid_from: date | None = None
    """From which day a target counts that changes within its period."""
    provisional: bool = False

    @property
    def key(self) -> str:
        since = "" if self.valid_from is None else self.valid_from.isoformat()
        return f"{self.figure}/{self.subject}/{self.name}/{self.period}/{since}"

    @model_validator(mode="after")
    def _says_only_what_it_has(self) -> Self:
        if self.figure == "target" and self.provisional:
            raise ValueError("only a measured value is provisional")
        if self.figure == "measurement" and self.valid_from is not None:
            raise ValueError("only a target changes within its period")
        return self


RECORDS: dict[str, type[Record]] = {
    record.kind: record
    for record in (
        OpeningRecord,
        LeaveRecord,
        HolidayRecord,
        ExchangeRateRecord,
        LoanRecord,
        PaidBeforeRecord,
        ReversalRecord,
        ActivityRecord,
        FigureRecord,
    )
}
"""Every table of rows by its name."""
