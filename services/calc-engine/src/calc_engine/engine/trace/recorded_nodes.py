"""The leaves of what was recorded of a payee and a period: attributes, targets, loaded values."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import pyarrow as pa

from calc_engine.engine.dimensions import holds_on
from calc_engine.engine.trace.measure_nodes import MeasureNodes, StageKey
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.refused import Refused
from calc_engine.engine.trace.target_nodes import Sheet, TargetNodes
from calc_engine.engine.trace.target_part import part_of_target
from premia_plan.checked import CheckedPlan, LoadedMeasure
from premia_plan.period import end_day, first_day
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.attribute import attribute_value, value_text

PERIOD_UNITS = {"days": Unit.DAYS, "first_day": Unit.DATE, "last_day": Unit.DATE}


class RecordedNodes:
    """Writes the leaves of the cells of one component."""

    def __init__(
        self,
        sheet: Sheet,
        plan: CheckedPlan,
        measures: MeasureNodes,
        attributes: pa.Table,
        book: NodeBook,
    ) -> None:
        self._sheet = sheet
        self._plan = plan
        self._measures = measures
        self._attributes = _by_payee(attributes)
        self._book = book
        self._targets = TargetNodes(sheet, measures.numbered, book)

    def payee(self, name: str, stage: StageKey) -> UUID:
        """Return the leaf of an attribute of a payee on the last day of a period."""
        day = end_day(self._sheet.period(stage)) - timedelta(days=1)
        word = name.removeprefix("payee.")
        unit = self._plan.payee_attributes.get(word, Unit.TEXT)
        value = attribute_value(self._attribute(stage.payee_no, word, day), unit)
        declared = word in self._plan.payee_attributes
        payee_id = self._sheet.payee(stage)
        return self._book.node(
            "payee",
            payee_id,
            name,
            day.isoformat(),
            kind="payee_value",
            value=value_text(payee_id if word == "id" else value),
            unit=unit.value,
            payee_id=payee_id,
            detail={
                "clause": f"/attributes/payee/{word}" if declared else "/participants",
                "name": name,
                "day": day.isoformat(),
            },
        )

    def _attribute(self, payee_no: int, word: str, day: date) -> str | None:
        """Return what was last recorded of a payee's attribute on a day."""
        known = [
            row[f"a_{word}"]
            for row in self._attributes.get((payee_no,), ())
            if row.get(f"a_{word}") is not None and holds_on(row, day)
        ]
        return known[-1] if known else None

    def period(self, name: str, stage: StageKey) -> UUID:
        """Return the leaf of what is asked of a period."""
        period, word = self._sheet.period(stage), name.removeprefix("period.")
        values: dict[str, str] = {
            "first_day": first_day(period).isoformat(),
            "last_day": (end_day(period) - timedelta(days=1)).isoformat(),
        }
        value = values.get(word) or str(self._sheet.known(f"p_{word}", stage))
        return self._book.node(
            "period",
            period,
            name,
            kind="period_value",
            value=value,
            unit=PERIOD_UNITS.get(word, Unit.COUNT).value,
            detail={"clause": "/pay_period", "month": period, "name": name},
        )

    def target_refusal(self, name: str, why: int, stage: StageKey) -> Refused:
        """Return why there is no target."""
        return self._targets.refusal(self._plan.targets[name], why, stage)

    def target(self, name: str, stage: StageKey) -> UUID:
        """Return the node of a target, in part where it counts in part."""
        rule = self._plan.targets[name]
        payee_id, period, unit = self._sheet.payee(stage), self._sheet.period(stage), rule.unit
        value, node_id = self._targets.whole(rule, stage)
        days = self._sheet.known(f"{name}_days", stage)
        of_days = self._sheet.known("p_days", stage)
        if not isinstance(days, int) or not isinstance(of_days, int) or days == of_days:
            return node_id
        return part_of_target(
            self._book,
            self._plan.proration,
            name=name,
            payee_id=payee_id,
            period=period,
            joined=self._measures.numbered.joined.get(stage.payee_no, date.min),
            days=(days, of_days),
            value=self._book.text(value * days / of_days, unit),
            unit=unit,
            whole=node_id,
        )

    def loaded(self, rule: LoadedMeasure, stage: StageKey) -> UUID:
        """Return the leaf of a loaded value, or of what counts without one."""
        payee_id, period = self._sheet.payee(stage), self._sheet.period(stage)
        row = self._measures.numbered.measurements.get((stage.payee_no, rule.name, stage.month))
        if row is None:
            value = rule.missing if isinstance(rule.missing, Fraction) else Fraction(0)
            return self._book.node(
                "measurement",
                rule.name,
                payee_id,
                period,
                kind="measurement_missing",
                value=exact_text(value),
                unit=rule.unit.value,
                payee_id=payee_id,
                detail={
                    "clause": f"{rule.path}/missing",
                    "measure": rule.name,
                    "month": period,
                },
            )
        return self._book.node(
            "measurement",
            rule.name,
            payee_id,
            row.month,
            kind="measurement",
            value=exact_text(Fraction(row.value)),
            unit=rule.unit.value,
            payee_id=payee_id,
            detail={"measure": rule.name, "month": row.month},
            source=row.source,
        )


def _by_payee(attributes: pa.Table) -> Mapping[tuple[int], Sequence[Mapping[str, Any]]]:
    found: dict[tuple[int], list[Mapping[str, Any]]] = defaultdict(list)
    for row in attributes.to_pylist():
        found[row["payee_no"],].append(row)
    return found
