"""By which months' rates a line is stated, and what earlier statements stated of it."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self
from uuid import UUID

from calc_engine.domain.landed_line import landed_line
from calc_engine.domain.proposal import StatementKey
from calc_engine.domain.statement_line import PostedLine, ResultLine, StatementLine
from premia_plan.paying import REVERSED, Months, MonthsOf, Originals, whole
from premia_plan.results import PAID, Line


@dataclass(frozen=True, slots=True)
class StatedBefore:
    """What an approved statement stated of a line."""

    statement_id: UUID
    period: str
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class RateBasis:
    """What stating a line needs besides its amount."""

    months: Months
    due: Decimal
    """What is due by now in the plan's currency, with what was stated before."""
    due_node: UUID
    before: tuple[StatedBefore, ...] = ()

    @classmethod
    def whole(cls, month: str, due: Decimal, due_node: UUID) -> Self:
        """Return that of a line that has the rate of one month."""
        return cls({month: Fraction(1)}, due, due_node)

    def text(self) -> str:
        """Return it as a line keeps it."""
        return json.dumps(
            [
                {month: str(part) for month, part in sorted(self.months.items())},
                format(self.due, "f"),
                str(self.due_node),
                [
                    [str(item.statement_id), item.period, item.currency, format(item.amount, "f")]
                    for item in self.before
                ],
            ]
        )

    @classmethod
    def read(cls, text: str) -> Self:
        """Return it from what a line keeps."""
        months, due, node, before = json.loads(text)
        return cls(
            {month: Fraction(part) for month, part in months.items()},
            Decimal(due),
            UUID(node),
            tuple(
                StatedBefore(UUID(item[0]), item[1], item[2], Decimal(item[3])) for item in before
            ),
        )


class RateBases:
    """Finds the basis of each line, from all lines of a result; of some statements' lines alone."""

    def __init__(
        self, results: Iterable[ResultLine], keys: Collection[StatementKey] | None
    ) -> None:
        self._keys = keys
        own: dict[str, list[Line]] = defaultdict(list)
        for line in results if keys is None or keys else ():
            if line.what in PAID and line.month is not None and self._is_wanted(line):
                own[line.plan].append(landed_line(line))
        self._originals: Mapping[str, Originals] = {
            plan: Originals(lines) for plan, lines in own.items()
        }

    def of(self, line: ResultLine, before: Sequence[PostedLine] = ()) -> str | None:
        """Return the basis of a line that landed, of which something may have been stated."""
        if not self._is_wanted(line):
            return None
        months = self._originals[line.plan].months(landed_line(line))
        return RateBasis(months, line.amount, line.node_id, stated_before(before)).text()

    def _is_wanted(self, line: ResultLine) -> bool:
        keys = self._keys
        return keys is None or (line.payee_id, line.principal_id, line.currency) in keys


def released_in(lines: Iterable[StatementLine]) -> MonthsOf:
    """Return what finds the months in which what lines are of first landed.

    Of a line that does not say it, that is its own, unless it takes back or reinstates.
    """
    told = {line.line_id: line.rates for line in lines if line.rates is not None}

    def find(line: Line) -> Months | None:
        text = told.get(line.line_id)
        if text is not None:
            return RateBasis.read(text).months
        return None if line.what in REVERSED else whole(line.month or "")

    return find


def stated_before(posted: Iterable[PostedLine]) -> tuple[StatedBefore, ...]:
    """Return what approved statements stated, each in its own currency."""
    return tuple(
        StatedBefore(
            line.statement_id,
            line.period,
            line.stated_in or line.currency,
            line.amount if line.stated is None else line.stated,
        )
        for line in posted
    )
