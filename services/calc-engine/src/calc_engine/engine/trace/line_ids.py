"""Line ids: the exclusive or of three ids, of the order, the payee, and all the rest."""

from uuid import UUID

from calc_engine.engine.codes import WORDS
from calc_engine.engine.credit_rules import path_of
from calc_engine.engine.lowering.cells.periods import text_of
from calc_engine.engine.trace.rows import Rows, month_text, restated
from premia_common.identifiers import derive_id
from premia_plan.checked import (
    CellComponent,
    CheckedPlan,
    Component,
    CreditComponent,
    SummedMeasure,
)


class LineParts:
    """Makes the part of a line's id that many lines share, each once."""

    def __init__(self, plan: CheckedPlan, principals: tuple[str, ...]) -> None:
        self._plan = plan
        self._principals = principals
        self._components = tuple(plan.components.values())
        self._known: dict[tuple[str, ...], UUID] = {}

    def path(self, rule: str, place: int, level: int) -> str:
        """Return the id of a credit of a rule without its order."""
        return path_of(self._plan, rule, place, level)

    def rule_of(self, component: Component) -> str:
        """Return the credit rule that a component pays on.

        Raises:
            TypeError: if it is spread by something else than a measure of credits.
        """
        if isinstance(component, CreditComponent):
            return component.of
        measure = self._plan.measures[component.spread or ""]
        if not isinstance(measure, SummedMeasure):
            raise TypeError(f"{measure.name} is no measure of credits")
        return measure.of

    def rest(self, rows: Rows, at: int) -> UUID:
        """Return the part of a line's id that is not its order's or its payee's."""
        component = self._components[rows["component"][at]]
        share = rows["share"][at]
        path = ""
        if rows["order_no"][at] is not None:
            path = self.path(self.rule_of(component), rows["place"][at], rows["level"][at])
        key = (
            "line",
            self._plan.name,
            component.name,
            path,
            WORDS[rows["what"][at]],
            "" if share is None else str(share),
            self.event(rows, at),
        )
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = derive_id(*key)
        return found

    def event(self, rows: Rows, at: int) -> str:
        """Return what tells apart the things that happen to one share, or to one cell."""
        component = self._components[rows["component"][at]]
        happened, month = rows["event"][at], rows["competence"][at]
        if rows["order_no"][at] is None and rows["share"][at] is None:
            number = rows["principal_no"][at]
            principal = self._principals[number - 1] if number else ""
            return f"{_period(component, month)} {restated(month, happened)}{principal}"
        event = month_text(happened) if happened else ""
        was = rows["was"][at]
        event = event if was is None else f"{WORDS[was]} {event}"
        is_cell = isinstance(component, CellComponent)
        return f"{_period(component, month)} {event}" if is_cell else event


def _period(component: Component, month: int) -> str:
    return text_of(month, component.over if isinstance(component, CellComponent) else "month")


class LineIds:
    """Makes the ids of one plan's lines."""

    def __init__(self, parts: LineParts) -> None:
        self._parts = parts
        self._known: dict[tuple[str, str], int] = {}

    def of(self, rows: Rows, at: int, order_id: str | None, payee_id: str | None) -> UUID:
        """Return a line's id."""
        rest = self._parts.rest(rows, at).int
        return UUID(int=self._of("order", order_id) ^ self._of("payee", payee_id) ^ rest)

    def _of(self, kind: str, name: str | None) -> int:
        found = self._known.get((kind, name or ""))
        if found is None:
            found = self._known[kind, name or ""] = derive_id(kind, name or "").int
        return found
