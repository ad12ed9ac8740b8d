"""Figures of a population on the sheet of a component: sums, extremes, numbers and places."""

from collections.abc import Mapping
from dataclasses import dataclass
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
from calc_engine.engine.lowering.cells.group_words import RANK_OF, GroupReference
from calc_engine.engine.lowering.cells.periods import FACTS, periods
from calc_engine.engine.lowering.cells.places import (
    GROUP,
    Comparison,
    first_of,
    nothing_known,
    placed,
)
from calc_engine.engine.lowering.cells.populations import IN_GROUP, members, with_group
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.lowered import Value
from calc_engine.engine.lowering.measured import STAGE
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    FALSE,
    add,
    case,
    compare,
    every,
    is_known,
    is_unknown,
    known_or,
    multiply,
    negated,
    some,
    subtract,
    whole,
)
from premia_plan.checked import Rank
from premia_plan.language import Formula
from premia_plan.period import PeriodKind

MOST_TOTAL = 1 << 62
MOST_PAYEES = 1 << 31
NOBODY, NOT_A_MEMBER, NO_GROUP, TIED = 0, -1, -2, -10
"""Why there is no figure of a group, apart from members without one, whose numbers are told.

Members without the second figure are told by `TIED` less their numbers.
"""
ABOUT_OTHERS = (NOBODY, NOT_A_MEMBER)


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

    def cut(self) -> None:
        """Give what was worked out so far a name."""

    def value(self, name: str) -> Value:
        """Return a figure of the cell."""

    def formula(self, name: str, formula: Formula) -> Ratio:
        """Write down what a formula gives."""

    def put(
        self,
        name: str,
        value: Ratio,
        why: Expression,
        words: tuple[str, ...] = (),
        others: Expression = FALSE,
    ) -> Ratio:
        """Write a figure down."""

    def others_of(self, name: str) -> Expression:
        """Return whether a figure is refused for what is a matter of others."""

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
    sheet.relation = with_group(context, sheet.relation, rule, own)
    asked = Distinct(
        only(with_group(context, sheet.base, rule, own), "plan_no", "month", "as_of", own)
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


def _number(value: Value) -> Ratio:
    if not isinstance(value, Ratio):
        raise NotLowered("figures of populations that are no numbers")
    return value


def group_figure(sheet: Sheet, name: str, asked: GroupReference) -> Ratio:
    """Write down what is made of the members' figures.

    Raises:
        NotLowered: if it is of other periods, or adds up quotients.
    """
    plan = sheet.context.plan
    if plan.period_of(asked.figure) != sheet.kind:
        raise NotLowered(f"{name}, of another kind of period,")
    inner = gathered(sheet, asked.population)
    value = _number(inner.value(asked.figure))
    if asked.words == RANK_OF:
        return rank_of(sheet, name, asked, inner)
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
    number, owner = len(sheet.places), sheet.owner
    named = sheet.context.program.name(f"group_{owner}_{number}", found, kept=True)
    prefix = f"n{number}"
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
        return sheet.put(name, found, case(refusals, whole(None)))
    nobody = compare("=", count, whole(0))
    if asked.words != "sum of":
        refusals.append((nobody, whole(NOBODY)))
    refusals.append((is_known(own["refused"]), own["refused"]))
    found = _of_totals(asked.words, own, value, count)
    others = _of_refused(sheet, inner, asked.figure, own["refused"])
    if asked.words != "sum of":
        others = some(nobody, others)
    if no_group != FALSE:
        others = every(negated(no_group), others)
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


def _of_refused(sheet: Sheet, inner: Sheet, figure: str, refused: Expression) -> Expression:
    """Return whether the member who has no figure has none for what is a matter of others."""
    others = inner.others_of(figure)
    if others == FALSE or not isinstance(refused, Column):
        return FALSE
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
    return known_or(Column(flag, Kind.BOOL), FALSE)


@dataclass(frozen=True, slots=True)
class _Compared:
    """The members of a population with what they are compared by, and the cells it is known of."""

    inner: Sheet
    of: str
    ties: str | None
    known: Relation | None
    highest_first: bool


def rank_figures(sheet: Sheet, rule: Rank, ways: Mapping[str, str]) -> list[Ratio]:
    """Write down the places of a rank's payees, told apart in some ways, each under a name."""
    if rule.over != sheet.kind:
        raise NotLowered(f"{rule.name}, of another kind of period,")
    inner = gathered(sheet, rule.among)
    of, ties = f"{rule.name} of", None
    inner.formula(of, rule.of)
    if isinstance(rule.ties, Formula):
        ties = f"{rule.name} ties"
        inner.formula(ties, rule.ties)
    known = sheet.asked.of_inputs(*_formulas(rule)) if has_inputs(rule) else None
    by = _Compared(inner, of, ties, known, rule.is_highest_first)
    return _places(sheet, f"{rule.name}", by, ways)


def rank_of(sheet: Sheet, name: str, asked: GroupReference, inner: Sheet) -> Ratio:
    """Write down the place of a payee's figure; ties share the best one."""
    known = sheet.asked.of_name(asked.figure)
    by = _Compared(inner, asked.figure, None, known, highest_first=True)
    return _places(sheet, f"rank{len(sheet.places)}", by, {name: "best"})[0]


def _places(sheet: Sheet, word: str, by: _Compared, ways: Mapping[str, str]) -> list[Ratio]:
    context, inner = sheet.context, by.inner
    of = _number(inner.value(by.of))
    ties = None if by.ties is None else _number(inner.value(by.ties))
    found = placed(
        context, f"{sheet.owner}_{word}", Comparison(inner.relation, of, ties, by.highest_first)
    )
    take = {f"{word}_{each}": each for each in found.columns if each not in (*STAGE, IN_GROUP)}
    sheet.relation = Join(
        sheet.relation, found, tuple((key, key) for key in STAGE), take, keeps_left=True
    )
    nothing: Expression = FALSE
    if by.known is not None:
        known = Distinct(only(by.known, "plan_no", "month"))
        sheet.relation = nothing_known(known, sheet.relation, f"{word}_nothing")
        same = known_or(Column(f"{word}_all_same", Kind.BOOL), FALSE)
        nothing = every(Column(f"{word}_nothing", Kind.BOOL), same)
    sheet.relation = extended(sheet.relation, **{f"{word}_unplaced": nothing})
    own = {each: column(sheet.relation, name) for name, each in take.items()}
    outside = is_unknown(own["members"])
    refusals: list[tuple[Expression, Expression]] = [
        (outside, whole(NOT_A_MEMBER)),
        (is_known(own["refused"]), own["refused"]),
    ]
    others = some(outside, _of_refused(sheet, inner, by.of, own["refused"]))
    unplaced = Column(f"{word}_unplaced", Kind.BOOL)
    if by.ties is not None:
        tied = every(negated(unplaced), is_known(own["refused_tie"]))
        refusals.append((tied, subtract(whole(TIED), own["refused_tie"])))
        others = some(others, _of_refused(sheet, inner, by.ties, own["refused_tie"]))
    last = add(own["members"], whole(1))
    return [
        sheet.put(
            name, _place(own, way, unplaced, last), case(refusals, whole(None)), others=others
        )
        for name, way in ways.items()
    ]


def _place(
    own: Mapping[str, Expression], way: str, unplaced: Expression, last: Expression
) -> Ratio:
    match way:
        case "best" | "worst":
            return Ratio.scaled(case([(unplaced, last)], own[way]), 1, MOST_PAYEES)
        case "average":
            between = add(own["best"], own["worst"])
            return Ratio.scaled(
                case([(unplaced, multiply(last, whole(2)))], between), 2, MOST_PAYEES
            )
    return Ratio.scaled(case([(unplaced, last)], own["ordinal"]), 1, MOST_PAYEES)


def _formulas(rule: Rank) -> tuple[Formula, ...]:
    return (rule.of, rule.ties) if isinstance(rule.ties, Formula) else (rule.of,)


def has_inputs(rule: Rank) -> bool:
    """Say whether a rank's figures read something else than what is known of payees and periods."""
    return any(
        not name.startswith(("payee.", "period."))
        for formula in _formulas(rule)
        for name in formula.names
    )
