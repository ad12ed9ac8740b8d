"""Components read from their clauses."""

from typing import cast

from premia_plan.checked import (
    ANY,
    CellComponent,
    Component,
    CreditComponent,
    RollupCredit,
    Tiers,
)
from premia_plan.checking.cell_formulas import read_cell_formula
from premia_plan.checking.clause import Clause
from premia_plan.checking.steps import read_steps
from premia_plan.checking.surroundings import Surroundings
from premia_plan.checking.tiers import is_of_orders, read_tiers
from premia_plan.language import Formula, suggestion
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit


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
        hint = suggestion(of, around.credit_rules)
        raise per.refuse("name.unknown", f"the credit {of} is not known", hint)
    amount = clause.part("amount").formula(words.rated_credit, Unit.MONEY)
    rule = around.credit_rules[of]
    levels = rule.levels if isinstance(rule, RollupCredit) else 0
    for table in amount.names:
        if table in around.tables:
            _check_levels(around.tables[table], levels)
    steps = read_steps(clause.part("steps"), words.rated_credit, words.currency, "line")
    return CreditComponent(name, of, amount, clause.path, steps)


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
                message = f"no row gives anything at level {', '.join(absent)}"
                hint = "Add the rows, roll up fewer levels, or say `missing: zero`"
                case = f"an order of a payee {absent[0]} levels below"
                table.error("rates.gap", message, hint, case)


def _read_spread(
    clause: Clause | None, amount: Formula | Tiers, around: Surroundings
) -> str | None:
    """Return the measure by whose credits pay is pushed back to the orders, if it is."""
    if clause is None or not isinstance(amount, Tiers):
        return None
    if not is_of_orders(amount, around):
        message = f"{amount.pays_on} is no measure of the payee's credits"
        raise clause.refuse("spread.no_orders", message, "Leave spread out, or pay on such one")
    return amount.pays_on


def _read_cell_component(name: str, clause: Clause, around: Surroundings) -> CellComponent:
    words, tiers = around.words, clause.optional("tiers")
    over = cast("PeriodKind", clause.word("per").removeprefix("payee and "))
    amount = (
        read_cell_formula(clause.part("amount"), words, over, Unit.MONEY)
        if tiers is None
        else read_tiers(around.named_tiers(tiers), around, over)
    )
    spread = _read_spread(clause.optional("spread"), amount, around)
    steps = read_steps(clause.part("steps"), words.cell, words.currency, "sum")
    return CellComponent(name, amount, steps, clause.path, spread, over)
