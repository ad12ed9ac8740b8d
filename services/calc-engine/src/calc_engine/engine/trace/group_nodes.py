"""The nodes of figures of populations: sums, extremes, numbers, places and what places are paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol
from uuid import UUID

from calc_engine.engine.lowering.cells.group_words import (
    RANK_OF,
    GroupReference,
    is_reference,
    read_reference,
)
from calc_engine.engine.lowering.cells.groups import (
    NO_GROUP,
    NOBODY,
    TIED,
    group_name,
)
from calc_engine.engine.lowering.cells.rank_pay import paid_places, way_of
from calc_engine.engine.trace.measure_nodes import StageKey
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.refused import Refused
from calc_engine.engine.trace.tier_nodes import Stages
from premia_plan.checked import CheckedPlan, Rank, RankPay
from premia_plan.language import Formula
from premia_plan.quantities import Unit, exact_text
from premia_plan.reasons import because
from premia_plan.reference.ranks import pay_of_places
from premia_plan.reference.subject import payee_of

OPERATIONS = {
    "sum of": "sum",
    "average of": "average",
    "highest of": "highest",
    "lowest of": "lowest",
}


class Sheet(Stages, Protocol):
    """The figures of the stages of a component."""

    def value(self, name: str, stage: StageKey) -> Fraction | None:
        """Return a figure; None where it cannot be worked out."""

    def why(self, name: str, stage: StageKey) -> int | None:
        """Return what is missing of a figure."""

    def place(self, name: str) -> str:
        """Return in which columns a figure is."""

    def refusal(self, name: str, stage: StageKey) -> Refused | None:
        """Return why a figure cannot be worked out, if it cannot."""

    def in_group(self, month: int, as_of: int, group: object) -> Sequence[StageKey]:
        """Return the stages of the members of a group, in the order of payees."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A payee's place: of which figure, called what, and how ties are told apart."""

    key: str
    population: str
    figure: str
    word: str
    way: str
    rule: Rank | None


class GroupNodes:
    """Writes what a sheet reads of the members of populations."""

    def __init__(
        self, sheet: Sheet, groups: Mapping[str, Sheet], plan: CheckedPlan, book: NodeBook
    ) -> None:
        self._sheet = sheet
        self._groups = groups
        self._plan = plan
        self._book = book
        self._ranks = {
            name: rule for rule in plan.ranks.values() for name in (rule.name, *(paid_places(rule)))
        }

    def knows(self, name: str) -> bool:
        """Say whether a figure is one of a population."""
        if name in self._ranks:
            return True
        return is_reference(name) and " among " in name and self._reads(name)

    def _reads(self, name: str) -> bool:
        return read_reference(name).population in self._groups

    def refusal(self, name: str, stage: StageKey) -> Refused | None:
        """Return why a figure of a population cannot be worked out, if it cannot."""
        why = self._sheet.why(name, stage)
        if why is None:
            return None
        rule = self._ranks.get(name)
        key = name if rule is None else rule.name
        asked = None if rule is not None else read_reference(name)
        population = rule.among if asked is None and rule else (asked.population if asked else "")
        figure = f"{key} of" if asked is None else asked.figure
        inner = self._groups[population]
        if why > NOBODY:
            return inner.refusal(figure, stage._replace(payee_no=why))
        if why <= TIED:
            return inner.refusal(f"{key} ties", stage._replace(payee_no=TIED - why))
        return self._about_group(why, key, population, stage)

    def _about_group(self, why: int, key: str, population: str, stage: StageKey) -> Refused:
        payee, month = self._sheet.payee(stage), self._sheet.period(stage)
        if why == NO_GROUP:
            return Refused(
                because("group_unknown", payee=payee, population=population, month=month),
                "Record what those of a group have in common, or ask only where it is known",
            )
        if why == NOBODY:
            return Refused(
                because("population_empty", figure=key, month=month),
                "Ask only where the population has members",
            )
        return Refused(
            because("not_in_population", payee=payee, figure=key, month=month),
            "Ask only for payees of the population",
        )

    def members(self, population: str, stage: StageKey) -> Sequence[StageKey]:
        """Return the stages of those who are in a payee's group of a population."""
        group = self._sheet.known(group_name(population), stage)
        return self._groups[population].in_group(stage.month, stage.as_of, group)

    def node(self, name: str, stage: StageKey) -> UUID:
        """Return the node of a figure of a population."""
        rule = self._ranks.get(name)
        if rule is not None:
            way = name.removeprefix(f"{rule.name} ") if name != rule.name else way_of(rule)
            of = f"{rule.name} of"
            asked = _Placed(rule.name, rule.among, of, rule.name, way, rule)
            return self._place(name, asked, stage)
        reference = read_reference(name)
        if reference.words == RANK_OF:
            word = "rank" + self._sheet.place(name).removeprefix("f")
            of = reference.figure
            asked = _Placed(name, reference.population, of, word, "best", None)
            return self._place(name, asked, stage)
        return self._aggregated(name, reference, stage)

    def _aggregated(self, name: str, asked: GroupReference, stage: StageKey) -> UUID:
        inner, members = self._groups[asked.population], self.members(asked.population, stage)
        is_count = asked.words == "number of"
        if is_count:
            members = [each for each in members if inner.refusal(asked.figure, each) is None]
        children = tuple(inner.node(asked.figure, each) for each in members)
        unit = Unit.COUNT.value
        if children and not is_count:
            unit = self._book.nodes[children[0]].unit
        return self._book.node(
            "group",
            name,
            *self._sheet.key(stage),
            kind="group_figure",
            value=exact_text(self._sheet.value(name, stage) or Fraction(0)),
            unit=unit,
            operation="count" if is_count else OPERATIONS[asked.words],
            payee_id=payee_of(self._sheet.payee(stage)),
            detail={"figure": name, "month": self._sheet.period(stage)},
            children=children,
        )

    def _place(self, name: str, asked: _Placed, stage: StageKey) -> UUID:
        inner, members = self._groups[asked.population], self.members(asked.population, stage)
        value = exact_text(self._sheet.value(name, stage) or Fraction(0))
        payee, period = self._sheet.payee(stage), self._sheet.period(stage)
        if self._sheet.known(f"{asked.word}_unplaced", stage):
            return self._book.node(
                "unplaced",
                asked.key,
                *self._sheet.key(stage),
                kind="unplaced",
                value=value,
                unit=Unit.COUNT.value,
                operation="formula",
                payee_id=payee,
                detail={
                    "figure": asked.key,
                    "month": period,
                    "formula": f"{len(members)} + 1",
                    "inputs": [],
                },
            )
        children = [inner.node(asked.figure, each) for each in members]
        index = members.index(stage)
        if asked.rule is None:
            return self._book.node(
                "group",
                asked.key,
                *self._sheet.key(stage),
                kind="rank",
                value=value,
                unit=Unit.COUNT.value,
                operation="rank",
                payee_id=payee,
                detail={"figure": asked.key, "month": period, "index": index},
                children=tuple(children),
            )
        if isinstance(asked.rule.ties, Formula):
            children += [inner.node(f"{asked.key} ties", each) for each in members]
        return self._book.node(
            "rank",
            asked.key,
            *self._sheet.key(stage),
            asked.way,
            kind="place",
            value=value,
            unit=Unit.COUNT.value,
            operation="place",
            payee_id=payee,
            detail={
                "clause": asked.rule.path,
                "rank": asked.key,
                "month": period,
                "index": index,
                "count": len(members),
                "order": "highest" if asked.rule.is_highest_first else "lowest",
                "ties": asked.way,
            },
            children=tuple(children),
        )

    def rank_pay(self, component: str, pay: RankPay, stage: StageKey) -> UUID:
        """Return the node of what a payee's places are paid on average."""
        best, worst = paid_places(self._plan.ranks[pay.rank])
        value = self._sheet.number(f"{component}_rank_pay", stage) or Fraction(0)
        return self._book.node(
            "rank pay",
            component,
            *self._sheet.key(stage),
            kind="rank_pay",
            value=self._book.text(value, Unit.MONEY),
            unit=Unit.MONEY.value,
            operation="formula",
            payee_id=self._sheet.payee(stage),
            detail={
                "clause": pay.path,
                "formula": pay_of_places(pay, self._plan.currency),
                "inputs": ["best", "worst"],
            },
            children=(self._sheet.node(best, stage), self._sheet.node(worst, stage)),
        )
