"""The accounts of a payee: what is owed of draws and loans, and what reserves hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from premia_plan.checked import Draw, Reserve, ReserveBand
from premia_plan.paying.moved import Moved
from premia_plan.paying.results import PaymentWhat
from premia_plan.paying.standing import oldest_first
from premia_plan.reference.figure import Figure
from premia_plan.relations import LoanRow


@dataclass(slots=True)
class Debts:
    """What is owed, with the months it is from; the oldest is paid back first."""

    owed: Figure | None = None
    _since: list[tuple[str, Fraction]] = field(default_factory=list)

    @property
    def value(self) -> Fraction:
        """Return what is owed."""
        return Fraction(0) if self.owed is None else self.owed.value

    @property
    def oldest(self) -> str:
        """Return the month of the oldest debt; "" without one."""
        return self._since[0][0] if self._since else ""

    @property
    def parts(self) -> list[tuple[str, Fraction]]:
        """Return the months that the debt is from, the oldest first."""
        return [*self._since]

    def goes_on(self, owed: Figure, parts: Sequence[tuple[str, Fraction]]) -> None:
        """Let a debt stand that is from some months."""
        self.owed, self._since = owed, [*parts]

    def move(self, kind: str, name: str, moved: Moved, *whats: PaymentWhat) -> None:
        """Add a month's movements of some kinds and one name to what is owed."""
        own = moved.of(*whats, name=name)
        if own:
            before = [] if self.owed is None else [self.owed]
            self.stands_at(moved.write.total(kind, name, [*before, *own]), moved.write.month)

    def stands_at(self, owed: Figure, month: str) -> None:
        """Record what is owed after a month."""
        change = owed.value - self.value
        self.owed = owed
        if change > 0:
            self._since.append((month, change))
        while change < 0 and self._since:
            first, left = self._since.pop(0)
            change += left
            if change > 0:
                self._since.insert(0, (first, change))


@dataclass(slots=True)
class DrawAccount:
    """One draw of one payee."""

    draw: Draw
    debts: Debts = field(default_factory=Debts)


@dataclass(slots=True)
class LoanAccount:
    """One loan of one payee."""

    loan: LoanRow
    debts: Debts = field(default_factory=Debts)


@dataclass(slots=True)
class ReserveAccount:
    """One reserve of one payee; what came in is kept with its month, and all that went out."""

    reserve: Reserve
    balance: Figure | None = None
    came_in: list[tuple[str, Figure]] = field(default_factory=list)
    went_out: list[Figure] = field(default_factory=list)
    was_full: bool = False

    @property
    def value(self) -> Fraction:
        """Return what the reserve holds."""
        return Fraction(0) if self.balance is None else self.balance.value

    @property
    def parts(self) -> list[tuple[str, Fraction]]:
        """Return the months that the balance is from, when the oldest goes out first."""
        gone = sum((figure.value for figure in self.went_out), Fraction(0))
        return oldest_first([(month, -figure.value) for month, figure in self.came_in], gone)

    @property
    def band(self) -> ReserveBand:
        """Return the band that the balance lies in."""
        held = max(self.value, Fraction(0))
        return [band for band in self.reserve.bands if band.starts <= held][-1]

    def stands_at(self, balance: Figure) -> None:
        """Record what the reserve holds, and whether it ever was full."""
        self.balance = balance
        ceiling = self.reserve.ceiling
        self.was_full = self.was_full or (ceiling is not None and balance.value >= ceiling)
