"""Components read from their clauses: formulas, tiers and steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal, cast

from premia_common.money import minor_digits, round_half_up
from premia_plan.checked import (
    ANY,
    AttainmentRule,
    Band,
    CapStep,
    CellComponent,
    Component,
    CreditComponent,
    DirectCredit,
    GateStep,
    LoadedMeasure,
    RollupCredit,
    RoundStep,
    Step,
    SummedMeasure,
    Tiers,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Names, suggestion
from premia_plan.language.formula import names_in
from premia_plan.quantities import Unit, exact_text, quantity


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a component may build on; `tables` are the clauses of the rate tables."""

    words: Vocabulary
    tables: Mapping[str, Clause]
    credit_rules: Mapping[str, DirectCredit | RollupCredit]
    measures: Mapping[str, SummedMeasure | LoadedMeasure]
    attainments: Mapping[str, AttainmentRule]


def note_cycles(components: Mapping[str, Clause]) -> None:
    """Note components that pay on each other, or on another component at all."""
    reads = {
        name: [other for other in names_in(clause.word("amount")) if other in components]
        for name, clause in components.items()
    }
    for name, clause in components.items():
        for other in reads[name]:
            path = _path_back(name, other, reads)
            if path is not None:
                message = f"{' → '.join([name, *path])} pay on each other"
                clause.part("amount").error(
                    "components.cyclic", message, "Let each pay on credits or measures"
                )
            else:
                message = f"{name} pays on the component {other}"
                hint = f"Write out what {other} pays on: credits, measures and rates"
                clause.part("amount").error("component.reads_component", message, hint)


def _path_back(start: str, first: str, reads: Mapping[str, list[str]]) -> list[str] | None:
    paths, seen = [[first]], {first}
    for path in paths:
        if path[-1] == start:
            return path
        for following in reads[path[-1]]:
            if following not in seen:
                seen.add(following)
                paths.append([*path, following])
    return None


def read_component(name: str, clause: Clause, around: Surroundings) -> Component:
    """Read a component.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    if clause.optional("tiers") is not None:
        return CellComponent(
            name,
            _read_tiers(clause.part("tiers"), around),
            _read_steps(clause.part("steps"), around),
            clause.path,
        )
    of = clause.word("per").removeprefix("credit of ")
    if of not in around.credit_rules:
        per = clause.part("per")
        hint = suggestion(of, around.credit_rules)
        raise per.refuse("name.unknown", f"the credit {of} is not known", hint)
    amount = clause.part("amount").formula(around.words.rated_credit, Unit.MONEY)
    rule = around.credit_rules[of]
    levels = rule.levels if isinstance(rule, RollupCredit) else 0
    for table in amount.names:
        if table in around.tables:
            _check_levels(around.tables[table], levels)
    return CreditComponent(name, of, amount, clause.path)


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


def _read_tiers(clause: Clause, around: Surroundings) -> Tiers:
    pays_on = _summed(clause.part("pays_on"), around)
    looked_up = clause.part("looked_up_by")
    attainment = around.attainments.get(looked_up.text)
    if attainment is not None:
        edge_unit = Unit.RATE
    elif isinstance(around.measures.get(looked_up.text), SummedMeasure):
        edge_unit = _summed(looked_up, around).unit
    else:
        known = [*around.attainments, *_summed_names(around)]
        message = f"{looked_up.text} is no attainment or measure of credits"
        raise looked_up.refuse("name.unknown", message, suggestion(looked_up.text, known))
    mode = cast("Literal['marginal', 'whole']", clause.word("mode"))
    measured = looked_up.text if attainment is None else attainment.of
    if mode == "marginal" and measured != pays_on.name:
        message = f"edges measured by {measured} cannot cut {pays_on.name}"
        hint = f"Look up by {pays_on.name} or its attainment, or use mode: whole"
        raise looked_up.refuse("tiers.other_measure", message, hint)
    bands, gives = _read_bands(clause.part("bands"), edge_unit, pays_on.unit, around.words)
    return Tiers(mode, looked_up.text, attainment, pays_on.name, bands, gives, clause.path)


def _summed_names(around: Surroundings) -> list[str]:
    return [name for name, item in around.measures.items() if isinstance(item, SummedMeasure)]


def _summed(clause: Clause, around: Surroundings) -> SummedMeasure:
    measure = around.measures.get(clause.text)
    if not isinstance(measure, SummedMeasure):
        hint = suggestion(clause.text, _summed_names(around))
        raise clause.refuse("name.unknown", f"{clause.text} is no measure of credits", hint)
    return measure


def _read_bands(
    clause: Clause, edge_unit: Unit, base_unit: Unit, words: Vocabulary
) -> tuple[tuple[Band, ...], Unit]:
    first = quantity(clause.entries()[0].word("gives")).unit
    gives = first if first is Unit.MONEY and base_unit is Unit.COUNT else Unit.RATE
    if base_unit is Unit.COUNT and gives is not Unit.MONEY:
        message = "a count is paid with an amount for each, not with a percentage"
        raise clause.refuse("unit.mixed", message, f"Write gives: 12 {words.currency}")
    bands = tuple(
        Band(
            entry.part("from").amount(edge_unit, words.currency).value,
            entry.part("gives").amount(gives, words.currency).value,
            entry.path,
        )
        for entry in clause.entries()
    )
    if bands[0].starts != 0:
        message = f"the first band starts at {clause.entries()[0].word('from')}"
        hint = "Start at 0 and give nothing there, so that no result is left without a band"
        case = f"a result of {exact_text(bands[0].starts / 2)} has no band"
        clause.entries()[0].error("tiers.not_from_zero", message, hint, case)
    for entry, (lower, upper) in zip(clause.entries()[1:], pairwise(bands), strict=True):
        if upper.starts <= lower.starts:
            message = f"the band does not start above the one before it ({entry.word('from')})"
            entry.error("tiers.not_rising", message, "Write the bands from low to high")
        elif upper.gives < lower.gives:
            message = "a better result is paid at a lower rate"
            entry.warning("tiers.falling", message, "Keep it only if it is meant")
    return bands, gives


def _read_steps(clause: Clause, around: Surroundings) -> tuple[Step, ...]:
    steps = tuple(_read_step(entry, around) for entry in clause.entries())
    if not any(isinstance(step, RoundStep) for step in steps):
        hint = "Add {round: cent, mode: half_up, each: sum}"
        clause.error("steps.no_round", "nothing says where the amount is rounded", hint)
    return steps


def _read_step(clause: Clause, around: Surroundings) -> Step:
    if clause.optional("round") is not None:
        return RoundStep(clause.path)
    currency = around.words.currency
    cap = clause.optional("cap")
    if cap is not None:
        return CapStep(_cents(cap, currency), clause.path)
    loaded = {
        name: item.unit for name, item in around.measures.items() if isinstance(item, LoadedMeasure)
    }
    condition = clause.part("gate").formula(Names(loaded, currency=currency), Unit.BOOL)
    return GateStep(condition, _cents(clause.part("otherwise"), currency), clause.path)


def _cents(clause: Clause, currency: str) -> Decimal:
    amount = clause.amount(Unit.MONEY, currency).value
    rounded = round_half_up(amount, minor_digits(currency))
    if amount < 0 or rounded != amount:
        hint = "Write an amount of zero or more, no finer than a cent"
        raise clause.refuse("value.not_possible", f"{clause.text} cannot be a limit", hint)
    return rounded
