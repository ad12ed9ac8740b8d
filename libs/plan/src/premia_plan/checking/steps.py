"""Steps read from their clauses."""

from collections.abc import Sequence
from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Literal, cast

from premia_common.money import minor_digits
from premia_plan.checked import (
    CapStep,
    GateStep,
    GroupLimit,
    LimitStep,
    MultiplyStep,
    RoundStep,
    Step,
)
from premia_plan.checked.steps import RoundingMode
from premia_plan.checking.clause import Clause
from premia_plan.checking.gates import cents_of, rate_of, read_gate
from premia_plan.checking.limits import (
    check_scope,
    is_of_release,
    read_group_limit,
    refuse_pushing_back,
)
from premia_plan.checking.step_place import StepPlace
from premia_plan.checking.surplus import read_surplus
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Formula, FormulaRefused, Words, read_expression
from premia_plan.language.syntax import Literal as Number
from premia_plan.quantities import Unit, number


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
        hint = Words(
            f"Add {{round: cent, mode: half_up, each: {place.each}}}",
            f"Aggiungi {{round: cent, mode: half_up, each: {place.each}}}",
        )
        clause.error(
            "steps.no_round",
            Words(
                "nothing says where the amount is rounded", "nulla dice dove si arrotonda l'importo"
            ),
            hint,
        )
    elif not _ends_in_cents(steps, place.words.currency):
        message = Words(
            "a step after the last rounding can leave parts of a cent",
            "un passo dopo l'ultimo arrotondamento può lasciare frazioni di centesimo",
        )
        clause.error(
            "steps.not_rounded",
            message,
            Words(
                "Round after the last step that calculates",
                "Arrotonda dopo l'ultimo passo che calcola",
            ),
        )
    carried = [
        step
        for step in steps
        if isinstance(step, LimitStep | GroupLimit) and step.surplus != "lost"
    ]
    if len(carried) > 1:
        clause.error(
            "limit.not_carried",
            Words("two caps carry their surplus", "due tetti riportano la loro eccedenza"),
            Words("Let only one carry it", "Fa' che la riporti uno solo"),
        )
    if any(isinstance(step, GroupLimit) for step in carried) and any(
        isinstance(step, GroupLimit) and (step.kind, step.over) == ("floor", "payee")
        for step in steps
    ):
        message = Words(
            "a floor of the payee's period would be carried on with the surplus",
            "un minimo del periodo del beneficiario sarebbe riportato con l'eccedenza",
        )
        hint = Words(
            "Write the floor into the plan's steps, or surplus: lost",
            "Scrivi il minimo tra i passi del piano, o surplus: lost",
        )
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
            message = Words(
                "these steps can leave parts of a cent",
                "questi passi possono lasciare frazioni di centesimo",
            )
            hint = Words(
                "Add {round: cent, mode: half_up, each: line} after them",
                "Aggiungi dopo di essi {round: cent, mode: half_up, each: line}",
            )
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
                message = Words(
                    f"{paid} is what these steps are taken on",
                    f"{paid} è ciò su cui agiscono questi passi",
                )
                hint = Words(
                    "Name measures, or write the step into a component",
                    "Nomina misure, o scrivi il passo in un componente",
                )
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
        return read_gate(clause, place)
    return _read_limit(clause, place)


def _read_round(clause: Clause, place: StepPlace) -> RoundStep:
    to, each = clause.part("round"), clause.part("each")
    if each.text != place.each:
        message = Words(
            f"what is rounded here is each {place.each}", f"qui si arrotonda ogni {place.each}"
        )
        raise each.refuse(
            "steps.other_each",
            message,
            Words(f"Write each: {place.each}", f"Scrivi each: {place.each}"),
        )
    mode = cast("RoundingMode", clause.word("mode"))
    if to.text == "cent":
        return RoundStep(clause.path, None, mode)
    if number(to.text) == 0:
        raise to.refuse(
            "value.not_possible",
            Words("nothing is a multiple of 0", "nulla è un multiplo di 0"),
            Words("Round to 1, or 0.1", "Arrotonda a 1, o a 0.1"),
        )
    return RoundStep(clause.path, number(to.text), mode)


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
        return LimitStep(kind, rate_of(limit, place.base or "", place), clause.path)
    if kind == "cap" and surplus == "lost" and _is_amount(limit):
        return CapStep(cents_of(limit, place.words.currency), clause.path)
    return LimitStep(kind, place.formula(limit, Unit.MONEY), clause.path, surplus)


def _is_amount(clause: Clause) -> bool:
    """Say whether a limit is a written amount and no formula."""
    try:
        return isinstance(read_expression(clause.text), Number) or clause.text.startswith("-")
    except FormulaRefused:
        return True
