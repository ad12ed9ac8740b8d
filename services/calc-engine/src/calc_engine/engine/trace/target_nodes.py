"""The nodes of whole targets: recorded, stated, or the first that is known."""

from fractions import Fraction
from typing import Protocol
from uuid import UUID

from calc_engine.engine.lowering.cells.targets import AMBIGUOUS, NO_SOURCE, ZERO, source_name
from calc_engine.engine.numbered import Numbered
from calc_engine.engine.trace.measure_nodes import StageKey
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.refused import Refused
from calc_engine.engine.trace.tier_nodes import Stages
from premia_plan.checked import LOADED, TargetRule
from premia_plan.language import Formula
from premia_plan.reasons import because
from premia_plan.reference.subject import payee_of

TO_RECORD = "Record it for this payee and month; the next run pays the component"


class Sheet(Stages, Protocol):
    """The figures of the stages of a component."""

    def value(self, name: str, stage: StageKey) -> Fraction | None:
        """Return a figure; None where it cannot be worked out."""

    def refusal(self, name: str, stage: StageKey) -> Refused | None:
        """Return why a figure cannot be worked out, if it cannot."""


class TargetNodes:
    """Writes the targets of the cells of one component."""

    def __init__(self, sheet: Sheet, numbered: Numbered, book: NodeBook) -> None:
        self._sheet = sheet
        self._numbered = numbered
        self._book = book

    def whole(self, rule: TargetRule, stage: StageKey) -> tuple[Fraction, UUID]:
        """Return a target with its node, as if the payee were in the plan for all the period."""
        place: object = 0
        if rule.sources != (LOADED,):
            place = self._sheet.known(f"{rule.name}_source", stage)
        elif self._refused(rule, 0, stage) is not None:
            place = None
        if not isinstance(place, int):
            return self._stated(rule, stage)
        value, node_id = self._of_source(rule, place, stage)
        return value, node_id if not place else self._chosen(rule, place, stage, (value, node_id))

    def refusal(self, rule: TargetRule, why: int, stage: StageKey) -> Refused:
        """Return why there is no target."""
        if why == NO_SOURCE:
            found = self._refused(rule, len(rule.sources) - 1, stage)
            if found is None:
                raise LookupError(f"{rule.name} has a target in {self._sheet.period(stage)}")
            return found
        return self._none(rule, {AMBIGUOUS: "ambiguous", ZERO: "zero"}.get(why, "missing"), stage)

    def _none(self, rule: TargetRule, word: str, stage: StageKey) -> Refused:
        month = self._sheet.period(stage)
        return Refused(because(f"target_{word}", measure=rule.name, month=month), TO_RECORD)

    def _refused(self, rule: TargetRule, place: int, stage: StageKey) -> Refused | None:
        """Return why a source gives no number above zero, if it does not."""
        if isinstance(rule.sources[place], Formula):
            name = source_name(rule.name, place)
            found = self._sheet.refusal(name, stage)
            value = self._sheet.value(name, stage)
            if found is None and value is not None and value <= 0:
                return self._none(rule, "zero", stage)
            return found
        times = self._sheet.known(f"{rule.name}_rows", stage) or 0
        if times != 1:
            return self._none(rule, "missing" if not times else "ambiguous", stage)
        recorded = self._numbered.targets[stage.payee_no, rule.name, stage.month]
        return self._none(rule, "zero", stage) if recorded.amount <= 0 else None

    def _of_source(self, rule: TargetRule, place: int, stage: StageKey) -> tuple[Fraction, UUID]:
        if not isinstance(rule.sources[place], Formula):
            return self._recorded(rule, stage)
        name = source_name(rule.name, place)
        return self._sheet.value(name, stage) or Fraction(0), self._sheet.node(name, stage)

    def _chosen(
        self, rule: TargetRule, place: int, stage: StageKey, found: tuple[Fraction, UUID]
    ) -> UUID:
        """Return the node of a target with why the sources before it gave none."""
        before = [self._refused(rule, earlier, stage) for earlier in range(place)]
        reasons = [refused.reason for refused in before if refused is not None]
        payee_id, period, restated = self._sheet.key(stage)
        return self._book.node(
            "target",
            rule.name,
            payee_id,
            period,
            restated,
            "first of",
            kind="target_first_known",
            value=self._book.text(found[0], rule.unit),
            unit=rule.unit.value,
            operation="same",
            payee_id=payee_of(self._sheet.payee(stage)),
            detail={
                "clause": f"{rule.path}/first_of/{place}",
                "measure": rule.name,
                "month": period,
                "before": "; ".join(_why(reason.text) for reason in reasons),
                "before_it": "; ".join(_why(reason.in_italian) for reason in reasons),
            },
            children=(found[1],),
        )

    def _stated(self, rule: TargetRule, stage: StageKey) -> tuple[Fraction, UUID]:
        refused = [self._refused(rule, place, stage) for place in range(len(rule.sources))]
        is_zero = any(each is not None and each.reason.code == "target_zero" for each in refused)
        value = (rule.zero if is_zero else rule.missing) or Fraction(0)
        payee_id, period, _ = self._sheet.key(stage)
        return value, self._book.node(
            "target",
            rule.name,
            payee_id,
            period,
            "stated",
            kind="target_stated",
            value=self._book.text(value, rule.unit),
            unit=rule.unit.value,
            payee_id=payee_of(self._sheet.payee(stage)),
            detail={
                "clause": f"{rule.path}/{'zero' if is_zero else 'missing'}",
                "measure": rule.name,
                "month": period,
            },
        )

    def _recorded(self, rule: TargetRule, stage: StageKey) -> tuple[Fraction, UUID]:
        recorded = self._numbered.targets[stage.payee_no, rule.name, stage.month]
        value = Fraction(recorded.amount)
        since = () if recorded.valid_from is None else (recorded.valid_from.isoformat(),)
        return value, self._book.node(
            "target",
            rule.name,
            self._sheet.key(stage)[0],
            recorded.month,
            *since,
            kind="target",
            value=self._book.text(value, rule.unit),
            unit=rule.unit.value,
            payee_id=payee_of(self._sheet.payee(stage)),
            detail={"measure": rule.name, "month": recorded.month},
            source=recorded.source,
        )


def _why(sentence: str) -> str:
    return sentence.removeprefix("not paid, because ").removeprefix("non pagato, perché ")
