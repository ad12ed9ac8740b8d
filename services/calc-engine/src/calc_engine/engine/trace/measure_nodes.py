"""The nodes of measures, targets, attainments and loaded values of a payee's month."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from calc_engine.engine.layout import month_number
from calc_engine.engine.lowering.cells.periods import looked_back
from calc_engine.engine.numbered import Numbered
from calc_engine.engine.trace.credit_nodes import CreditKey, CreditNodes
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.rows import Rows, month_text, restated
from calc_engine.engine.trace.target_part import part_of_target
from premia_plan.checked import AttainmentRule, CheckedPlan, SummedMeasure
from premia_plan.quantities import exact_text
from premia_plan.reference.figure import formula_detail
from premia_plan.reference.subject import payee_of


class StageKey(NamedTuple):
    """A payee's month as it stood at a month's end."""

    payee_no: int
    month: int
    as_of: int


class MeasureNodes:
    """Writes the nodes of what was measured in the cells of one result."""

    def __init__(
        self,
        plan: CheckedPlan,
        numbered: Numbered,
        counted: Mapping[str, Rows],
        credits: CreditNodes,
        book: NodeBook,
    ) -> None:
        self._plan = plan
        self.numbered = numbered
        self._counted = counted
        self._credits = credits
        self._book = book
        self._cells = {name: rows.groups("payee_no", "month") for name, rows in counted.items()}

    def payee(self, payee_no: int) -> str:
        """Return a payee's id, or the name of a team or the plan that a target is recorded of."""
        return self.numbered.payees[payee_no - 1]

    def rule(self, name: str) -> SummedMeasure:
        """Return a measure of credits.

        Raises:
            TypeError: if it is loaded.
        """
        rule = self._plan.measures[name]
        if not isinstance(rule, SummedMeasure):
            raise TypeError(f"{name} is loaded, not summed")
        return rule

    def standing(self, name: str, stage: StageKey) -> Sequence[int]:
        """Return where the contributions are that still count at a month's end, by credit id."""
        rows = self._counted[name]
        places = [
            place
            for place in self._cells[name].get((stage.payee_no, stage.month), ())
            if rows["leaves_in"][place] is None or rows["leaves_in"][place] > stage.as_of
        ]
        return sorted(places, key=lambda place: self._credits.credit_id(self.key(name, place)))

    def standing_in(self, rule: SummedMeasure, stage: StageKey, period: str) -> Sequence[int]:
        """Return where the contributions are that count in a period at a month's end."""
        rows, cells = self._counted[rule.name], self._cells[rule.name]
        places = [
            place
            for month in looked_back(period, rule.window)
            for place in cells.get((stage.payee_no, month_number(month)), ())
            if rows["leaves_in"][place] is None
            or rows["leaves_in"][place] > max(stage.as_of, stage.month)
        ]
        return sorted(places, key=lambda at: self._credits.credit_id(self.key(rule.name, at)))

    def key(self, name: str, place: int) -> CreditKey:
        """Return the credit of a contribution."""
        rows, rule = self._counted[name], self.rule(name)
        return rule.of, rows["order_no"][place], rows["place"][place], rows["level"][place]

    def measure(self, name: str, stage: StageKey, value: Fraction) -> UUID:
        """Return the node of a measure as it stood at a month's end."""
        rule, payee_id = self.rule(name), self.payee(stage.payee_no)
        return self._book.node(
            "measure",
            name,
            payee_id,
            month_text(stage.month),
            restated(stage.month, stage.as_of),
            kind="measure",
            value=self._book.text(value, rule.unit),
            unit=rule.unit.value,
            operation="sum",
            payee_id=payee_of(payee_id),
            detail={
                "clause": rule.path,
                "measure": name,
                "month": month_text(stage.month),
                "as_of": month_text(stage.as_of),
            },
            children=tuple(self.contribution(rule, place) for place in self.standing(name, stage)),
        )

    def contribution(self, rule: SummedMeasure, place: int) -> UUID:
        """Return the node of what a credit adds to a measure."""
        key = self.key(rule.name, place)
        if rule.sums.is_bare_name:
            return self._credits.input_node(key, rule.sums.names[0])
        rows = self._counted[rule.name]
        value = Fraction(rows["value"][place], rows["value_units"][place])
        return self._book.node(
            "contribution",
            rule.name,
            self._credits.credit_id(key),
            kind="contribution",
            value=self._book.text(value, rule.unit),
            unit=rule.unit.value,
            operation="formula",
            payee_id=self._credits.payee(key),
            detail=formula_detail(rule.sums),
            children=tuple(self._credits.input_node(key, name) for name in rule.sums.inputs),
        )

    def target(self, name: str, payee_no: int, month: int, days: tuple[int, int] | None) -> UUID:
        """Return the node of a target; `days` are those in the plan of all the month's."""
        recorded = self.numbered.targets[payee_no, name, month]
        payee_id, unit = self.payee(payee_no), self._plan.targets[name].unit
        node_id = self._book.node(
            "target",
            name,
            payee_id,
            month_text(month),
            *(() if recorded.valid_from is None else (recorded.valid_from.isoformat(),)),
            kind="target",
            value=self._book.text(Fraction(recorded.amount), unit),
            unit=unit.value,
            payee_id=payee_of(payee_id),
            detail={"measure": name, "month": month_text(month)},
            source=recorded.source,
        )
        if days is None or days[0] == days[1]:
            return node_id
        return part_of_target(
            self._book,
            self._plan.proration,
            name=name,
            payee_id=payee_id,
            period=month_text(month),
            joined=self.numbered.joined.get(payee_no, date.min),
            days=days,
            value=self._book.text(Fraction(recorded.amount) * days[0] / days[1], unit),
            unit=unit,
            whole=node_id,
        )

    def attainment(
        self,
        rule: AttainmentRule,
        stage: StageKey,
        ratio: Fraction,
        children: tuple[UUID, UUID],
    ) -> UUID:
        """Return the node of a measure divided by its target."""
        payee_id = self.payee(stage.payee_no)
        return self._book.node(
            "attainment",
            rule.name,
            payee_id,
            month_text(stage.month),
            restated(stage.month, stage.as_of),
            kind="attainment",
            value=exact_text(ratio),
            unit="rate",
            operation="ratio",
            payee_id=payee_of(payee_id),
            detail={"attainment": rule.name, "month": month_text(stage.month)},
            children=children,
        )

    def loaded(self, name: str, payee_no: int, month: int) -> UUID:
        """Return the node of a loaded value."""
        row = self.numbered.measurements[payee_no, name, month]
        payee_id = self.payee(payee_no)
        return self._book.node(
            "measurement",
            name,
            payee_id,
            month_text(month),
            kind="measurement",
            value=exact_text(Fraction(row.value)),
            unit=self._plan.measures[name].unit.value,
            payee_id=payee_id,
            detail={"measure": name, "month": month_text(month)},
            source=row.source,
        )
