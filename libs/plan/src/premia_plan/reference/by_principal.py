"""Pay of a period that is for no single order, owed by those for whom it was made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from premia_plan.apportion import add_up, spread_units
from premia_plan.checked import CellComponent
from premia_plan.period import last_month
from premia_plan.quantities import Unit
from premia_plan.reference.cell import CellKey, restated
from premia_plan.reference.credit import Credit
from premia_plan.reference.credited_by import CreditedBy, credited_by
from premia_plan.reference.figure import Figure
from premia_plan.reference.leftover import leftover_detail
from premia_plan.reference.refer import cells_asked
from premia_plan.reference.spread import Part, spread_kind
from premia_plan.reference.subject import payee_of
from premia_plan.reference.summed import SummedFigures
from premia_plan.reference.workings import Workings


class _Credits:
    """The credits that measures count in a subject's period, however they are asked for."""

    def __init__(self, credited: Iterable[CreditedBy], workings: Workings) -> None:
        self._measures = [
            (workings.summed(each.measure), [cells_asked(asked, workings) for asked in each.way])
            for each in credited
        ]

    def ever(self, subject: str, period: str) -> Mapping[str, Credit]:
        """Return what was ever counted, by id; of orders before the version, where it has none."""
        every = {
            item.credit.credit_id: item.credit
            for measure, cell in self._cells(subject, period)
            for item in measure.contributions(*cell)
        }
        return {key: each for key, each in every.items() if not each.order.is_carried} or every

    def standing(self, subject: str, period: str, as_of: str) -> Mapping[str, Credit]:
        """Return what still counts at a month's end, by id."""
        month = max(as_of, last_month(period))
        return {
            item.credit.credit_id: item.credit
            for measure, cell in self._cells(subject, period)
            for item in measure.standing(*cell, month)
        }

    def _cells(self, subject: str, period: str) -> Iterator[tuple[SummedFigures, CellKey]]:
        for measure, way in self._measures:
            cells = [(subject, period)]
            for asked in way:
                cells = [found for cell in cells for found in asked(*cell)]
            for cell in dict.fromkeys(cells):
                yield measure, cell


class ByPrincipal:
    """Splits the pay of one component's cells by the credits that each principal has in them.

    `own` is a measure of payees' own credits by which what several earn is shared among them: of
    the part that one is given, those of its credits decide that the cell counts, if it counts any.
    """

    def __init__(
        self, component: CellComponent, workings: Workings, own: str | None = None
    ) -> None:
        self._component = component
        self._book = workings.book
        self._counted = _Credits(credited_by(component, workings.plan), workings)
        self._own = None if own is None else _Credits([CreditedBy(own)], workings)

    def principals(self, subject: str, period: str, payee_id: str | None = None) -> Sequence[str]:
        """Return under whom the orders were made that were ever counted in a cell.

        `payee_id` is who is given what is divided, where it is a part of what several share.
        """
        credits = self._deciding(subject, period, payee_id)
        return sorted({credit.order.row.principal for credit in credits.values()})

    def parts(
        self,
        cell: tuple[str, str, str],
        units: int,
        total: UUID,
        payee_id: str | None = None,
        *,
        word: str = "",
        weights: Mapping[str, Figure] | None = None,
    ) -> Mapping[str, Part]:
        """Return each principal's part, by what still counts; `cell` is subject, period and moment.

        Leftover cents go to whom the component says, in order of their ids. Where no principal's
        credits are above zero together, all have the same part. `payee_id` is who is given what is
        divided, where it is a part of what several share. `weights` are those of each principal,
        where they are not the credits; `word` tells what is divided from the cell's own amount.
        """
        subject, period, as_of = cell
        key: tuple[str, ...] = (self._component.name, subject, period, restated(period, as_of))
        if payee_id is not None:
            key = (*key, payee_id)
        whose = payee_of(subject) if payee_id is None else payee_id
        if weights is None:
            weights = self._weights(cell, payee_id, key)
        key = (*key, *filter(None, (word,)))
        weighed = [*weights.values()]
        values = [weight.value for weight in weighed]
        leftover = self._component.leftover
        parts = spread_units(units, values, leftover)
        spread = self._book.node(
            "by principal",
            *key,
            kind=spread_kind("principals", values),
            value=self._book.money(units),
            unit=Unit.MONEY.value,
            operation="spread",
            payee_id=whose,
            detail={
                "clause": self._component.path,
                "parts": [self._book.money(part) for part in parts],
                "places": self._book.places,
                **leftover_detail(leftover),
            },
            children=(total, *(weight.node_id for weight in weighed)),
        )
        found: dict[str, Part] = {}
        for index, name in enumerate(weights):
            children = (spread, weighed[index].node_id)
            node_id = self._part((*key, name), whose, index, parts[index], children)
            found[name] = Part(None, parts[index], node_id, name, payee_id)
        return found

    def _deciding(self, subject: str, period: str, payee_id: str | None) -> Mapping[str, Credit]:
        """Return the credits that were ever counted in a cell and decide on a part of it."""
        counted = self._counted.ever(subject, period)
        if self._own is None or payee_id is None:
            return counted
        theirs = self._own.ever(payee_id, period)
        return {key: counted[key] for key in counted if key in theirs} or counted

    def _weights(
        self,
        cell: tuple[str, str, str],
        payee_id: str | None,
        key: tuple[str, ...],
    ) -> Mapping[str, Figure]:
        subject, period, _ = cell
        principals = self.principals(subject, period, payee_id)
        deciding = self._deciding(subject, period, payee_id)
        standing = self._counted.standing(*cell)
        credits = [standing[each] for each in sorted(standing) if each in deciding]
        return {
            name: self._weight(
                name, [each for each in credits if each.order.row.principal == name], key, payee_id
            )
            for name in principals
        }

    def _weight(
        self, name: str, credits: Sequence[Credit], key: tuple[str, ...], payee_id: str | None
    ) -> Figure:
        value = add_up(credit.amount for credit in credits)
        node_id = self._book.node(
            "principal's credits",
            *key,
            name,
            kind="principal_weight",
            value=self._book.text(value, Unit.MONEY),
            unit=Unit.MONEY.value,
            operation="sum" if credits else "given",
            payee_id=payee_of(key[1]) if payee_id is None else payee_id,
            detail={"clause": self._component.path, "principal": name, "month": key[2]},
            children=tuple(credit.credit_node() for credit in credits),
        )
        return Figure(value, node_id)

    def _part(
        self,
        key: tuple[str, ...],
        payee_id: str | None,
        index: int,
        units: int,
        children: tuple[UUID, UUID],
    ) -> UUID:
        return self._book.node(
            "principal's part",
            *key,
            kind="principal_part",
            value=self._book.money(units),
            unit=Unit.MONEY.value,
            operation="part",
            payee_id=payee_id,
            detail={"index": index, "principal": key[-1]},
            children=children,
        )
