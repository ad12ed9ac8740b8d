"""Populations: who is compared with whom in a period, and in which group."""

from dataclasses import dataclass, field

from calc_engine.engine.ir import (
    Column,
    Distinct,
    Expression,
    Filter,
    Join,
    Kind,
    Relation,
    Scan,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.cells.people import in_pieces, is_on, with_attribute
from calc_engine.engine.lowering.cells.periods import periods
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.lowered import Value
from calc_engine.engine.lowering.measured import CELL
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import day, text
from premia_plan.checked import Population
from premia_plan.period import PeriodKind

IN_GROUP = "in_group"
"""The column of a member's group: "" where there are none, unknown where nothing tells it."""
ASKED_ON = ("p_first_day", "p_last_day")


def members(context: Context, name: str, kind: PeriodKind) -> Scan:
    """Return who belongs to a population in each period, with the group.

    Raises:
        NotLowered: if what tells the members or their groups is not lowered.
    """
    rule = context.plan.populations[name]
    found = periods(context, kind)
    present = Join(
        only(found, "plan_no", "month", *ASKED_ON),
        in_pieces(context),
        (("plan_no", "plan_no"),),
        {"payee_no": "payee_no", "f": "f", "u": "u"},
        test=is_on("f", "u", asked_day(rule)),
    )
    scope = _OnDay(context, Distinct(only(present, *CELL, *ASKED_ON)), asked_day(rule))
    belongs = lower(rule.who.expression, scope).condition
    inside = only(Filter(scope.relation, belongs), *CELL, *ASKED_ON)
    told = only(with_group(context, inside, rule, IN_GROUP), *CELL, IN_GROUP)
    named = f"members_{name}_{kind}"
    if named in {step.name for step in context.program.steps}:
        return Scan(named, dict(columns_of(told)))
    return context.program.name(named, told, kept=True)


def asked_day(rule: Population) -> Expression:
    """Return the day on which it is asked who belongs to a population."""
    match rule.on:
        case "last day":
            return Column("p_last_day", Kind.DATE)
        case "first day":
            return Column("p_first_day", Kind.DATE)
        case fixed:
            return day(fixed)


def with_group(context: Context, relation: Relation, rule: Population, output: str) -> Relation:
    """Add in which group of a population each row's payee is, or would be.

    Raises:
        NotLowered: if something else than a text tells the group.
    """
    if rule.same_superior is not None:
        raise NotLowered("populations in groups of one superior")
    if rule.same is None:
        return extended(relation, **{output: text("")})
    scope = _OnDay(context, relation, asked_day(rule), output)
    value = lower(rule.same.expression, scope)
    if isinstance(value.value, Ratio) or value.plain.kind is not Kind.TEXT:
        raise NotLowered("populations in groups that no text tells")
    found = extended(scope.relation, **{output: value.plain})
    return only(found, *columns_of(relation), output)


@dataclass(slots=True)
class _OnDay:
    """Payees on a day as formulas about payees see them."""

    context: Context
    relation: Relation
    on: Expression
    before: str = "who"
    _values: dict[str, Value] = field(default_factory=dict)

    def value(self, name: str) -> Value:
        """Return what was known of the payee on the day."""
        if not name.startswith("payee."):
            raise NotLowered(f"populations that ask for {name}")
        found = self._values.get(name)
        if found is None:
            place = f"{self.before}_{len(self._values)}"
            self.relation, found = with_attribute(self.context, self.relation, name, place, self.on)
            self._values[name] = found
        return found

    def day_reached(self, state: str) -> Expression:
        """Payees reach no states.

        Raises:
            NotLowered: always, since no plan asks.
        """
        raise NotLowered(f"the state {state} of a payee")
