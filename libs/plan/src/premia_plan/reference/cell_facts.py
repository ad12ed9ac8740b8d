"""What is known of every cell: its subject on the period's last day, and the period itself."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from premia_plan.checked import SUBJECT_UNITS
from premia_plan.language import Value
from premia_plan.period import end_day, first_day, months_of
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.attribute import value_text
from premia_plan.reference.book import Book
from premia_plan.reference.payee import ABOUT_PAYEE, Payees
from premia_plan.reference.presence import Presence
from premia_plan.reference.subject import payee_of, told
from premia_plan.reference.subjects import Subjects

PERIOD, SHARE_IN_PLAN = "period.", "payee.share_in_plan"
PERIOD_UNITS = {
    "period.month": Unit.COUNT,
    "period.quarter": Unit.COUNT,
    "period.year": Unit.COUNT,
    "period.number": Unit.COUNT,
    "period.days": Unit.DAYS,
    "period.first_day": Unit.DATE,
    "period.last_day": Unit.DATE,
}


def is_cell_fact(name: str) -> bool:
    """Say whether a name is about the payee or the period of a cell.

    >>> is_cell_fact("payee.grade"), is_cell_fact("period.days"), is_cell_fact("target.sold")
    (True, True, False)
    """
    return name.startswith((*ABOUT_PAYEE, PERIOD)) or name in SUBJECT_UNITS


def period_value(period: str, name: str) -> Fraction | date:
    """Return what is asked of a period.

    Its month, quarter and year are those in which it ends; its number is the one within its year.

    >>> period_value("2026-Q2", "period.month"), period_value("2026-Q2", "period.number")
    (Fraction(6, 1), Fraction(2, 1))
    """
    first, last = first_day(period), end_day(period) - timedelta(days=1)
    length = len(months_of(period))
    values: dict[str, Fraction | date] = {
        "first_day": first,
        "last_day": last,
        "days": Fraction((last - first).days + 1),
        "year": Fraction(last.year),
        "quarter": Fraction((last.month + 2) // 3),
        "number": Fraction((last.month + length - 1) // length),
        "month": Fraction(last.month),
    }
    return values[name.removeprefix(PERIOD)]


def period_node(period: str, name: str, book: Book) -> UUID:
    """Return the leaf of what is asked of a period."""
    return book.node(
        "period",
        period,
        name,
        kind="period_value",
        value=value_text(period_value(period, name)),
        unit=PERIOD_UNITS[name].value,
        detail={"clause": "/pay_period", "month": period, "name": name},
    )


@dataclass(frozen=True, slots=True)
class CellFacts:
    """Answers about the payee and the period of cells, and writes their nodes."""

    payees: Payees
    presence: Presence
    subjects: Subjects
    book: Book

    def value(self, subject: str, period: str, name: str) -> Value | None:
        """Return an attribute of the cell's payee on its last day, or what its period is."""
        if name.startswith(PERIOD):
            return period_value(period, name)
        if name in SUBJECT_UNITS:
            return self.subjects.value(subject, period, name)
        payee_id = payee_of(subject)
        if payee_id is None:
            return None
        if name == SHARE_IN_PLAN:
            return self.presence.part(payee_id, period).ratio
        return self.payees.value(payee_id, end_day(period) - timedelta(days=1), name)

    def node(self, subject: str, period: str, name: str) -> UUID:
        """Return the leaf of what `value` gives."""
        if name.startswith(PERIOD):
            return period_node(period, name, self.book)
        if name in SUBJECT_UNITS:
            return self._subject_node(subject, period, name)
        if name == SHARE_IN_PLAN:
            return self._share_node(payee_of(subject) or "", period)
        day = end_day(period) - timedelta(days=1)
        return self.payees.node(payee_of(subject) or "", day, name, self.book)

    def _subject_node(self, subject: str, period: str, name: str) -> UUID:
        return self.book.node(
            "subject",
            subject,
            period,
            name,
            kind="subject_value",
            value=value_text(self.subjects.value(subject, period, name)),
            unit=SUBJECT_UNITS[name].value,
            payee_id=payee_of(subject),
            detail={
                "clause": "/components",
                "month": period,
                "name": name,
                "subject": told(subject).en,
                "subject_it": told(subject).it,
            },
        )

    def _share_node(self, payee_id: str, period: str) -> UUID:
        part = self.presence.part(payee_id, period)
        return self.book.node(
            "share in plan",
            payee_id,
            period,
            kind="share_in_plan",
            value=exact_text(part.ratio),
            unit=Unit.RATE.value,
            payee_id=payee_id,
            detail={
                "clause": "/proration",
                "month": period,
                "days": part.counted,
                "of_days": part.whole,
            },
        )
