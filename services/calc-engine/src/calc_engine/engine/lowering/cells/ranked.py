"""Places of payees in a population on the sheet of a component."""

from collections.abc import Mapping
from dataclasses import dataclass

from calc_engine.engine.ir import (
    Column,
    Distinct,
    Expression,
    Join,
    Kind,
    Relation,
    column,
    extended,
    only,
)
from calc_engine.engine.lowering.cells.group_words import GroupReference
from calc_engine.engine.lowering.cells.groups import (
    GROUPS,
    MOST_PAYEES,
    NO_GROUP,
    NOT_A_MEMBER,
    OTHERS,
    TIED,
    Sheet,
    gathered,
    number,
    of_refused,
    with_membership,
)
from calc_engine.engine.lowering.cells.places import Comparison, nothing_known, placed
from calc_engine.engine.lowering.cells.populations import IN_GROUP
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
    subtract,
    whole,
)
from premia_plan.checked import Rank
from premia_plan.language import Formula


@dataclass(frozen=True, slots=True)
class _Compared:
    """The members of a population with what they are compared by, and the cells it is known of."""

    among: str
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
    by = _Compared(rule.among, inner, of, ties, known, rule.is_highest_first)
    return _places(sheet, f"{rule.name}", by, ways)


def rank_of(sheet: Sheet, name: str, asked: GroupReference) -> Ratio:
    """Write down the place of a payee's figure; ties share the best one.

    Raises:
        NotLowered: if it is of other periods.
    """
    if sheet.context.plan.period_of(asked.figure) != sheet.kind:
        raise NotLowered(f"{name}, of another kind of period,")
    inner = gathered(sheet, asked.population)
    known = sheet.asked.of_name(asked.figure)
    by = _Compared(asked.population, inner, asked.figure, None, known, highest_first=True)
    return _places(sheet, f"rank{len(sheet.places)}", by, {name: "best"})[0]


def _places(sheet: Sheet, word: str, by: _Compared, ways: Mapping[str, str]) -> list[Ratio]:
    context, inner = sheet.context, by.inner
    of = number(inner.value(by.of))
    ties = None if by.ties is None else number(inner.value(by.ties))
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
    no_group = every(outside, _belongs(sheet, by.among, word))
    refusals: list[tuple[Expression, Expression]] = [
        (no_group, whole(NO_GROUP)),
        (outside, whole(NOT_A_MEMBER)),
        (is_known(own["refused"]), own["refused"]),
    ]
    others = of_refused(sheet, inner, by.of, own["refused"])
    unplaced = Column(f"{word}_unplaced", Kind.BOOL)
    if by.ties is not None:
        tied = every(negated(unplaced), is_known(own["refused_tie"]))
        refusals.append((tied, subtract(whole(TIED), own["refused_tie"])))
        tie = of_refused(sheet, inner, by.ties, own["refused_tie"])
        others = case([(is_known(own["refused"]), others)], tie)
    others = case([(no_group, whole(GROUPS)), (outside, whole(OTHERS))], others)
    last = add(own["members"], whole(1))
    return [
        sheet.put(
            name, _place(own, way, unplaced, last), case(refusals, whole(None)), others=others
        )
        for name, way in ways.items()
    ]


def _belongs(sheet: Sheet, population: str, word: str) -> Expression:
    """Return whether each payee is of a population that has groups, in whatever group."""
    rule = sheet.context.plan.populations[population]
    if not rule.is_grouped or sheet.pool_group is not None:
        return FALSE
    return compare("=", with_membership(sheet, population, word), whole(1))


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
