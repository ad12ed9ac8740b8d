"""A statement revision as calc-engine announced it."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from invoicing.domain.tax import TaxableAmount, TaxDates
from invoicing.domain.tax_regime import LineKind
from premia_common.money import Money
from premia_common.periods import Month

PAYMENT_DAYS = 30
"""Days from the document's date to the payment's due date."""


class StatementDoesNotAddUp(Exception):
    """Raised when a revision's totals and balance do not give its payable amount."""

    def __init__(self, statement_id: UUID, revision: int, total: Money, payable: Money) -> None:
        super().__init__(
            f"Statement {statement_id} revision {revision} adds up to {total.amount} but says "
            f"{payable.amount} {payable.currency} is payable.  Have calc-engine publish it again."
        )


@dataclass(frozen=True, slots=True)
class StatementTotal:
    """What one component of one plan pays for one competence month."""

    plan: str
    component: str
    kind: LineKind
    competence: str
    amount: Money
    corrects: UUID | None


@dataclass(frozen=True, slots=True)
class StatementRevision:
    """One revision: its totals, the balance of earlier statements and what is payable."""

    statement_id: UUID
    revision: int
    digest: str
    payee_id: UUID
    principal_id: UUID
    period: str
    currency: str
    totals: tuple[StatementTotal, ...]
    brought_forward: Money
    payable: Money

    def __post_init__(self) -> None:
        total = sum((line.amount for line in self.totals), self.brought_forward)
        due = total if total.amount > 0 else Money.zero(self.currency)
        if due != self.payable:
            raise StatementDoesNotAddUp(self.statement_id, self.revision, total, self.payable)

    def amounts(self) -> tuple[TaxableAmount, ...]:
        """Return what taxes are calculated on: every total, and the balance if there is one."""
        lines = tuple(
            TaxableAmount(f"{line.plan}/{line.component}/{line.competence}", line.kind, line.amount)
            for line in self.totals
        )
        if self.brought_forward:
            lines += (TaxableAmount("brought_forward", "balance", self.brought_forward),)
        return lines

    def assumed_dates(self) -> TaxDates:
        """Return the days a draft assumes: invoiced on the first day after the period.

        >>> dates_from(date(2026, 4, 1)).payment
        datetime.date(2026, 5, 1)
        """
        return dates_from(Month.parse(self.period).period.end)


def dates_from(invoice_on: date) -> TaxDates:
    """Return a document's days: its own date, and payment on the due date."""
    return TaxDates(invoice_on, invoice_on + timedelta(days=PAYMENT_DAYS))


class StatementRevisionDiffers(Exception):
    """Raised when a statement revision is announced again with other content."""

    def __init__(self, statement_id: UUID, revision: int) -> None:
        super().__init__(
            f"Statement {statement_id} revision {revision} was announced before with another "
            "digest.  A revision never changes; have calc-engine publish a new one."
        )
