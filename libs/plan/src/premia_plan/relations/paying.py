"""What is paid or kept besides earnings: adjustments, loans, leave, holidays."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from premia_plan.relations.ordering import Key
from premia_plan.relations.values import SourceRef


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """An amount paid or taken by hand, by one person and approved by another.

    It counts in `month`; one that was not approved by the end of `expires_on` never does.
    """

    KEY: ClassVar[Key] = ("adjustment_id",)

    adjustment_id: str
    payee_id: str
    principal: str
    month: str
    amount: Decimal
    reason: str
    made_by: str
    approved_by: str | None
    approved_on: date | None
    expires_on: date | None
    source: SourceRef


@dataclass(frozen=True, slots=True)
class PayeeCapRow:
    """The most that all plans of a principal together may pay a payee in a month.

    It belongs to the payee's agreement. Without a `priority` every component loses by what it
    paid; with one, those that it names later lose first.
    """

    KEY: ClassVar[Key] = ("payee_id", "principal", "valid_from")

    payee_id: str
    principal: str
    amount: Decimal
    valid_from: date | None
    valid_to: date | None
    source: SourceRef
    priority: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A loan paid with a month's pay and taken back in instalments from a later month on."""

    KEY: ClassVar[Key] = ("loan_id",)

    loan_id: str
    payee_id: str
    principal: str
    month: str
    amount: Decimal
    instalment: Decimal
    recovered_from: str
    source: SourceRef


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """Days on which a payee was on leave."""

    KEY: ClassVar[Key] = ("payee_id", "valid_from", "valid_to")

    payee_id: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A day of the week that is no working day."""

    KEY: ClassVar[Key] = ("on",)

    on: date
