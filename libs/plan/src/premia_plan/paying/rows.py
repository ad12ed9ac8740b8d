"""The rows that paying reads besides lines, by payee, principal and month."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeAlias, TypeVar

from premia_plan.checked import CheckedPlan
from premia_plan.paying.membership import Membership
from premia_plan.period import end_day, last_month
from premia_plan.reference.book import Book
from premia_plan.relations import AdjustmentRow, LoanRow, OpeningRow, PayeeCapRow, Relations

Whose: TypeAlias = tuple[str, str]
"""A payee and the principal who owes."""
Row = TypeVar("Row", AdjustmentRow, LoanRow, OpeningRow, PayeeCapRow)


class PaymentRows:
    """Adjustments that count, loans and opening balances; what does not count is noted."""

    def __init__(
        self,
        plan: CheckedPlan,
        relations: Relations,
        membership: Membership,
        until: str,
        book: Book,
    ) -> None:
        self._plan = plan
        self._until = until
        self._book = book
        self.adjustments: dict[Whose, list[AdjustmentRow]] = defaultdict(list)
        self.loans: dict[Whose, list[LoanRow]] = defaultdict(list)
        self.openings: dict[Whose, list[OpeningRow]] = defaultdict(list)
        self.caps: dict[Whose, list[PayeeCapRow]] = defaultdict(list)
        for cap in self._single(relations.payee_caps, "payee_cap"):
            self.caps[cap.payee_id, cap.principal].append(cap)
        for adjustment in self._single(relations.adjustments, "adjustment"):
            if adjustment.month <= until and self._counts(adjustment):
                self.adjustments[adjustment.payee_id, adjustment.principal].append(adjustment)
        for loan in self._single(relations.loans, "loan"):
            if loan.month <= until:
                self.loans[loan.payee_id, loan.principal].append(loan)
        own = [row for row in relations.openings if row.kind != "measure"]
        for opening in self._single(own, "opening"):
            if last_month(opening.period) <= until and self._is_known(opening):
                principal = membership.principal(opening.payee_id, last_month(opening.period))
                self.openings[opening.payee_id, principal].append(opening)

    @property
    def whose(self) -> set[Whose]:
        """Return whom any row is about."""
        return {*self.adjustments, *self.loans, *self.openings}

    def months(self, whose: Whose) -> list[str]:
        """Return the months in which rows about somebody count."""
        return [
            *(row.month for row in self.adjustments.get(whose, ())),
            *(row.month for row in self.loans.get(whose, ())),
            *(last_month(row.period) for row in self.openings.get(whose, ())),
        ]

    def _single(self, rows: Sequence[Row], kind: str) -> Iterable[Row]:
        """Give the rows of which there is one, noting those that contradict each other."""
        groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in rows:
            groups[tuple(str(getattr(row, name)) for name in row.KEY)].append(row)
        for found in groups.values():
            if len(found) == 1:
                yield found[0]
                continue
            name = " ".join(str(getattr(found[0], key)) for key in found[0].KEY)
            self._book.exception(
                f"{kind}_ambiguous",
                f"There are two different rows for {kind} {name}",
                "Keep one of them; both are left out until then",
                payee_id=found[0].payee_id,
            )

    def _counts(self, row: AdjustmentRow) -> bool:
        """Say whether somebody else approved it in time."""
        expires = row.expires_on
        if row.approved_by is not None and row.approved_by != row.made_by:
            if expires is None or row.approved_on is None or row.approved_on <= expires:
                return True
            self._note_adjustment(row, "adjustment_expired", f"was approved after {expires}", "")
            return False
        if expires is not None and expires < end_day(self._until):
            self._note_adjustment(row, "adjustment_expired", f"expired on {expires}", "")
            return False
        who = "nobody" if row.approved_by is None else "its own maker"
        self._note_adjustment(
            row,
            "adjustment_not_approved",
            f"was approved by {who}",
            "Let another person approve it",
        )
        return False

    def _note_adjustment(self, row: AdjustmentRow, code: str, what: str, to_do: str) -> None:
        self._book.exception(
            code,
            f"Adjustment {row.adjustment_id} of {row.amount} for {row.payee_id} {what}",
            to_do or "Make it again if it is still meant",
            payee_id=row.payee_id,
            month=row.month,
            blocks=bool(to_do),
        )

    def _is_known(self, row: OpeningRow) -> bool:
        """Say whether the plan has the draw or reserve that a balance is of."""
        payment = self._plan.payment
        accounts = {"draw": payment.draws, "reserve": payment.reserves}.get(row.kind)
        if accounts is None or row.name in accounts:
            return True
        self._book.exception(
            "opening_unknown",
            f"{row.payee_id} has an opening balance of the {row.kind} {row.name}, "
            "which the plan does not have",
            f"Correct its name, or add the {row.kind} to the plan",
            payee_id=row.payee_id,
            month=row.period,
        )
        return False
