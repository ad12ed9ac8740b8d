"""A run's result with a part of it new: the same as calculated whole, by the keys of the part."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from calc_engine.domain.kept_result import KeptResult
from calc_engine.domain.outcome import SHARED
from calc_engine.domain.payment_accounts import PAYMENT_LINES
from calc_engine.domain.standing import Replaced
from calc_engine.domain.statement_line import ResultLine, StatementLine
from premia_plan.results import Cell, Exception_

_COUNT = re.compile(r"^([0-9]+) ")


@dataclass(frozen=True)
class ReplacedKeys:
    """The keys of all plans together."""

    by_plan: Mapping[str, Sequence[Replaced]]

    @classmethod
    def of(cls, keys: Iterable[Replaced]) -> "ReplacedKeys":
        """Arrange keys by plan: versions of one plan have the same or more."""
        found: dict[str, list[Replaced]] = {}
        for key in keys:
            found.setdefault(key.plan, []).append(key)
        return cls(found)

    @property
    def touched(self) -> frozenset[str]:
        """Whose figures are renewed."""
        return frozenset(
            payee for keys in self.by_plan.values() for key in keys for payee in key.touched
        )

    def has_line(self, line: ResultLine | StatementLine) -> bool:
        """Say whether a line is replaced."""
        return any(
            key.has_line(line.component, line.payee_id, line.competence, line.order_id)
            for key in self.by_plan.get(line.plan, ())
        )

    def has_cell(self, plan: str, cell: Cell) -> bool:
        """Say whether a plan's figure is replaced."""
        return any(key.has_cell(cell.payee_id, cell.month) for key in self.by_plan.get(plan, ()))

    def has_told(self, plan: str, found: Exception_) -> bool:
        """Say whether what a plan tells is replaced."""
        return any(key.has_told(found) for key in self.by_plan.get(plan, ()))


@dataclass(frozen=True)
class Divided:
    """What is kept of a result, and who loses something of it."""

    lines: list[ResultLine]
    stated: list[StatementLine]
    """Without what terms of payment added."""
    measured: list[tuple[str, Cell]]
    told: list[tuple[str, Exception_]]
    losing: frozenset[str]


def divided(kept: KeptResult, keys: ReplacedKeys) -> Divided:
    """Leave out of a result what some keys replace."""
    losing = set(keys.touched)
    lines, stated = [], []
    for line in kept.lines:
        if keys.has_line(line):
            losing.add(line.payee_id or "")
        else:
            lines.append(line)
    for proposal in kept.proposals:
        for one in proposal.lines:
            if one.what in PAYMENT_LINES:
                continue
            if keys.has_line(one):
                losing.add(one.payee_id)
            else:
                stated.append(one)
    return Divided(
        lines,
        stated,
        [item for item in kept.measured if not keys.has_cell(*item)],
        [item for item in kept.told if not keys.has_told(*item)],
        frozenset(losing - {""}),
    )


def shared_again(
    kept: Iterable[tuple[str, Exception_]],
    before: Iterable[Exception_],
    after: Iterable[Exception_],
) -> list[tuple[str, Exception_]]:
    """Return what concerns all plans, when some facts came.

    A message that counts what it found begins with the number, which changes by as many as the
    facts around the new ones tell more or less.

    Args:
        kept: what all facts told before.
        before: what the facts around the new ones tell without these.
        after: the same with them.
    """
    was, gone, come = ([found for plan, found in kept if plan == SHARED], before, after)
    counts: Counter[Exception_] = Counter()
    others: set[Exception_] = set()
    for sign, some in ((1, was), (-1, gone), (1, come)):
        for found in some:
            number = _COUNT.match(found.message)
            if number is not None:
                counts[replace(found, message=_COUNT.sub("", found.message))] += sign * int(
                    number[1]
                )
            elif sign > 0:
                others.add(found)
            else:
                others.discard(found)
    told = (replace(found, message=f"{n} {found.message}") for found, n in counts.items() if n > 0)
    return [(SHARED, found) for found in (*others, *told)]


def amounts_again(
    kept: Mapping[str, Decimal], before: Mapping[str, Decimal], after: Mapping[str, Decimal]
) -> Mapping[str, Decimal]:
    """Return the sums of orders by source, when some orders came or changed."""
    zero = Decimal(0)
    return {
        source: kept.get(source, zero) - before.get(source, zero) + after.get(source, zero)
        for source in {**kept, **after}
    }
