"""The stages of one component with a column for every figure that it reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from calc_engine.engine.ir import (
    Column,
    Constant,
    Distinct,
    Expression,
    Filter,
    Join,
    Kind,
    Relation,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.cells.asked import Asked
from calc_engine.engine.lowering.cells.banded import banded
from calc_engine.engine.lowering.cells.counted import Counted
from calc_engine.engine.lowering.cells.group_words import RANK_OF, is_reference, read_reference
from calc_engine.engine.lowering.cells.groups import NOBODYS, Sheet, group_figure
from calc_engine.engine.lowering.cells.loaded import loaded
from calc_engine.engine.lowering.cells.measures import in_periods, totals
from calc_engine.engine.lowering.cells.people import with_attribute
from calc_engine.engine.lowering.cells.pools import pool_share
from calc_engine.engine.lowering.cells.rank_pay import rank_pay, way_of
from calc_engine.engine.lowering.cells.ranked import rank_figures, rank_of
from calc_engine.engine.lowering.cells.subjects import is_own, whose, with_own_subject
from calc_engine.engine.lowering.cells.targets import with_days, with_target
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.lowered import Gap, Lowered, Value, chosen_number
from calc_engine.engine.lowering.measured import CELL, STAGE
from calc_engine.engine.lowering.stepping import Steps, kept, without
from calc_engine.engine.presence import has_floor
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    FALSE,
    case,
    compare,
    is_known,
    is_unknown,
    known_or,
    negated,
    whole,
)
from premia_plan.checked import (
    CellComponent,
    FormulaMeasure,
    LoadedMeasure,
    PoolShare,
    RankPay,
    Scorecard,
    SummedMeasure,
    Tiers,
)
from premia_plan.language import Formula
from premia_plan.period import PeriodKind

MOST_TOTAL = 1 << 62
"""Totals are checked to fit in 63 bits when they are added up."""

PERIOD_COLUMNS: Mapping[str, tuple[str, int]] = {
    "days": ("p_days", 366),
    "year": ("p_year", 10_000),
    "quarter": ("p_quarter", 4),
    "number": ("p_number", 12),
    "month": ("p_month", 12),
}
FLOOR_DAYS, FLOOR_OF_DAYS = "floor_days", "floor_of_days"


def is_fact(name: str) -> bool:
    """Say whether a name is about the payee or the period of a cell."""
    return name.startswith(("payee.", "period."))


@dataclass(slots=True)
class CellSheet:
    """The stages of a component, and the scope of formulas about them.

    Each figure that is asked for becomes columns: `<place>` and `<place>_below` with its value,
    unknown where it cannot be worked out, and `<place>_why` with the place of what is missing.
    `places` says which figure is where, and `words` what the places of missing inputs mean.
    """

    context: Context
    owner: str
    kind: PeriodKind
    relation: Relation
    counted: Mapping[str, Counted]
    asked: Asked
    places: dict[str, str] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    is_of_subjects: bool = False
    """Whether its cells are of the subjects of a measure, numbered as there."""
    is_beside: bool = False
    """Whether its cells are of others than those that are paid."""
    groups: "dict[str, Sheet]" = field(default_factory=dict)
    pools: "dict[str, Sheet]" = field(default_factory=dict)
    pool_group: str | None = None
    base: Relation = field(init=False)
    _values: dict[str, Value] = field(default_factory=dict)
    _cuts: int = 0

    def __post_init__(self) -> None:
        self.base = self.relation

    def beside(self, owner: str, relation: Relation) -> "CellSheet":
        """Return a sheet of other cells of the same periods."""
        found = CellSheet(self.context, owner, self.kind, relation, self.counted, self.asked)
        found.is_beside = True
        return found

    def cut(self) -> None:
        """Give what was worked out so far a name, so that no statement grows too deep."""
        self._cuts += 1
        name = f"sheet_{self.owner}_{self._cuts}"
        self.relation = self.context.program.name(name, self.relation)

    def value(self, name: str) -> Value:
        """Return a figure of the cell, or what is known of its payee or period.

        Raises:
            NotLowered: if it is of a kind that is not lowered.
        """
        found = self._values.get(name)
        if found is None:
            found = self._values[name] = self._find(name)
        return found

    def stops(self, name: str) -> bool:
        """Say whether asking for a value that is unknown ends the calculation."""
        return not is_fact(name)

    def day_reached(self, state: str) -> Expression:  # noqa: ARG002 - a cell reaches no states
        """Return the unknown day."""
        return Constant(None, Kind.DATE)

    def _find(self, name: str) -> Value:  # noqa: PLR0911 - one per kind of figure
        plan = self.context.plan
        if name.startswith("payee."):
            return self._of_payee(name)
        if name.startswith("period."):
            return self._of_period(name.removeprefix("period."))
        if name.startswith("target."):
            return self._target(name)
        if name in plan.attainments:
            return self._attainment(name)
        if name in plan.ranks or is_reference(name):
            return self._of_population(name)
        component = plan.components.get(name)
        if isinstance(component, CellComponent) and name not in plan.measures:
            if self.is_beside:
                raise NotLowered(f"what others are paid, such as {name},")
            return self.pay(component)
        match plan.measures.get(name):
            case SummedMeasure() as rule:
                return self._summed(rule)
            case LoadedMeasure() as rule:
                return loaded(self, rule)
            case FormulaMeasure() as rule:
                return self.formula(name, rule.formula)
        raise NotLowered(f"cells that ask for {name}")

    def _of_population(self, name: str) -> Ratio:
        rank = self.context.plan.ranks.get(name)
        if rank is not None:
            return rank_figures(self, rank, {name: way_of(rank)})[0]
        asked = read_reference(name)
        return (rank_of if asked.words == RANK_OF else group_figure)(self, name, asked)

    def _place(self, name: str) -> str:
        place = f"f{len(self.places)}"
        self.places[name] = place
        return place

    def put(
        self,
        name: str,
        value: Ratio,
        why: Expression,
        words: tuple[str, ...] = (),
        others: Expression = NOBODYS,
    ) -> Ratio:
        """Write a figure down; it is unknown where `why` says what is missing.

        `others` says how far that is a matter of others than the payee.
        """
        place = self._place(name)
        self.words[name] = words
        self._note(place, others)
        self.relation = extended(self.relation, **{f"{place}_why": why})
        missing = is_known(Column(f"{place}_why", Kind.WHOLE))
        found = kept(self, place, without(value, missing) if why != whole(None) else value)
        self.cut()
        return found

    def _note(self, place: str, others: Expression) -> None:
        if others != NOBODYS:
            self.relation = extended(self.relation, **{f"{place}_others": others})

    def others_of(self, name: str) -> Expression:
        """Return how far a figure is refused for what is a matter of others."""
        flag = f"{self.places.get(name, '')}_others"
        known = flag in columns_of(self.relation)
        return known_or(Column(flag, Kind.WHOLE), NOBODYS) if known else NOBODYS

    def _about_others(self, gaps: Sequence[tuple[Expression, str]]) -> Expression:
        """Return how far the first of some gaps is a matter of others."""
        found = [(condition, self.others_of(name)) for condition, name in gaps]
        return case(found, NOBODYS) if any(flag != NOBODYS for _, flag in found) else NOBODYS

    def formula(self, name: str, formula: Formula) -> Ratio:
        """Write down what a formula gives."""
        found = lower(formula.expression, self)
        others = self._about_others([(gap.condition, gap.name) for gap in found.missing])
        value = self.put(name, found.number, found.missing_place, found.words, others)
        self._values.setdefault(name, value)
        return value

    def _of_payee(self, name: str) -> Value:
        on = Column("p_last_day", Kind.DATE)
        place = self._place(name)
        self.relation, value = with_attribute(self.context, self.relation, name, place, on)
        return value

    def _of_period(self, word: str) -> Value:
        if word in PERIOD_COLUMNS:
            name, most = PERIOD_COLUMNS[word]
            return Ratio.scaled(Column(name, Kind.WHOLE), 1, most)
        return Column(f"p_{word}", Kind.DATE)

    def _summed(self, rule: SummedMeasure) -> Ratio:
        measure = in_periods(self.context, self.counted[rule.name], self.kind)
        total, count = f"total_{rule.name}", f"count_{rule.name}"
        self._add_totals(measure, {total: "total", count: "counted"})
        summed = Ratio.scaled(Column(total, Kind.WHOLE), measure.units, MOST_TOTAL)
        if rule.function != "average":
            return self.put(rule.name, summed, whole(None))
        counted = Column(count, Kind.WHOLE)
        nothing = compare("=", counted, whole(0))
        own = case([(nothing, whole(1))], counted)
        average = summed * Ratio.scaled(own, 1, MOST_TOTAL).inverse()
        if rule.empty is None:
            why = case([(nothing, whole(0))], whole(None))
            return self.put(rule.name, average, why, ("average_of_nothing",))
        stated = chosen_number(nothing, Ratio.written(rule.empty), average)
        return self.put(rule.name, stated, whole(None))

    def _add_totals(self, measure: Counted, take: Mapping[str, str]) -> None:
        """Add what a measure comes to: the payee's own, or of whom the payee's cell reads."""
        rule, name = measure.rule, f"totals_{self.owner}_{measure.rule.name}"
        number, stages, on = "payee_no", self.relation, "p_last_day"
        if not is_own(rule.per) and not self.is_of_subjects:
            number, _ = whose(rule.per.kind)
            self.relation = with_own_subject(self.context, self.relation, rule.per, on)
            asked = with_own_subject(self.context, self.base, rule.per, on)
            known = Filter(asked, is_known(column(asked, number)))
            stages = Distinct(only(known, "plan_no", "month", "as_of", payee_no=number))
        found = totals(self.context, measure, stages, name)
        self.relation = Join(
            self.relation,
            found,
            tuple((number if key == "payee_no" else key, key) for key in STAGE),
            take,
            # Who reads the measure of others may read one of which nothing is known.
            keeps_left=number != "payee_no",
        )
        if number != "payee_no":
            some = {name: known_or(Column(name, Kind.WHOLE), whole(0)) for name in take}
            self.relation = extended(self.relation, **some)

    def _target(self, name: str) -> Ratio:
        rule = self.context.plan.targets[name.removeprefix("target.")]
        if self.pool_group is not None:
            raise NotLowered(f"pools that ask for {name}")
        if rule.over != self.kind or rule.per.kind != "payee":
            raise NotLowered(f"{name}, of another period or subject,")
        value, why = with_target(self, rule)
        return self.put(name, value, why)

    def _attainment(self, name: str) -> Ratio:
        rule = self.context.plan.attainments[name]
        measured = self._number(rule.of)
        target = self._number(f"target.{rule.target or rule.of}")
        zero = target.is_zero()
        divisor = Ratio(
            case([(known_or(zero, FALSE), whole(1))], target.numerator),
            target.denominator,
            target.most,
            target.most_below,
        )
        value = measured * divisor.inverse()
        refusals = [
            (is_unknown(measured.numerator), whole(0)),
            (is_unknown(target.numerator), whole(1)),
        ]
        if rule.target_zero is None:
            refusals.append((zero, whole(2)))
        else:
            value = chosen_number(known_or(zero, FALSE), Ratio.written(rule.target_zero), value)
        words = (rule.of, f"target.{rule.target or rule.of}", "target_zero")
        gaps = list(zip([missing for missing, _ in refusals], words, strict=False))
        others = self._about_others(gaps)
        return self.put(name, value, case(refusals, whole(None)), words, others)

    def _number(self, name: str) -> Ratio:
        value = self.value(name)
        if not isinstance(value, Ratio):
            raise NotLowered(f"{name}, which is no number,")
        return value

    def pay(self, component: CellComponent) -> Ratio:
        """Write down what a component gives after its steps."""
        name = component.name
        amount = self._amount(component)
        steps = Steps(
            self,
            name,
            component.steps,
            self,
            self.context.places,
            guaranteed=self._guaranteed(component),
        )
        paid = steps.apply(amount)
        self.places[name] = f"{name}_pay"
        gaps = [(condition, word.split("|", 1)[1]) for condition, word in steps.gaps]
        self._note(f"{name}_pay", self._about_others(gaps))
        self.words[name] = steps.words
        self._values[name] = paid
        return paid

    def _guaranteed(self, component: CellComponent) -> tuple[Expression, Expression] | None:
        """Add for how many of a period's days floors count: none after the plan's end."""
        if not has_floor(component):
            return None
        days, of_days = Column(FLOOR_DAYS, Kind.WHOLE), Column(FLOOR_OF_DAYS, Kind.WHOLE)
        if FLOOR_DAYS not in columns_of(self.relation):
            self.relation = with_days(self.context, self.relation, FLOOR_DAYS, self.kind)
            over = negated(Column("in_validity", Kind.BOOL))
            counted = {
                FLOOR_DAYS: case([(over, whole(0))], days),
                FLOOR_OF_DAYS: case([(over, whole(1))], Column("p_days", Kind.WHOLE)),
            }
            self.relation = extended(self.relation, **counted)
        return days, of_days

    def _amount(self, component: CellComponent) -> Lowered:
        if component.over != self.kind:
            raise NotLowered(f"{component.name}, of another kind of period,")
        match component.amount:
            case Formula() as formula:
                return self._asked(f"amount of {component.name}", formula)
            case Scorecard() as card:
                return self._scored(component.name, card)
            case Tiers() as tiers:
                return banded(self, component, tiers)
            case RankPay() as pay:
                return rank_pay(self, component.name, pay)
            case PoolShare(pool):
                return pool_share(self, component.name, self.context.plan.pools[pool])
        raise NotLowered(f"amounts such as {type(component.amount).__name__}")

    def _asked(self, name: str, formula: Formula) -> Lowered:
        """Return a formula's value, written down, with what may be missing of it."""
        return self.as_input(name, self.formula(name, formula))

    def as_input(self, name: str, value: Ratio) -> Lowered:
        """Return a figure that is written down as what something else is made of."""
        return Lowered(value, (Gap(is_unknown(value.numerator), name, stops=True),))

    def known_cells(self, formula: Formula) -> Relation:
        """Return the cells of which something is known that tiers pay on."""
        return Distinct(only(self.asked.of_payees_alone(formula), *CELL))

    def _scored(self, component: str, card: Scorecard) -> Lowered:
        gaps: list[Gap] = []
        total = Ratio.written(Fraction(0))
        for place, objective in enumerate(card.objectives):
            part = self._asked(f"{component} {objective.name}", objective.amount)
            gaps.extend(part.missing)
            total = kept(self, f"{component}_card_{place}", total + part.number)
        return Lowered(kept(self, f"{component}_card", total), tuple(gaps))
