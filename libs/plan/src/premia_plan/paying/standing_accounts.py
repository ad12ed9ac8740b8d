"""All accounts of one payee: taken over from a closed month or an opening, and handed on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter

from premia_plan.apportion import round_units
from premia_plan.checked import Payment
from premia_plan.paying.accounts import DrawAccount, LoanAccount, ReserveAccount
from premia_plan.paying.cap_account import CapAccount, Earned
from premia_plan.paying.figures import MonthFigures
from premia_plan.paying.standing import ACCOUNTS, AccountKind, Standing, StandingAccount
from premia_plan.period import last_month
from premia_plan.quantities import Unit
from premia_plan.reference.figure import Figure
from premia_plan.relations import LoanRow, OpeningRow, SourceRef

_KIND: Mapping[str, AccountKind] = {"draw": "draw", "reserve": "reserve", "balance": "carried"}
"""Which account an opening balance is of; what was already paid is none."""
_OPENS = {account: [kind for kind, own in _KIND.items() if own == account] for account in ACCOUNTS}


@dataclass(slots=True)
class Accounts:
    """The accounts while months are paid; `kept` are those that the terms no longer name."""

    draws: list[DrawAccount]
    reserves: list[ReserveAccount]
    loans: list[LoanAccount]
    carried: Figure | None = None
    capped: CapAccount = field(default_factory=CapAccount)
    kept: list[StandingAccount] = field(default_factory=list)
    _opened: list[OpeningRow] = field(default_factory=list)
    _lent_before: dict[str, Decimal] = field(default_factory=dict)
    _before: Standing | None = None

    @classmethod
    def of(cls, payment: Payment, loans: list[LoanRow]) -> "Accounts":
        """Return the accounts of a payee of whom nothing stands yet."""
        return cls(
            [DrawAccount(draw) for draw in payment.draws.values()],
            [ReserveAccount(reserve) for reserve in payment.reserves.values()],
            [LoanAccount(row) for row in loans],
        )

    def go_on(self, standing: Standing, write: MonthFigures) -> None:
        """Take over where the payee stood."""
        self._before = standing
        for account in standing.accounts:
            name = f"{account.kind} {account.name}".strip()
            leaf = write.given(
                "standing_account",
                name,
                Fraction(account.amount),
                source=standing.source,
                facts={"of": account.kind, "after": standing.after},
            )
            if not self._takes(account, leaf, write):
                self.kept.append(account)

    def _takes(self, account: StandingAccount, leaf: Figure, write: MonthFigures) -> bool:
        parts = [(month, Fraction(amount)) for month, amount in account.parts]
        match account.kind:
            case "carried":
                self.carried = write.opposite("opening_carried", "", leaf) if leaf.value else None
                return True
            case "draw":
                debts = [item.debts for item in self.draws if item.draw.name == account.name]
            case "loan":
                debts = [item.debts for item in self.loans if item.loan.loan_id == account.name]
            case "reserve":
                return self._holds(account, leaf, write)
            case "capped" | "taken_back":
                return self._lost(account, write)
        for own in debts:
            own.goes_on(leaf, parts)
        return bool(debts)

    @property
    def _source(self) -> SourceRef | None:
        return None if self._before is None else self._before.source

    def _holds(self, account: StandingAccount, leaf: Figure, write: MonthFigures) -> bool:
        own = [item for item in self.reserves if item.reserve.name == account.name]
        for reserve in own:
            reserve.stands_at(leaf)
            reserve.was_full = reserve.was_full or account.was_full
            for month, amount in account.parts:
                facts = {"since": month}
                name = f"{account.name} {month}"
                part = write.given(
                    "standing_part", name, -Fraction(amount), facts=facts, source=self._source
                )
                reserve.came_in.append((month, part))
        return bool(own)

    def _lost(self, account: StandingAccount, write: MonthFigures) -> bool:
        for period, amount in account.parts:
            facts = {"since": period}
            name = f"{account.kind} {account.name} {period}{' given back' if amount < 0 else ''}"
            part = write.given(
                "standing_part", name, Fraction(amount), facts=facts, source=self._source
            )
            earned = Earned.read(account.name, period)
            if account.kind == "taken_back":
                self.capped.takes_back(earned, part)
            elif amount < 0:
                self.capped.gives_back(earned, write.opposite("given_back", name, part))
            else:
                self.capped.stands_at(earned, part)
        return True

    def lend_before(self, write: MonthFigures) -> None:
        """Let loans of earlier months stand at their amount, unless they stand already.

        So a loan that was lent before the first month is loaded with what is still owed of it.
        """
        for account in self.loans:
            loan = account.loan
            known = self._before is not None and self._before.find("loan", loan.loan_id)
            if loan.month < write.month and not known:
                lent = write.given("loan", loan.loan_id, Fraction(loan.amount), source=loan.source)
                account.debts.stands_at(lent, loan.month)
                self._lent_before[loan.loan_id] = loan.amount

    def knows(self, row: OpeningRow) -> bool:
        """Say whether an opening balance is part of where the payee stood."""
        kind = _KIND.get(row.kind)
        if kind is None or self._before is None:
            return False
        account = self._before.find(kind, row.name)
        return account is not None and row.counted_as in account.openings

    def open(self, row: OpeningRow, figure: Figure, write: MonthFigures) -> None:
        """Add a balance of an earlier month that was not worked out here."""
        since = last_month(row.period)
        self._opened.append(row)
        for draw in self.draws:
            if row.kind == "draw" and draw.draw.name == row.name:
                before = [] if draw.debts.owed is None else [draw.debts.owed]
                stood = write.total(
                    "stood_in_all", f"draw {row.name} {row.counted_as}", [*before, figure]
                )
                draw.debts.stands_at(stood, since)
        for reserve in self.reserves:
            if row.kind == "reserve" and reserve.reserve.name == row.name:
                key = f"{row.name} {row.counted_as}"
                other = write.opposite("opening_came_in", key, figure)
                if figure.value < 0:  # it was opened with too much
                    reserve.went_out.append(other)
                else:
                    reserve.came_in.append((since, other))
                held = [] if reserve.balance is None else [reserve.balance]
                reserve.stands_at(write.total("stood_in_all", f"reserve {key}", [*held, figure]))
                _note_too_much(reserve, write)
        if row.kind == "balance":
            stood = write.opposite("opening_carried", row.counted_as, figure)
            before = [] if self.carried is None else [self.carried]
            name = f"balance {row.counted_as}"
            self.carried = write.total("stood_in_all", name, [*before, stood])

    def stands(self, places: int) -> tuple[StandingAccount, ...]:
        """Return where every account stands that ever moved; those kept stay as they were."""
        found = [*self.kept]
        for draw in self.draws:
            if draw.debts.owed is not None:
                name, debts = draw.draw.name, draw.debts
                found.append(self._stands("draw", name, debts.value, debts.parts, places))
        for loan in self.loans:
            if loan.debts.owed is not None:
                name, debts = loan.loan.loan_id, loan.debts
                found.append(self._stands("loan", name, debts.value, debts.parts, places))
        for held in self.reserves:
            if held.balance is not None:
                name = held.reserve.name
                account = self._stands("reserve", name, held.value, held.parts, places)
                found.append(replace(account, was_full=held.was_full))
        found.extend(
            self._stands(kind, component, total, parts, places)
            for kind, component, total, parts in self.capped.by_component()
        )
        carried = Fraction(0) if self.carried is None else -self.carried.value
        found.append(self._stands("carried", "", carried, [], places))
        return tuple(sorted(found, key=attrgetter("kind", "name")))

    def _stands(
        self,
        kind: AccountKind,
        name: str,
        value: Fraction,
        parts: Sequence[tuple[str, Fraction]],
        places: int,
    ) -> StandingAccount:
        own = [row for row in self._opened if row.kind in _OPENS[kind] and row.name == name]
        lent = self._lent_before.get(name, Decimal(0)) if kind == "loan" else Decimal(0)
        before = None if self._before is None else self._before.find(kind, name)
        return StandingAccount(
            kind,
            name,
            _amount(value, places),
            tuple((month, _amount(part, places)) for month, part in parts),
            sum((row.amount for row in own), lent),
            (*(before.openings if before else ()), *sorted(row.counted_as for row in own)),
        )


def _note_too_much(account: ReserveAccount, write: MonthFigures) -> None:
    """Tell of a reserve that gave more than it held, as an opening balance says by now."""
    if account.value < 0:
        name, amount = account.reserve.name, write.book.text(-account.value, Unit.MONEY)
        write.book.exception(
            "reserve_below_zero",
            f"The reserve {name} of {write.payee_id} gave {amount} more than it held, as its "
            "opening balance says now",
            "Nothing, if later months fill it up; else take it back by an adjustment",
            payee_id=write.payee_id,
            month=write.month,
        )


def _amount(value: Fraction, places: int) -> Decimal:
    return Decimal(round_units(value, places)).scaleb(-places)
