"""Steps read from their clauses."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Literal, cast

from premia_common.money import minor_digits, round_half_up
from premia_plan.checked import (
    AttainmentRule,
    CapStep,
    GateStep,
    GroupLimit,
    LimitStep,
    Measure,
    MultiplyStep,
    RoundStep,
    Step,
    SummedMeasure,
)
from premia_plan.checked.steps import RoundingMode
from premia_plan.checking.cell_formulas import check_periods
from premia_plan.checking.clause import Clause
from premia_plan.checking.limits import (
    OF_PAYEES,
    OF_PLANS,
    check_scope,
    is_of_release,
    read_group_limit,
    refuse_pushing_back,
)
from premia_plan.checking.surplus import read_surplus
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Formula, FormulaRefused, Names, read_expression
from premia_plan.language.syntax import Literal as Number
from premia_plan.period import PeriodKind
from premia_plan.quantities import NotAQuantity, Unit, number
from premia_plan.schema.steps import OWN_PERIOD


@dataclass(frozen=True, slots=True)
class StepPlace:
    """Where steps stand: what their formulas may name, and what they round and limit.

    They are `of` a component, a pool or the whole plan. `over` is the period of a cell's steps,
    None for those of credits. `base` is what a rate is taken of. `measures` and `attainments` are
    those whose running value a credit's gate can ask. Its credits may be of contract years.
    A cell's steps are `of_payees`' periods, or about those of teams and other subjects.
    """

    words: Vocabulary
    names: Names
    each: Literal["line", "sum"]
    over: PeriodKind | None = None
    base: str | None = None
    measures: Mapping[str, Measure] | None = None
    attainments: Mapping[str, AttainmentRule] | None = None
    of: Literal["component", "pool", "plan"] = "component"
    has_years: bool = False
    of_payees: bool = True

    def formula(self, clause: Clause, *units: Unit) -> Formula:
        """Read a formula of a step.

        Raises:
            ClauseRefused: after noting what is wrong.
        """
        formula = clause.formula(self.names, *units)
        if self.over is not None:
            check_periods(clause, formula, self.words, self.over)
        return formula

    @property
    def whole(self) -> str:
        """How a limit says that it is over just what the steps give; a plan's are over others."""
        if self.of != "component":
            return "pool" if self.of == "pool" else ""
        if self.over is None:
            return "line"
        return f"payee and {self.over}" if self.of_payees else OWN_PERIOD

    @property
    def scopes(self) -> frozenset[str]:
        """Over what a limit may be there."""
        if self.of == "pool":
            return frozenset({"pool"})
        shared = {"deal", *OF_PAYEES, "release"}
        if self.of == "plan":
            return frozenset({*shared, *OF_PLANS})
        own = {"line"} if self.over is None else {self.whole}
        return frozenset({*shared, *own, "rate", "component"})


def read_steps(clause: Clause, place: StepPlace) -> tuple[Step, ...]:
    """Read the steps of a component or a pool; a component's caps on releases are read apart.

    Raises:
        ClauseRefused: after noting what keeps a step from being read.
    """
    steps = tuple(
        _read_step(entry, place)
        for entry in clause.entries()
        if place.of == "pool" or not is_of_release(entry)
    )
    if not any(isinstance(step, RoundStep) for step in steps):
        hint = f"Add {{round: cent, mode: half_up, each: {place.each}}}"
        clause.error("steps.no_round", "nothing says where the amount is rounded", hint)
    elif not _ends_in_cents(steps, place.words.currency):
        message = "a step after the last rounding can leave parts of a cent"
        clause.error("steps.not_rounded", message, "Round after the last step that calculates")
    carried = [
        step
        for step in steps
        if isinstance(step, LimitStep | GroupLimit) and step.surplus != "lost"
    ]
    if len(carried) > 1:
        clause.error("limit.not_carried", "two caps carry their surplus", "Let only one carry it")
    if any(isinstance(step, GroupLimit) for step in carried) and any(
        isinstance(step, GroupLimit) and (step.kind, step.over) == ("floor", "payee")
        for step in steps
    ):
        message = "a floor of the payee's period would be carried on with the surplus"
        hint = "Write the floor into the plan's steps, or surplus: lost"
        clause.error("limit.not_carried", message, hint)
    return steps


def read_plan_steps(clause: Clause | None, words: Vocabulary) -> tuple[Step, ...]:
    """Read the steps of a plan; caps on what is released are read apart.

    They are taken on what is earned to the cent, so only what calculates must be rounded again,
    before the next limit.

    Raises:
        ClauseRefused: after noting what keeps a step from being read.
    """
    place = StepPlace(words, words.cell, "line", "month", of="plan")
    found: list[Step] = []
    for is_limit, run in groupby([] if clause is None else clause.entries(), _is_limit):
        entries = list(run)
        steps = tuple(_read_step(entry, place) for entry in entries if not is_of_release(entry))
        if not is_limit and not _ends_in_cents(steps, words.currency, in_cents=True):
            message = "these steps can leave parts of a cent"
            hint = "Add {round: cent, mode: half_up, each: line} after them"
            entries[-1].error("steps.not_rounded", message, hint)
        found.extend(steps)
    _check_circles(clause, found)
    return tuple(found)


def _is_limit(clause: Clause) -> bool:
    return clause.optional("cap") is not None or clause.optional("floor") is not None


def _check_circles(clause: Clause | None, steps: Sequence[Step]) -> None:
    """Note what a step of the plan reads of the pay that the steps themselves make.

    Raises:
        ClauseRefused: if there is some.
    """
    for step in steps:
        for item in fields(step):
            formula = getattr(step, item.name)
            named = formula.names if isinstance(formula, Formula) else ()
            paid = next((name for name in named if name.startswith(("earned ", "released "))), None)
            if paid is not None and clause is not None:
                message = f"{paid} is what these steps are taken on"
                hint = "Name measures, or write the step into a component"
                raise replace(clause, path=step.path).refuse("steps.cyclic", message, hint)


def _ends_in_cents(steps: tuple[Step, ...], currency: str, *, in_cents: bool = False) -> bool:
    """Say whether the amount after the last step is whole in the currency's minor unit."""
    units = 10 ** minor_digits(currency)
    for step in steps:
        match step:
            case RoundStep(to=to):
                in_cents = to is None or (to * units).denominator == 1
            case MultiplyStep():
                in_cents = False
            case GateStep(instead=instead, factor=factor):
                in_cents = in_cents and instead is None and factor is None
            case LimitStep(limit=Formula(expression=Number(value=value))):
                is_whole = isinstance(value, Fraction) and (value * units).denominator == 1
                in_cents = in_cents and is_whole
            case LimitStep():
                in_cents = False
    return in_cents


def read_condition(clause: Clause, place: StepPlace) -> GateStep:
    """Read what must hold for anything to be paid."""
    return GateStep(place.formula(clause, Unit.BOOL), Decimal(0), clause.path, asked_first=True)


def _read_step(clause: Clause, place: StepPlace) -> Step:
    if clause.optional("round") is not None:
        return _read_round(clause, place)
    factor = clause.optional("multiply")
    if factor is not None:
        return MultiplyStep(place.formula(factor, Unit.RATE, Unit.COUNT), clause.path)
    if clause.optional("gate") is not None:
        return _read_gate(clause, place)
    return _read_limit(clause, place)


def _read_round(clause: Clause, place: StepPlace) -> RoundStep:
    to, each = clause.part("round"), clause.part("each")
    if each.text != place.each:
        message = f"what is rounded here is each {place.each}"
        raise each.refuse("steps.other_each", message, f"Write each: {place.each}")
    mode = cast("RoundingMode", clause.word("mode"))
    if to.text == "cent":
        return RoundStep(clause.path, None, mode)
    if number(to.text) == 0:
        raise to.refuse("value.not_possible", "nothing is a multiple of 0", "Round to 1, or 0.1")
    return RoundStep(clause.path, number(to.text), mode)


def _read_gate(clause: Clause, place: StepPlace) -> GateStep:
    currency, otherwise = place.words.currency, clause.part("otherwise")
    condition = place.formula(_asked(clause, place), Unit.BOOL)
    rate, factor = otherwise.optional("rate"), otherwise.optional("multiply")
    nothing = Decimal(0)
    if place.of != "component":
        _check_otherwise(otherwise, place)
    if otherwise.text == "hold":
        return GateStep(condition, nothing, clause.path, holds=True)
    if otherwise.text:
        return GateStep(condition, _cents(otherwise, currency), clause.path)
    if factor is not None:
        multiplied = place.formula(factor, Unit.RATE, Unit.COUNT)
        return GateStep(condition, nothing, clause.path, factor=multiplied)
    if rate is None:
        raise otherwise.refuse("value.not_possible", "nothing is given", "Write rate: 1 %")
    of = otherwise.word("of", place.base or "")
    instead = _rate_of(rate, of, place)
    return GateStep(condition, nothing, clause.path, instead=instead)


def _check_otherwise(clause: Clause, place: StepPlace) -> None:
    """Note what a gate cannot give there.

    Raises:
        ClauseRefused: if there is something.
    """
    if place.of == "pool" and clause.text == "hold":
        hint = "Write otherwise: 0 EUR, or hold the component that pays it"
        raise clause.refuse("gate.no_hold", "a pool is nobody's to be held", hint)
    if place.of != "plan":
        return
    rate = clause.optional("rate")
    is_amount = clause.text not in {"", "hold"} and _cents(clause, place.words.currency) != 0
    if is_amount or rate is not None:
        given = clause.text or " of ".join(filter(None, [clause.word("rate"), clause.word("of")]))
        message = f"{given} would be paid for every earning of the plan"
        hint = f"Write 0 {place.words.currency}, a multiply, or hold; and a floor after the gate"
        raise clause.refuse("gate.each_earning", message, hint)


def _rate_of(clause: Clause, of: str, place: StepPlace) -> Formula:
    """Return the amount that a rate makes of what is paid on."""
    if not of:
        message = "nothing says of what the rate is"
        raise clause.refuse("steps.no_base", message, "Write the amount as a formula")
    return place.formula(replace(clause, content=f"({of}) * ({clause.text})"), Unit.MONEY)


def _asked(clause: Clause, place: StepPlace) -> Clause:
    """Return the gate's condition; asked at each credit, of the figures as they stand there."""
    gate = clause.part("gate")
    if clause.word("met", "whole period") == "whole period":
        return gate
    if place.measures is None or place.attainments is None:
        hint = "Leave met out: it is asked once for the period"
        raise clause.part("met").refuse("gate.no_credits", "there are no credits here", hint)
    text = gate.text
    for name, rule in place.attainments.items():
        ratio = f"({rule.of} / target.{rule.target or rule.of} else 0 %)"
        text = re.sub(rf"(?<![\w.]){name}(?![\w.])", ratio, text)
    for name, measure in place.measures.items():
        if isinstance(measure, SummedMeasure):
            text = re.sub(rf"(?<![\w.]){name}(?![\w.])", f"running {name}", text)
    if text == gate.text:
        message = f"{text} names no measure that grows from credit to credit"
        raise gate.refuse("gate.not_running", message, "Leave met out, or ask for a measure")
    return replace(gate, content=text)


def _read_limit(clause: Clause, place: StepPlace) -> Step:
    kind: Literal["cap", "floor"] = "cap" if clause.optional("cap") is not None else "floor"
    limit, over = clause.part(kind), clause.word("over", place.whole)
    check_scope(clause, over, place.scopes)
    surplus = read_surplus(
        clause,
        over,
        own_period=over == place.whole and place.over is not None,
        has_years=place.has_years,
        of=place.of,
    )
    if over not in {"rate", place.whole}:
        return read_group_limit(clause, place.words, surplus)
    refuse_pushing_back(clause)
    if over == "rate":
        return LimitStep(kind, _rate_of(limit, place.base or "", place), clause.path)
    if kind == "cap" and surplus == "lost" and _is_amount(limit):
        return CapStep(_cents(limit, place.words.currency), clause.path)
    return LimitStep(kind, place.formula(limit, Unit.MONEY), clause.path, surplus)


def _is_amount(clause: Clause) -> bool:
    """Say whether a limit is a written amount and no formula."""
    try:
        return isinstance(read_expression(clause.text), Number) or clause.text.startswith("-")
    except FormulaRefused:
        return True


def _cents(clause: Clause, currency: str) -> Decimal:
    try:
        amount = clause.amount(Unit.MONEY, currency).value
    except NotAQuantity as error:
        hint = f"Write it like 100 {currency}"
        raise clause.refuse("value.pattern", str(error), hint) from None
    rounded = round_half_up(amount, minor_digits(currency))
    if amount < 0 or rounded != amount:
        hint = "Write an amount of zero or more, no finer than a cent"
        raise clause.refuse("value.not_possible", f"{clause.text} cannot be a limit", hint)
    return rounded
