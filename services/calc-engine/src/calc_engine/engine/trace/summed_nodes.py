"""The nodes of measures of credits: a payee's own, or of whom a payee's cell reads."""

from collections.abc import Callable
from fractions import Fraction
from typing import Protocol
from uuid import UUID

from calc_engine.engine.lowering.cells.subjects import PLAN_NO, whose
from calc_engine.engine.trace.measure_nodes import MeasureNodes, StageKey
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.rows import month_text, restated
from calc_engine.engine.trace.tier_nodes import Stages
from premia_plan.checked import SummedMeasure
from premia_plan.reference.subject import (
    PLAN,
    category_subject,
    payee_of,
    team_subject,
    territory_subject,
)

OPERATIONS = {"sum": "sum", "count": "sum", "distinct": "distinct", "average": "average"}


class Sheet(Stages, Protocol):
    """The figures of some stages."""

    def value(self, name: str, stage: StageKey) -> Fraction | None:
        """Return a figure; None where it cannot be worked out."""


class SummedNodes:
    """Writes the measures of credits that one sheet reads."""

    def __init__(
        self,
        sheet: Sheet,
        measures: MeasureNodes,
        book: NodeBook,
        subject_of: Callable[[int], str] | None,
    ) -> None:
        self._sheet = sheet
        self._measures = measures
        self._book = book
        self._subject_of = subject_of

    def node(self, rule: SummedMeasure, stage: StageKey) -> UUID:
        """Return the node of a measure at a stage."""
        period, (number, subject) = self._sheet.period(stage), self._subject(rule, stage)
        payee_id = payee_of(subject)
        standing = self._measures.standing_in(rule, stage._replace(payee_no=number), period)
        value = self._sheet.value(rule.name, stage) or Fraction(0)
        key = (rule.name, subject, period, restated(stage.month, stage.as_of))
        if rule.function == "average" and not standing:
            return self._book.node(
                "measure",
                *key,
                kind="measure_empty",
                value=self._book.text(value, rule.unit),
                unit=rule.unit.value,
                payee_id=payee_id,
                detail={"clause": f"{rule.path}/empty", "measure": rule.name, "month": period},
            )
        return self._book.node(
            "measure",
            *key,
            kind="measure",
            value=self._book.text(value, rule.unit),
            unit=rule.unit.value,
            operation=OPERATIONS[rule.function],
            payee_id=payee_id,
            detail={
                "clause": rule.path,
                "measure": rule.name,
                "month": period,
                "as_of": month_text(stage.as_of),
            },
            children=tuple(self._measures.contribution(rule, place) for place in standing),
        )

    def _subject(self, rule: SummedMeasure, stage: StageKey) -> tuple[int, str]:
        """Return the number and name of whose measure a stage reads."""
        if rule.per.kind == "plan":
            return PLAN_NO, PLAN
        if self._subject_of is not None:
            return stage.payee_no, self._subject_of(stage.payee_no)
        number, code = (self._sheet.known(column, stage) for column in whose(rule.per.kind))
        payee = self._sheet.payee(stage)
        match rule.per.kind:
            case "payee":
                return stage.payee_no, payee
            case "team":
                return stage.payee_no, team_subject(rule.per.along or "", payee)
            case "territory":
                subject = territory_subject(str(code or ""))
            case _:
                subject = category_subject(str(code or ""))
        return number if isinstance(number, int) else 0, subject
