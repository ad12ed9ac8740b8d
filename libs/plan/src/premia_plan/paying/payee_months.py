"""The months of one payee under one principal: accounts carried from each to the next."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from premia_common.identifiers import derive_id
from premia_plan.checked import CheckedPlan, Reserve, WithinCap
from premia_plan.paying.by_release import MonthsOf
from premia_plan.paying.capping import Waited, cap_month
from premia_plan.paying.closing import close_month
from premia_plan.paying.covering import covered, landed, within_limits
from premia_plan.paying.drawing import DrawLevels, advance, is_within, settle_at_leaving, take_back
from premia_plan.paying.figures import MonthFigures
from premia_plan.paying.lending import lend, take_instalment
from premia_plan.paying.membership import Membership
from premia_plan.paying.moved import Moved, Movement
from premia_plan.paying.reserving import keep_within, settle_reserve
from premia_plan.paying.results import Account, Balance, PaymentLine
from premia_plan.paying.rows import PaymentRows, Whose
from premia_plan.paying.standing import Standing
from premia_plan.paying.standing_accounts import Accounts
from premia_plan.period import last_month
from premia_plan.reference.book import Book
from premia_plan.reference.figure import Figure
from premia_plan.relations import OpeningRow, SourceRef
from premia_plan.results import Line

_CARRYING = frozenset({"carried_in", "carried_out"})


class PayeeMonths:
    """Pays one month after the other; `lines` and `balances` are those of months that move."""

    def __init__(
        self,
        plan: CheckedPlan,
        membership: Membership,
        rows: PaymentRows,
        *,
        whose: Whose,
        landed: Mapping[str, Sequence[Line]],
        book: Book,
        released_in: MonthsOf,
        standing: Standing | None = None,
        stated: str | None = None,
    ) -> None:
        self.lines: list[PaymentLine] = []
        self.balances: list[Balance] = []
        self._payment = plan.payment
        self._plan_name = plan.name
        self._membership = membership
        self.whose = whose
        self._landed = landed
        self._book = book
        self._levels = DrawLevels(plan, membership, book)
        self._left_in = membership.last_month(whose[0])
        self._joined = membership.first_month(whose[0])
        self._caps = rows.caps.get(whose, ())
        self._adjustments = rows.adjustments.get(whose, ())
        self._openings = list(rows.openings.get(whose, ()))
        self._accounts = Accounts.of(plan.payment, rows.loans.get(whose, []))
        self._released_in = released_in
        self._standing = standing
        self._stated = stated
        self._last: str | None = None

    def pay(self, month: str) -> None:
        """Work a month out."""
        write = MonthFigures(self._book, *self.whose, month)
        self._open(write)
        lines = self._landed.get(month, ())
        moved = Moved(
            write,
            landed(write, "", lines),
            has_left=self._left_in is not None and self._left_in <= month,
        )
        waited, before = self._keep_within(lines, moved)
        capped = cap_month(
            self._accounts.capped, self._caps, lines, waited, moved, released_in=self._released_in
        )
        self._adjust(moved)
        for account in self._accounts.reserves:
            if isinstance(account.reserve.release, WithinCap):
                continue
            part = covered(account.reserve, before, lines, capped, moved)
            settle_reserve(account, part, moved, self._left_in)
            before.append(account.reserve)
        self._draw(moved)
        for loan in self._accounts.loans:
            lend(loan, moved)
            take_instalment(loan, self._accounts.carried, moved)
        paid, carried = close_month(self._payment, self._accounts.carried, moved)
        is_quiet = not (
            lines or paid.value or any(item.what not in _CARRYING for item in moved.movements)
        )
        if not is_quiet or self._states_small_pay(month, carried):
            self._accounts.carried = carried
            self._write_down(moved, paid)

    def _keep_within(
        self, lines: Sequence[Line], moved: Moved
    ) -> tuple[Sequence[Waited], list[Reserve]]:
        """Keep what is released within its caps; return what waited, and the caps."""
        waited: list[Waited] = []
        before: list[Reserve] = []
        for account in self._accounts.reserves:
            reserve = account.reserve
            if not isinstance(reserve.release, WithinCap):
                continue
            since = account.parts[0][0] if account.parts else moved.write.month
            own = within_limits(reserve, before, lines, moved)
            keep_within(account, reserve.release.most, own, moved)
            waited += [
                Waited(reserve, since, figure)
                for figure in moved.of("reserve_withheld", "reserve_released", name=reserve.name)
            ]
            before.append(reserve)
        return waited, before

    def _states_small_pay(self, month: str, carried: Figure | None) -> bool:
        """Say whether the month's statement must say that a pay is still too small to be paid."""
        return month == self._stated and carried is not None and carried.value < 0

    @property
    def standing(self) -> Standing | None:
        """Return where the payee stands after the last month that was worked out."""
        if self._last is None:
            return self._standing
        source = SourceRef("paying", " ".join((*self.whose, self._last)))
        return Standing(self._last, self._accounts.stands(self._book.places), source)

    def _open(self, write: MonthFigures) -> None:
        """Let the balances of earlier months stand that were not worked out here."""
        if self._last is None:
            if self._standing is not None:
                self._accounts.go_on(self._standing, write)
                self._note_kept(write)
            self._openings = [row for row in self._openings if not self._accounts.knows(row)]
            self._accounts.lend_before(write)
        self._last = write.month
        for row in [item for item in self._openings if last_month(item.period) < write.month]:
            self._openings.remove(row)
            if row.kind != "paid":  # it counts in its own month alone
                self._accounts.open(row, self._leaf(row, write), write)

    def _note_kept(self, write: MonthFigures) -> None:
        for account in self._accounts.kept:
            if account.amount:
                self._book.exception(
                    "account_without_terms",
                    f"{write.payee_id} has {account.amount} in the {account.kind} {account.name}, "
                    "of which the terms of payment say nothing any more",
                    f"Name the {account.kind} in the plan, or settle it by an adjustment",
                    payee_id=write.payee_id,
                    month=write.month,
                )

    def _leaf(self, row: OpeningRow, write: MonthFigures) -> Figure:
        facts = {"of": row.kind, "on": row.on.isoformat(), "period": row.period}
        amount = Fraction(row.amount)
        name = " ".join(filter(None, (row.kind, row.name, row.counted_as)))
        return write.given("opening_account", name, amount, source=row.source, facts=facts)

    def _adjust(self, moved: Moved) -> None:
        write = moved.write
        for row in self._adjustments:
            if row.month == write.month:
                facts = {"approved_by": row.approved_by, "reason": row.reason}
                name, amount = row.adjustment_id, Fraction(row.amount)
                figure = write.given("adjustment", name, amount, source=row.source, facts=facts)
                moved.move("adjustment", name, figure, row.reason)
        for opening in [item for item in self._openings if item.kind == "paid"]:
            if last_month(opening.period) == write.month:
                taken = write.opposite("already_paid", opening.name, self._leaf(opening, write))
                moved.move("already_paid", opening.name, taken)

    def _draw(self, moved: Moved) -> None:
        """Pay the draws, then take back what is owed, the oldest first."""
        month, joined = moved.write.month, self._joined
        if joined is None:
            return
        own = self._membership.principal(self.whose[0], month) == self.whose[1]
        levels: dict[str, Figure | None] = {}
        drawn_to: list[Figure] = []
        for account in self._accounts.draws:
            draw = account.draw
            levels[draw.name] = level = self._levels.of(draw, moved.write) if own else None
            if level is not None and is_within(draw.drawn, month, joined):
                advance(draw, level, moved, drawn_to)
                drawn_to += moved.of("draw", name=draw.name) if draw.is_level else ()
        for account in sorted(self._accounts.draws, key=lambda item: item.debts.oldest or month):
            draw = account.draw
            drawn = moved.of("draw", name=draw.name)
            if not draw.is_recoverable or not (account.debts.value or drawn):
                continue
            if moved.has_left:
                settle_at_leaving(account, moved)
            elif account.debts.value < 0 or is_within(draw.recovered, month, joined):
                take_back(account, levels[draw.name], moved)
            else:
                account.debts.move("draw_owed", draw.name, moved, "draw")

    def _write_down(self, moved: Moved, paid: Figure) -> None:
        month = moved.write.month
        self.lines += [self._line(item, month) for item in moved.movements]
        accounts = {account.draw.name: account.debts.owed for account in self._accounts.draws}
        accounts |= {account.reserve.name: account.balance for account in self._accounts.reserves}
        accounts |= {f"loan {item.loan.loan_id}": item.debts.owed for item in self._accounts.loans}
        stands = {
            name: Account(self._amount(figure), figure.node_id)
            for name, figure in accounts.items()
            if figure is not None
        }
        if self._accounts.carried is not None:
            on = moved.write.opposite("carried", "", self._accounts.carried)
            stands["carried"] = Account(self._amount(on), on.node_id)
        earned, paid_out = self._amount(moved.earned), self._amount(paid)
        self.balances.append(Balance(*self.whose, month, earned, paid_out, stands, paid.node_id))

    def _line(self, item: Movement, month: str) -> PaymentLine:
        key = (*self.whose, month, item.what, item.name)
        return PaymentLine(
            derive_id("payment", self._plan_name, *key),
            *self.whose,
            month,
            item.what,
            item.name,
            self._amount(item.figure),
            item.reason,
            item.figure.node_id,
        )

    def _amount(self, figure: Figure) -> Decimal:
        units = self._book.units(figure.value)
        return Decimal(units).scaleb(-self._book.places)
