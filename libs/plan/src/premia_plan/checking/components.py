"""Components read from their clauses."""

from dataclasses import replace
from typing import Literal, cast

from premia_plan.checked import (
    ANY,
    CellAmount,
    CellComponent,
    Component,
    CreditComponent,
    DirectCredit,
    GroupLimit,
    Per,
    PoolShare,
    RankPay,
    RollupCredit,
    Step,
    Tiers,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.curves import CellWords, read_curve, read_scorecard
from premia_plan.checking.figures import read_cell_per
from premia_plan.checking.given import check_figures, check_source, read_given
from premia_plan.checking.leftovers import read_leftover
from premia_plan.checking.miswritten import gives_words
from premia_plan.checking.ranks import known_pool, read_pool_share, read_rank_pay
from premia_plan.checking.step_place import StepPlace
from premia_plan.checking.steps import read_condition, read_steps
from premia_plan.checking.subjects import whose_words
from premia_plan.checking.surroundings import Surroundings
from premia_plan.checking.tiers import is_of_orders, read_tiers
from premia_plan.checking.unknown import unknown_credit
from premia_plan.language import Formula, Words, suggested
from premia_plan.language.words import same
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit

MAX_LISTED = 3
"""So many missing levels are named one by one."""


def read_component(name: str, clause: Clause, around: Surroundings) -> Component:
    """Read a component.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    words = around.words
    if not clause.word("per").startswith("credit of "):
        return _read_cell_component(name, clause, around)
    of = clause.word("per").removeprefix("credit of ")
    if of not in around.credit_rules:
        per = clause.part("per")
        hint = suggested(of, around.credit_rules)
        raise per.refuse("name.unknown", unknown_credit(of), hint)
    amount = clause.part("amount").formula(words.rated_credit, Unit.MONEY)
    rule = around.credit_rules[of]
    levels = rule.levels if isinstance(rule, RollupCredit) else 0
    for table in amount.names:
        if table in around.tables:
            _check_levels(around.tables[table], levels)
    place = StepPlace(
        words,
        words.rated_credit,
        "line",
        None,
        "credit.amount",
        around.measures,
        around.attainments,
        has_years=isinstance(rule, DirectCredit) and rule.years is not None,
    )
    return CreditComponent(name, of, amount, clause.path, _all_steps(clause, place))


def _check_levels(table: Clause, levels: int) -> None:
    """Note levels of a roll-up that no row has, where the table says nothing about them."""
    if table.optional("missing") is not None:
        return
    for entry in table.part("keys").entries():
        for name, key in entry.parts().items():
            if key.word("value") != "credit.level":
                continue
            given = {row.word(name) for row in table.part("rows").entries()}
            absent = [str(level) for level in range(1, levels + 1) if str(level) not in given]
            if absent and ANY not in given:
                shown, is_more = ", ".join(absent[:MAX_LISTED]), len(absent) > MAX_LISTED
                listed = Words(f"{shown} and above", f"{shown} e oltre") if is_more else same(shown)
                message = Words(
                    f"no row gives anything at level {listed.en}",
                    f"nessuna riga dà qualcosa al livello {listed.it}",
                )
                hint = Words(
                    "Add the rows, roll up fewer levels, or say `missing: zero`",
                    "Aggiungi le righe, risali meno livelli, o scrivi `missing: zero`",
                )
                case = Words(
                    f"an order of a payee {absent[0]} levels below",
                    f"un ordine di un beneficiario {absent[0]} livelli sotto",
                )
                table.error("rates.gap", message, hint, case)


def _read_spread(
    component: Clause, amount: CellAmount, around: Surroundings, per: Per
) -> tuple[str | None, Formula | Literal["equally"] | None]:
    """Return by the credits of which measure pay is pushed back to the orders, and how weighed."""
    clause, of = component.optional("spread"), component.optional("spread_of")
    if clause is None or clause.text == "none":
        if of is not None:
            hint = Words(
                "Add spread: by credit.amount, or leave spread_of out",
                "Aggiungi spread: by credit.amount, o togli spread_of",
            )
            raise of.refuse(
                "spread.not_said",
                Words("nothing says how it is spread", "nulla dice come si ripartisce"),
                hint,
            )
        return None, None
    measure = _spread_measure(clause, of, amount, around, per)
    if clause.text == "by credit.amount":
        return measure, None
    if clause.text == "equally":
        return measure, "equally"
    text = Clause(clause.text.removeprefix("by "), clause.path, clause.report)
    formula = text.formula(around.words.credit)
    if not formula.unit.is_number:
        message = gives_words(formula)
        raise clause.refuse(
            "unit.unexpected",
            message,
            Words("Weights are numbers of the credit", "I pesi sono numeri del credito"),
        )
    return measure, formula


def _spread_measure(
    clause: Clause, of: Clause | None, amount: CellAmount, around: Surroundings, per: Per
) -> str:
    """Return the measure whose credits a component's pay is pushed back to.

    Raises:
        ClauseRefused: after noting that none is named, or one of something else.
    """
    paid_on = amount.pays_on if isinstance(amount, Tiers) else ""
    name = paid_on if of is None else of.text
    if isinstance(amount, PoolShare | RankPay):
        message = Words(
            "what a place or a pool pays is made by no orders",
            "ciò che paga un posto o un fondo non nasce da ordini",
        )
        raise clause.refuse("spread.no_orders", message, Words("Leave spread out", "Togli spread"))
    if not is_of_orders(name, around, per):
        message = Words(
            f"{name or 'what this pays on'} is no measure of the {per.kind}'s credits",
            f"{name or 'la base di questo componente'} non è una misura dei crediti di questo "
            f"{whose_words(per).it}",
        )
        hint = Words(
            "Name one under spread_of, or leave spread out",
            "Indicane una in spread_of, o togli spread",
        )
        raise (of or clause).refuse("spread.no_orders", message, hint)
    return name


def _read_cell_component(name: str, clause: Clause, around: Surroundings) -> CellComponent:
    per, over = read_cell_per(clause.word("per"))
    of_payees, words = around, around.words.about(per)
    around = replace(around, words=words)
    amount, base = _read_amount(clause, around, over)
    check_source(clause, per, amount)
    given_to = read_given(clause, per, over, of_payees)
    spread, spread_by = _read_spread(clause, amount, around, per)
    place = StepPlace(words, words.cell, "sum", over, base, of_payees=per.kind == "payee")
    true_up, scaled_to = clause.optional("true_up"), clause.optional("scaled_to")
    if true_up is not None and (over != "month" or isinstance(amount, RankPay | PoolShare)):
        message = Words(
            "only a month has running totals to follow",
            "solo un mese ha totali progressivi da seguire",
        )
        raise true_up.refuse(
            "true_up.not_monthly",
            message,
            Words(f"Write per: {per.kind} and month", f"Scrivi per: {per.kind} and month"),
        )
    if scaled_to is not None:
        known_pool(scaled_to, around.pools, over)
    steps = _all_steps(clause, place)
    if spread is None and any(
        isinstance(step, GroupLimit) and step.over == "deal" for step in steps
    ):
        message = Words(
            f"{name} is paid for no order, so no deal limits it",
            f"{name} non si paga per alcun ordine, quindi nessun contratto lo limita",
        )
        raise clause.part("steps").refuse(
            "limit.no_deal",
            message,
            Words("Limit the payee's period", "Limita il periodo del beneficiario"),
        )
    component = CellComponent(
        name,
        amount,
        steps,
        clause.path,
        spread,
        over,
        spread_by,
        None if true_up is None else cast("Literal['quarter', 'year']", true_up.text),
        _months_after(clause.word("lands_in")),
        None if scaled_to is None else scaled_to.text,
        read_leftover(clause),
        per,
        given_to,
    )
    check_figures(clause, component, of_payees)
    return component


def _all_steps(clause: Clause, place: StepPlace) -> tuple[Step, ...]:
    """Return the steps, the first of them the condition for anything to be paid."""
    when, steps = clause.optional("when"), read_steps(clause.part("steps"), place)
    return steps if when is None else (read_condition(when, place), *steps)


def _months_after(text: str) -> int:
    """Return how many months after the measured one something lands.

    >>> _months_after("the measured month"), _months_after("the month after")
    (0, 1)
    >>> _months_after("2 months after")
    2
    """
    number = text.partition(" ")[0]
    return int(number) if number.isdigit() else int(text == "the month after")


def _read_amount(
    clause: Clause, around: Surroundings, over: PeriodKind
) -> tuple[CellAmount, str | None]:
    """Return what gives the amount, and what a rate in the steps is taken of."""
    words, parts = CellWords(around.words, over), clause.parts()
    if "tiers" in parts:
        tiers = read_tiers(around.named_tiers(parts["tiers"]), around, over)
        return tiers, tiers.pays_on
    if "curve" in parts:
        return read_curve(parts["curve"], words), parts["curve"].word("pays_on") or None
    if "scorecard" in parts:
        return read_scorecard(parts["scorecard"], words), parts["scorecard"].word("pays_on")
    if "rank_pay" in parts:
        return read_rank_pay(parts["rank_pay"], around.ranks, around.words, over), None
    if "pool" in parts:
        return read_pool_share(parts["pool"], around.pools, over), None
    return words.formula(parts["amount"], Unit.MONEY), None
