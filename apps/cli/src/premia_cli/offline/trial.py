"""A plan tried on a folder of tables, alone or beside another plan; nothing is written."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from premia_cli.offline.building import Folder, declared_by, read_folder
from premia_cli.offline.rejects import RejectedRow
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.explain import words
from premia_plan.narration import Language
from premia_plan.period import last_month as last_of
from premia_plan.reference import calculate
from premia_plan.relations import Relations
from premia_plan.results import PAID, Calculation, Line


class _Kept(list[RejectedRow]):
    def add(self, rejected: RejectedRow) -> None:
        self.append(rejected)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a plan gives on a folder of tables."""

    result: Calculation
    folder: Folder
    rejected: tuple[RejectedRow, ...]
    until: Month

    def paid_by_payee(self) -> Mapping[str, Decimal]:
        """Return what is paid to each payee, all months together."""
        return _sums(self.result, lambda line: line.payee_id or "")

    def paid_by_component(self) -> Mapping[str, Decimal]:
        """Return what each component costs."""
        return _sums(self.result, lambda line: line.component)

    def not_paid(self) -> Mapping[str, Decimal]:
        """Return what is held, and what is not paid for another reason."""
        return _added(
            (line.what, line.amount) for line in self.result.lines if line.what not in PAID
        )

    def knows(self, order_id: str) -> bool:
        """Say whether the tables have an order."""
        return any(order.order_id == order_id for order in self.folder.relations.orders)

    def lines_of(self, order_id: str, language: Language) -> tuple[tuple[Line, str], ...]:
        """Return an order's lines, each with its reason in words."""
        lookup = {node.node_id: node for node in self.result.nodes}
        return tuple(
            (line, words(lookup[line.node_id], lookup, language))
            for line in sorted(
                self.result.lines, key=lambda line: (line.month or "~", line.line_id)
            )
            if line.order_id == order_id
        )


def try_plan(plan: CheckedPlan, data: Path, *, since: Month | None, until: Month | None) -> Trial:
    """Calculate a plan over a folder of tables, up to a month or to the last one it speaks of.

    Raises:
        TableUnreadable: if a file as a whole cannot be used.
    """
    rejected = _Kept()
    folder = read_folder(data, declared_by(plan), rejected)
    last = until or last_month(folder.relations)
    result = calculate(plan, folder.relations, until=last, since=since)
    return Trial(result, folder, tuple(rejected), last)


def last_month(relations: Relations) -> Month:
    """Return the last month in which something was signed, reached or measured."""
    days: list[date] = [order.signed_on for order in relations.orders]
    days += [state.on for order in relations.orders for state in order.states]
    days += [reversal.on for reversal in relations.reversals]
    months = [f"{day:%Y-%m}" for day in days]
    months += [last_of(target.month) for target in relations.targets]
    months += [last_of(measured.month) for measured in relations.measurements]
    return Month.parse(max(months, default="1970-01"))


def _sums(result: Calculation, key: Callable[[Line], str]) -> Mapping[str, Decimal]:
    return _added((key(line), line.amount) for line in result.lines if line.what in PAID)


def _added(amounts: Iterable[tuple[str, Decimal]]) -> Mapping[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for name, amount in amounts:
        sums[name] += amount
    return dict(sorted(sums.items()))
