"""Figures of a population on the sheet of a component: sums, extremes, numbers and places."""

from collections.abc import Mapping
from typing import Protocol

from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Distinct,
    Expression,
    Join,
    Kind,
    Relation,
    Total,
    column,
    extended,
    only,
)
from calc_engine.engine.lowering.cells.asked import Asked
from calc_engine.engine.lowering.cells.group_words import GroupReference
from calc_engine.engine.lowering.cells.periods import FACTS, periods
from calc_engine.engine.lowering.cells.places import (
    GROUP,
    first_of,
)
from calc_engine.engine.lowering.cells.populations import IN_GROUP, members, with_group
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.lowered import Value
from calc_engine.engine.lowering.measured import CELL, STAGE
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    FALSE,
    case,
    compare,
    is_known,
    is_unknown,
    known_or,
    whole,
)
from premia_plan.checked import Population
from premia_plan.language import Formula
from premia_plan.period import PeriodKind

MOST_TOTAL = 1 << 62
MOST_PAYEES = 1 << 31
NOBODY, NOT_A_MEMBER, NO_GROUP, TIED = 0, -1, -2, -10
"""Why there is no figure of a group, apart from members without one, whose numbers are told.

Members without the second figure are told by `TIED` less their numbers.
"""
NOT_OTHERS, OTHERS, GROUPS = 0, 1, 2
"""Whether a refusal is a matter of others than the payee, or of groups that nothing tells."""


WHOLE_POOL = "whole_pool"
"""The column that stands for the group of pools that have none."""
NOBODYS = whole(NOT_OTHERS)


class Sheet(Protocol):
    """The stages of a component, with the sheets of the populations that it asks for."""

    context: Context
    owner: str
    kind: PeriodKind
    relation: Relation
    base: Relation
    asked: Asked
    places: dict[str, str]
    words: dict[str, tuple[str, ...]]
    groups: "dict[str, Sheet]"
    pools: "dict[str, Sheet]"
    pool_group: str | None
    """The column of the group that a pool's cell is of; None where the cells are payees'."""

    def cut(self) -> None:
        """Give what was worked out so far a name."""

    def value(self, name: str) -> Value:
        """Return a figure of the cell."""

    def day_reached(self, state: str) -> Expression:
        """Return the unknown day: a cell reaches no states."""

    def formula(self, name: str, formula: Formula) -> Ratio:
        """Write down what a formula gives."""

    def put(
        self,
        name: str,
        value: Ratio,
        why: Expression,
        words: tuple[str, ...] = (),
        others: Expression = NOBODYS,
    ) -> Ratio:
        """Write a figure down."""

    def others_of(self, name: str) -> Expression:
        """Return how far a figure is refused for what is a matter of others."""

    def beside(self, owner: str, relation: Relation) -> "Sheet":
        """Return a sheet of other cells of the same periods."""


def group_name(population: str) -> str:
    """Return the column of a payee's own group of a population."""
    return f"group_of_{population}"


def beside_owner(owner: str, population: str) -> str:
    """Return the owner of the sheet of a population that a sheet reads."""
    return f"{owner}__of_{population}"


def gathered(sheet: Sheet, population: str) -> Sheet:
    """Return the sheet of the members beside the payees of a sheet, at the same stages."""
    found = sheet.groups.get(population)
    if found is not None:
        return found
    context, rule = sheet.context, sheet.context.plan.populations[population]
    own = group_name(population)
    sheet.relation = _with_own_group(sheet, sheet.relation, rule)
    asked = Distinct(
        only(_with_own_group(sheet, sheet.base, rule), "plan_no", "month", "as_of", own)
    )
    beside = Join(
        asked,
        members(context, population, sheet.kind),
        (("plan_no", "plan_no"), ("month", "month"), (own, IN_GROUP)),
        {"payee_no": "payee_no", IN_GROUP: IN_GROUP},
    )
    dated = Join(
        only(beside, *STAGE, IN_GROUP),
        periods(context, sheet.kind),
        (("plan_no", "plan_no"), ("month", "month")),
        {fact: fact for fact in FACTS},
    )
    owner = beside_owner(sheet.owner, population)
    named = context.program.name(f"beside_{owner}", dated, kept=True)
    found = sheet.groups[population] = sheet.beside(owner, named)
    return found


def _with_own_group(sheet: Sheet, relation: Relation, rule: Population) -> Relation:
    """Add the group of a population that each cell reads; that of a pool's cell is its own."""
    own = group_name(rule.name)
    if sheet.pool_group is None or not rule.is_grouped:
        return with_group(sheet.context, relation, rule, own)
    if sheet.pool_group == WHOLE_POOL:
        raise NotLowered("pools of a whole population that ask for groups")
    return extended(relation, **{own: column(relation, sheet.pool_group)})


def group_figure(sheet: Sheet, name: str, asked: GroupReference) -> Ratio:
    """Write down what is made of the members' figures.

    Raises:
        NotLowered: if it is of other periods, or adds up quotients.
    """
    plan = sheet.context.plan
    if plan.period_of(asked.figure) != sheet.kind:
        raise NotLowered(f"{name}, of another kind of period,")
    inner = gathered(sheet, asked.population)
    value = number(inner.value(asked.figure))
    return _aggregated(sheet, name, asked, inner, value)


def _aggregated(
    sheet: Sheet, name: str, asked: GroupReference, inner: Sheet, value: Ratio
) -> Ratio:
    payee = Column("payee_no", Kind.WHOLE)
    none = is_unknown(value.numerator)
    rows = extended(
        inner.relation,
        lacks=case([(none, payee)], whole(None)),
        has=case([(none, whole(None))], payee),
        v=value.numerator,
    )
    totals: dict[str, Total] = {
        "members": ("count", payee),
        "refused": ("min", column(rows, "lacks")),
        "known": ("count", column(rows, "has")),
        **_totals(asked.words, value),
    }
    found: Relation = Aggregate(rows, GROUP, totals)
    take = {each: each for each in totals}
    if asked.words in ("highest of", "lowest of") and value.fixed_denominator is None:
        first = first_of(inner.relation, value, falling=asked.words == "highest of")
        take |= {"v": "v", "v_under": "v_under"}
        found = Join(
            found, first, tuple((key, key) for key in GROUP), {"v": "v", "v_under": "v_under"}
        )
    at, owner = len(sheet.places), sheet.owner
    named = sheet.context.program.name(f"group_{owner}_{at}", found, kept=True)
    prefix = f"n{at}"
    sheet.relation = Join(
        sheet.relation,
        named,
        tuple((group_name(asked.population) if key == IN_GROUP else key, key) for key in GROUP),
        {f"{prefix}_{each}": column for each, column in take.items()},
        keeps_left=True,
    )
    own = {each: column(sheet.relation, f"{prefix}_{each}") for each in take}
    return _told(sheet, name, asked, own, value)


def _totals(words: str, value: Ratio) -> dict[str, Total]:
    match words:
        case "sum of" | "average of":
            if value.fixed_denominator is None:
                raise NotLowered("sums and averages of quotients among payees")
            return {"total": ("sum", Column("v", value.numerator.kind))}
        case "highest of" if value.fixed_denominator is not None:
            return {"total": ("max", Column("v", value.numerator.kind))}
        case "lowest of" if value.fixed_denominator is not None:
            return {"total": ("min", Column("v", value.numerator.kind))}
    return {}


def _told(
    sheet: Sheet, name: str, asked: GroupReference, own: Mapping[str, Expression], value: Ratio
) -> Ratio:
    """Write down a figure of a group with why there is none."""
    inner = sheet.groups[asked.population]
    count = known_or(own["members"], whole(0))
    refusals: list[tuple[Expression, Expression]] = []
    no_group: Expression = FALSE
    if sheet.context.plan.populations[asked.population].is_grouped:
        no_group = is_unknown(Column(group_name(asked.population), Kind.TEXT))
        refusals.append((no_group, whole(NO_GROUP)))
    if asked.words == "number of":
        found = Ratio.scaled(known_or(own["known"], whole(0)), 1, MOST_PAYEES)
        others = case([(no_group, whole(GROUPS))], NOBODYS)
        return sheet.put(name, found, case(refusals, whole(None)), others=others)
    nobody = compare("=", count, whole(0))
    if asked.words != "sum of":
        refusals.append((nobody, whole(NOBODY)))
    refusals.append((is_known(own["refused"]), own["refused"]))
    found = _of_totals(asked.words, own, value, count)
    because = [(no_group, whole(GROUPS))]
    if asked.words != "sum of":
        because.append((nobody, whole(OTHERS)))
    others = case(because, of_refused(sheet, inner, asked.figure, own["refused"]))
    return sheet.put(name, found, case(refusals, whole(None)), others=others)


def _of_totals(words: str, own: Mapping[str, Expression], value: Ratio, count: Expression) -> Ratio:
    below = value.fixed_denominator
    if below is None:
        return Ratio(own["v"], known_or(own["v_under"], whole(1)), value.most, value.most_below)
    if words in ("highest of", "lowest of"):
        return Ratio.scaled(own["total"], below, value.most)
    most = MOST_TOTAL if own["total"].kind is Kind.WHOLE else value.most * MOST_PAYEES
    total = Ratio.scaled(known_or(own["total"], whole(0)), below, most)
    if words == "sum of":
        return total
    divisor = case([(compare("=", count, whole(0)), whole(1))], count)
    return total * Ratio.scaled(divisor, 1, MOST_PAYEES).inverse()


def of_refused(sheet: Sheet, inner: Sheet, figure: str, refused: Expression) -> Expression:
    """Return how far the member who has no figure has none for what is a matter of others."""
    others = inner.others_of(figure)
    if others == NOBODYS or not isinstance(refused, Column):
        return NOBODYS
    flag = f"{refused.name}_others"
    rows = only(extended(inner.relation, others=others), *STAGE, "others")
    sheet.relation = Join(
        sheet.relation,
        rows,
        (
            ("plan_no", "plan_no"),
            ("month", "month"),
            ("as_of", "as_of"),
            (refused.name, "payee_no"),
        ),
        {flag: "others"},
        keeps_left=True,
    )
    return known_or(Column(flag, Kind.WHOLE), NOBODYS)


def with_membership(sheet: Sheet, population: str, word: str) -> Expression:
    """Add whether each payee is of a population, in whatever group: 1, else 0."""
    found = members(sheet.context, population, sheet.kind)
    sheet.relation = Join(
        sheet.relation,
        extended(only(found, *CELL), one=whole(1)),
        tuple((key, key) for key in CELL),
        {f"{word}_belongs": "one"},
        keeps_left=True,
    )
    return known_or(Column(f"{word}_belongs", Kind.WHOLE), whole(0))


def number(value: Value) -> Ratio:
    """Return a value as the number it is.

    Raises:
        NotLowered: if it is none.
    """
    if not isinstance(value, Ratio):
        raise NotLowered("figures of populations that are no numbers")
    return value
