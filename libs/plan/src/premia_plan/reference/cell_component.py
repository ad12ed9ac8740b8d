"""Components that pay on a payee's month by tiers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

from premia_common.periods import Month
from premia_plan.apportion import add_up, split_units
from premia_plan.checked import CellComponent, CheckedPlan, Recount
from premia_plan.quantities import exact_text
from premia_plan.reasons import Reason, because
from premia_plan.reference.book import Book
from premia_plan.reference.credit import Credit
from premia_plan.reference.measure import MeasuredCell, Measures
from premia_plan.reference.settlement import Earning, Settlement
from premia_plan.reference.steps import CellRefused, Stage, Steps
from premia_plan.reference.tier import climb


@dataclass(frozen=True, slots=True)
class _Part:
    """An order's part of a cell's pay."""

    credit: Credit
    units: int
    node_id: UUID


@dataclass(frozen=True, slots=True)
class _Paid:
    """A cell's pay at one moment: its node, and the orders' parts."""

    node_id: UUID
    parts: Mapping[str, _Part]


class CellPay:
    """Pays one component on the cells of its measure."""

    def __init__(
        self,
        plan: CheckedPlan,
        component: CellComponent,
        measures: Measures,
        settlement: Settlement,
        book: Book,
    ) -> None:
        self._component = component
        self._tiers = component.tiers
        self._measures = measures
        self._settlement = settlement
        self._book = book
        self._steps = Steps(component, measures, book)
        effect = plan.storno.effect.get(component.name) if plan.storno is not None else None
        self._is_recounted = isinstance(effect, Recount)

        starts = [exact_text(band.starts) for band in self._tiers.bands]
        self._edges = [
            {"starts": text, "ends": end}
            for text, end in zip(starts, [*starts[1:], None], strict=True)
        ]
        self._rate_nodes: dict[int, UUID] = {}

    def pay_all(self) -> None:
        """Write the lines of every cell."""
        for cell in self._measures.cells(self._tiers.pays_on).values():
            if self._is_wanted(cell):
                self._pay(cell)

    def _is_wanted(self, cell: MeasuredCell) -> bool:
        """Say whether some line of the cell could land in a month that is wanted."""
        since = self._book.since
        return cell.month >= since or any(
            item.credit.order.last_month >= since
            for counted in (cell, self._looked_up_cell(cell))
            for item in counted.contributions
        )

    def _pay(self, cell: MeasuredCell) -> None:
        if cell.month < self._book.since:
            self._book.leave_out()
        try:
            paid = self._work_out(cell, cell.month)
        except CellRefused as refused:
            self._refuse(cell, refused)
            return
        for part in paid.parts.values():
            self._settlement.settle(self._earning(cell, part))
        if not self._is_recounted:
            return
        for month in sorted(cell.later_months() | self._looked_up_cell(cell).later_months()):
            try:
                recounted = self._work_out(cell, month)
            except CellRefused as refused:
                self._refuse(cell, refused, recounted_in=month)
                return
            self._write_difference(cell, paid, recounted, month)
            paid = recounted

    def _looked_up_cell(self, cell: MeasuredCell) -> MeasuredCell:
        rule = self._tiers.attainment
        name = self._tiers.looked_up_by if rule is None else rule.of
        return self._measures.cell(name, cell.payee_id, cell.month)

    def _earning(self, cell: MeasuredCell, part: _Part) -> Earning:
        close = Month.parse(cell.month).period.end - timedelta(days=1)
        return Earning(
            self._component.name,
            "bonus",
            part.credit,
            part.units,
            part.node_id,
            cell.month,
            close,
        )

    def _work_out(self, cell: MeasuredCell, month: str) -> _Paid:
        """Return the cell's pay with the orders that still count at a month's end."""
        stage = Stage(cell.payee_id, cell.month, month if month > cell.month else "")
        amount, node_id = self._climb(cell, month, stage)
        units, node_id = self._steps.apply(amount, node_id, stage)
        return self._spread(cell, month, stage, units, node_id)

    def _climb(self, cell: MeasuredCell, month: str, stage: Stage) -> tuple[Fraction, UUID]:
        pays_on, base_node = self._measures.total(cell, month)
        looked_up, looked_up_node = self._measures.total(self._looked_up_cell(cell), month)
        edge = Fraction(1)
        edge_nodes: tuple[UUID, ...] = (base_node,)
        if self._tiers.attainment is not None:
            target = self._measures.target(self._tiers.attainment.of, cell.payee_id, cell.month)
            if isinstance(target, Reason):
                raise CellRefused(target, looked_up_node)
            edge, target_node = target
            edge_nodes = (base_node, target_node)
            looked_up /= edge
            looked_up_node = self.attainment_node(stage, looked_up, looked_up_node, target_node)
        if self._tiers.mode == "whole":
            edge_nodes = (base_node, looked_up_node)
        steps = climb(self._tiers, looked_up=looked_up, pays_on=pays_on, edge=edge)
        bands = tuple(
            self._book.node(
                "band",
                self._component.name,
                *stage.key,
                str(step.index),
                kind="band",
                value=exact_text(step.amount),
                unit="money",
                operation="band",
                payee_id=cell.payee_id,
                detail={
                    "clause": step.band.path,
                    "mode": self._tiers.mode,
                    **self._edges[step.index],
                    "base": exact_text(step.base),
                },
                children=(self._rate_node(step.index), *edge_nodes),
            )
            for step in steps
        )
        amount = add_up(step.amount for step in steps)
        return amount, self._book.node(
            "tiers",
            self._component.name,
            *stage.key,
            kind="tiers",
            value=exact_text(amount),
            unit="money",
            operation="sum" if bands else "nothing",
            payee_id=cell.payee_id,
            detail={"clause": self._tiers.path, "month": cell.month},
            children=bands or (looked_up_node,),
        )

    def _rate_node(self, index: int) -> UUID:
        found = self._rate_nodes.get(index)
        if found is None:
            band = self._tiers.bands[index]
            found = self._rate_nodes[index] = self._book.node(
                "rate",
                self._component.name,
                band.path,
                kind="band_rate",
                value=exact_text(band.gives),
                unit=self._tiers.gives.value,
                detail={"clause": band.path, "starts": self._edges[index]["starts"], "row": index},
            )
        return found

    def attainment_node(
        self, stage: Stage, ratio: Fraction, measure_node: UUID, target_node: UUID
    ) -> UUID:
        """Return the node of an attainment."""
        rule = self._tiers.attainment
        return attainment_node(
            self._book,
            rule.name if rule is not None else "",
            stage,
            ratio,
            (measure_node, target_node),
        )

    def _spread(
        self, cell: MeasuredCell, month: str, stage: Stage, units: int, total_node: UUID
    ) -> _Paid:
        """Push the amount back to the orders to the cent, by their credits."""
        counted = cell.standing_in(month)
        weights = [item.credit.amount for item in counted]
        if units == 0 or add_up(weights) == 0:
            return _Paid(total_node, {})
        parts = split_units(units, weights)
        spread = self._book.node(
            "spread",
            self._component.name,
            *stage.key,
            kind="spread",
            value=self._book.money(units),
            unit="money",
            operation="spread",
            payee_id=cell.payee_id,
            detail={
                "clause": f"{self._component.path}/spread",
                "parts": [self._book.money(part) for part in parts],
                "places": self._book.places,
            },
            children=(total_node, *(item.credit.node(self._book) for item in counted)),
        )
        found: dict[str, _Part] = {}
        for index, (item, part) in enumerate(zip(counted, parts, strict=True)):
            node_id = self._book.node(
                "part",
                self._component.name,
                *stage.key,
                item.credit.credit_id,
                kind="part",
                value=self._book.money(part),
                unit="money",
                operation="part",
                payee_id=cell.payee_id,
                detail={"index": index, "order_id": item.credit.order.row.order_id},
                children=(spread, item.credit.node(self._book)),
            )
            found[item.credit.credit_id] = _Part(item.credit, part, node_id)
        return _Paid(total_node, found)

    def _write_difference(
        self, cell: MeasuredCell, before: _Paid, after: _Paid, month: str
    ) -> None:
        """Write what changes for each order when the month is counted again."""
        stage = Stage(cell.payee_id, cell.month, month)
        for credit_id in sorted({*before.parts, *after.parts}):
            old, new = before.parts.get(credit_id), after.parts.get(credit_id)
            units = (new.units if new else 0) - (old.units if old else 0)
            credit = (new or old or _never()).credit
            if units == 0:
                continue
            children = (
                new.node_id if new else self._no_part(stage, credit, after.node_id),
                old.node_id if old else self._no_part(stage, credit, before.node_id),
            )
            node_id = self._book.node(
                "difference",
                self._component.name,
                *stage.key,
                credit_id,
                kind="difference",
                value=self._book.money(units),
                unit="money",
                operation="difference",
                payee_id=cell.payee_id,
                detail={"month": cell.month, "event_month": month},
                children=children,
            )
            earning = self._earning(cell, _Part(credit, units, node_id))
            reason = because("recounted", month=cell.month, event_month=month)
            self._settlement.write(
                earning,
                "reversal",
                month=month,
                units=units,
                share=0,
                node_id=node_id,
                reason=reason,
                event_month=month,
            )

    def _no_part(self, stage: Stage, credit: Credit, total_node: UUID) -> UUID:
        """Return a node of zero: the order left the month, or the month pays nothing."""
        reversal = credit.order.reversal
        cause = total_node if reversal is None else credit.order.reversal_node(reversal, self._book)
        return self._book.node(
            "no part",
            self._component.name,
            *stage.key,
            credit.credit_id,
            str(total_node),
            kind="no_part",
            value=self._book.money(0),
            unit="money",
            operation="nothing",
            payee_id=credit.payee_id,
            detail={"order_id": credit.order.row.order_id},
            children=(cause,),
        )

    def _refuse(self, cell: MeasuredCell, refused: CellRefused, recounted_in: str = "") -> None:
        """Write that a cell could not be paid, as an exception and a line per principal."""
        if max(cell.month, recounted_in) < self._book.since:
            return
        name = self._component.name
        self._book.exception(
            refused.reason.code,
            f"{cell.payee_id}, {name} of {cell.month}: {refused.reason.text}",
            "Record it for this payee and month; the next run pays the component",
            payee_id=cell.payee_id,
            month=cell.month,
        )
        node_id = self._book.node(
            "refused",
            name,
            cell.payee_id,
            cell.month,
            recounted_in,
            kind="not_calculated",
            value=self._book.money(0),
            unit="money",
            operation="nothing",
            payee_id=cell.payee_id,
            detail={"clause": self._component.path, "reason": refused.reason.code},
            children=(refused.node_id,),
        )
        for principal in sorted({i.credit.order.row.principal for i in cell.contributions}):
            self._book.line(
                payee_id=cell.payee_id,
                principal=principal,
                component=name,
                kind="bonus",
                what="not_paid",
                month=None,
                competence=cell.month,
                units=0,
                order_id=None,
                credit_id=None,
                share=None,
                node_id=node_id,
                reason=refused.reason,
                event_month=f"{cell.month} {recounted_in}{principal}",
            )


def attainment_node(
    book: Book, name: str, stage: Stage, ratio: Fraction, children: tuple[UUID, UUID]
) -> UUID:
    """Return the node of a measure divided by its target."""
    return book.node(
        "attainment",
        name,
        *stage.key,
        kind="attainment",
        value=exact_text(ratio),
        unit="rate",
        operation="ratio",
        payee_id=stage.payee_id,
        detail={"attainment": name, "month": stage.month},
        children=children,
    )


def _never() -> _Part:
    raise AssertionError("a credit is in one of the two results")
