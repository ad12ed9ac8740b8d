"""To whom goes what a team, territory, category or plan earns, read from its clauses."""

from dataclasses import replace
from typing import Literal, TypeAlias

from premia_plan.checked import (
    HEAD,
    CellAmount,
    CellComponent,
    Given,
    GroupLimit,
    LimitStep,
    Per,
    PoolShare,
    RankPay,
)
from premia_plan.checking.cell_formulas import read_cell_formula
from premia_plan.checking.clause import Clause
from premia_plan.checking.subjects import check_groups, whose_words
from premia_plan.checking.surroundings import Surroundings
from premia_plan.language import Words, suggested
from premia_plan.period import PeriodKind

GivenTo: TypeAlias = Given | Literal["the head of the team"]
THE_TEAM = "the team"
_EQUALLY = "equally"


def read_given(clause: Clause, per: Per, over: PeriodKind, around: Surroundings) -> GivenTo | None:
    """Return to whom a component gives what its subject earns; None where it is spread.

    Raises:
        ClauseRefused: after noting what is missing, or said and cannot be.
    """
    given, spread = clause.optional("given_to"), clause.optional("spread")
    is_spread = spread is not None and spread.text != "none"
    if per.kind == "payee":
        if given is not None:
            message = Words(
                "what a payee's period earns is the payee's own",
                "quanto matura il periodo di un beneficiario è suo",
            )
            hint = Words("Leave given_to out", "Togli given_to")
            raise given.refuse("given.own", message, hint)
        return None
    if (given is None) is not is_spread:
        raise _not_said(clause if given is None else given, per, is_missing=given is None)
    return None if given is None else _read(given, per, over, around)


def _not_said(clause: Clause, per: Per, *, is_missing: bool) -> Exception:
    whose = whose_words(per)
    if not is_missing:
        message = Words(
            "it is pushed back to the orders and given to somebody else too",
            "è riportato sugli ordini e dato anche ad altri",
        )
        hint = Words("Leave spread out, or given_to", "Togli spread, oppure given_to")
        return clause.refuse("given.twice", message, hint)
    message = Words(
        f"nothing says to whom goes what a {whose.en} earns",
        f"nulla dice a chi va quanto matura un {whose.it}",
    )
    hint = Words(
        "Add spread: by credit.amount, or given_to: {among: …, weights: equally}",
        "Aggiungi spread: by credit.amount, oppure given_to: {among: …, weights: equally}",
    )
    return clause.refuse("given.not_said", message, hint)


def _read(clause: Clause, per: Per, over: PeriodKind, around: Surroundings) -> GivenTo:
    among = clause.word("among")
    if (clause.text == HEAD or among == THE_TEAM) and per.kind != "team":
        whose = whose_words(per)
        message = Words(
            f"a {whose.en} has no head and no team", f"un {whose.it} non ha una squadra"
        )
        hint = Words(
            "Name a population, such as that of its managers",
            "Nomina una popolazione, come quella dei suoi responsabili",
        )
        raise (clause if not among else clause.part("among")).refuse("given.no_team", message, hint)
    if clause.text == HEAD:
        return HEAD
    if among != THE_TEAM:
        known = around.populations
        if among not in known:
            message = Words(
                f"the population {among} is not known", f"la popolazione {among} non è nota"
            )
            choices = [*known, *([THE_TEAM] if per.kind == "team" else [])]
            raise clause.part("among").refuse("name.unknown", message, suggested(among, choices))
        check_groups(clause.part("among"), known[among], per)
    by = clause.part("weights")
    if by.text == _EQUALLY:
        return Given(None if among == THE_TEAM else among, None, clause.path)
    weights = read_cell_formula(by, around.words, over)
    if not weights.unit.is_number:
        message = Words(f"{weights.text} gives {weights.unit}", f"{weights.text} dà {weights.unit}")
        hint = Words("Weights are numbers of a payee", "I pesi sono numeri di un beneficiario")
        raise by.refuse("unit.unexpected", message, hint)
    return Given(None if among == THE_TEAM else among, weights, clause.path)


def check_source(clause: Clause, per: Per, amount: CellAmount) -> None:
    """Note what only a payee's period can be paid by, on another subject.

    Raises:
        ClauseRefused: after noting it.
    """
    if per.kind == "payee":
        return
    whose = whose_words(per)
    hint = Words("Write per: payee and month", "Scrivi per: payee and month")
    if isinstance(amount, RankPay | PoolShare):
        message = Words(
            f"places and shares of pools are payees', and not a {whose.en}'s",
            f"posti e quote di fondi sono dei beneficiari, non di un {whose.it}",
        )
        raise replace(clause, path=amount.path).refuse("subject.of_payees", message, hint)
    scaled = clause.optional("scaled_to")
    if scaled is not None:
        message = Words(
            "only what payees get is scaled to a pool",
            "solo quanto spetta ai beneficiari si scala a un fondo",
        )
        raise scaled.refuse("subject.of_payees", message, hint)
    true_up = clause.optional("true_up")
    if true_up is not None and clause.word("given_to") != HEAD:
        message = Words(
            "a later month would take back from others what an earlier one gave",
            "un mese successivo riprenderebbe da altri quanto dato prima",
        )
        hint = Words(
            f"Write per: {per.text} and {true_up.text} without true_up; only a head of a team "
            "can be paid a running total",
            f"Scrivi per: {per.text} and {true_up.text} senza true_up; solo al capo di una squadra "
            "si paga un totale progressivo",
        )
        raise true_up.refuse("true_up.of_several", message, hint)


def _check_carried(clause: Clause, component: CellComponent) -> None:
    """Note a surplus carried on for no order, of a component whose orders release its pay."""
    if component.spread is None:
        return
    for step in component.steps:
        if isinstance(step, LimitStep | GroupLimit) and step.surplus == "carried":
            message = Words(
                "what is carried is for no order: it would be paid before its orders release it",
                "quanto è riportato non è di alcun ordine: sarebbe pagato prima che i suoi ordini "
                "lo liquidino",
            )
            if component.per.kind == "payee":
                hint = Words(
                    "Write surplus: lost, or leave spread out",
                    "Scrivi surplus: lost, oppure togli spread",
                )
            else:
                hint = Words(
                    "Write surplus: lost, or given_to in place of spread",
                    "Scrivi surplus: lost, oppure given_to invece di spread",
                )
            raise replace(clause, path=step.path).refuse("limit.not_carried", message, hint)


def check_figures(clause: Clause, component: CellComponent, around: Surroundings) -> None:
    """Note what a component's subject does not have: figures of others, or a next period's orders.

    Raises:
        ClauseRefused: after noting one.
    """
    _check_carried(clause, component)
    own, payees = around.figures_of(component.per), around.figures_of()
    for formula in component.own_formulas:
        own.check(clause, formula)
    if isinstance(component.given_to, Given) and component.given_to.weights is not None:
        payees.check(clause, component.given_to.weights)
