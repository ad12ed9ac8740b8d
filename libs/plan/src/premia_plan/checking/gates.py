"""Gates among steps, and the amounts that steps give or limit by."""

import re
from dataclasses import replace
from decimal import Decimal

from premia_common.money import minor_digits, round_half_up
from premia_plan.checked import (
    GateStep,
    SummedMeasure,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.miswritten import no_number
from premia_plan.checking.step_place import StepPlace
from premia_plan.language import Formula, Words
from premia_plan.quantities import NotAQuantity, Unit


def read_gate(clause: Clause, place: StepPlace) -> GateStep:
    """Read a gate: what must hold, and what is given where it does not.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    currency, otherwise = place.words.currency, clause.part("otherwise")
    condition = place.formula(_asked(clause, place), Unit.BOOL)
    rate, factor = otherwise.optional("rate"), otherwise.optional("multiply")
    nothing = Decimal(0)
    if place.of != "component":
        _check_otherwise(otherwise, place)
    if otherwise.text == "hold":
        return GateStep(condition, nothing, clause.path, holds=True)
    if otherwise.text:
        return GateStep(condition, cents_of(otherwise, currency), clause.path)
    if factor is not None:
        multiplied = place.formula(factor, Unit.RATE, Unit.COUNT)
        return GateStep(condition, nothing, clause.path, factor=multiplied)
    if rate is None:
        raise otherwise.refuse(
            "value.not_possible",
            Words("nothing is given", "non si dà nulla"),
            Words("Write rate: 1 %", "Scrivi rate: 1 %"),
        )
    of = otherwise.word("of", place.base or "")
    instead = rate_of(rate, of, place)
    return GateStep(condition, nothing, clause.path, instead=instead)


def _check_otherwise(clause: Clause, place: StepPlace) -> None:
    """Note what a gate cannot give there.

    Raises:
        ClauseRefused: if there is something.
    """
    if place.of == "pool" and clause.text == "hold":
        hint = Words(
            "Write otherwise: 0 EUR, or hold the component that pays it",
            "Scrivi otherwise: 0 EUR, o trattieni il componente che lo paga",
        )
        raise clause.refuse(
            "gate.no_hold",
            Words(
                "a pool is nobody's to be held",
                "un fondo non è di nessuno, quindi non si trattiene",
            ),
            hint,
        )
    if place.of != "plan":
        return
    rate = clause.optional("rate")
    is_amount = clause.text not in {"", "hold"} and cents_of(clause, place.words.currency) != 0
    if is_amount or rate is not None:
        given = clause.text or " of ".join(filter(None, [clause.word("rate"), clause.word("of")]))
        message = Words(
            f"{given} would be paid for every earning of the plan",
            f"{given} si pagherebbe per ogni importo maturato del piano",
        )
        hint = Words(
            f"Write 0 {place.words.currency}, a multiply, or hold; and a floor after the gate",
            f"Scrivi 0 {place.words.currency}, un multiply, o hold; e un minimo dopo il gate",
        )
        raise clause.refuse("gate.each_earning", message, hint)


def rate_of(clause: Clause, of: str, place: StepPlace) -> Formula:
    """Return the amount that a rate makes of what is paid on."""
    if not of:
        message = Words("nothing says of what the rate is", "nulla dice di che cosa è l'aliquota")
        raise clause.refuse(
            "steps.no_base",
            message,
            Words("Write the amount as a formula", "Scrivi l'importo come formula"),
        )
    return place.formula(replace(clause, content=f"({of}) * ({clause.text})"), Unit.MONEY)


def _asked(clause: Clause, place: StepPlace) -> Clause:
    """Return the gate's condition; asked at each credit, of the figures as they stand there."""
    gate = clause.part("gate")
    if clause.word("met", "whole period") == "whole period":
        return gate
    if place.measures is None or place.attainments is None:
        hint = Words(
            "Leave met out: it is asked once for the period",
            "Togli met: si chiede una volta per il periodo",
        )
        raise clause.part("met").refuse(
            "gate.no_credits", Words("there are no credits here", "qui non ci sono crediti"), hint
        )
    text = gate.text
    for name, rule in place.attainments.items():
        ratio = f"({rule.of} / target.{rule.target or rule.of} else 0 %)"
        text = re.sub(rf"(?<![\w.]){name}(?![\w.])", ratio, text)
    for name, measure in place.measures.items():
        if isinstance(measure, SummedMeasure):
            text = re.sub(rf"(?<![\w.]){name}(?![\w.])", f"running {name}", text)
    if text == gate.text:
        message = Words(
            f"{text} names no measure that grows from credit to credit",
            f"{text} non nomina una misura che cresce da credito a credito",
        )
        raise gate.refuse(
            "gate.not_running",
            message,
            Words("Leave met out, or ask for a measure", "Togli met, o chiedi di una misura"),
        )
    return replace(gate, content=text)


def cents_of(clause: Clause, currency: str) -> Decimal:
    """Read an amount of zero or more, in whole minor units of the currency.

    Raises:
        ClauseRefused: after noting that it is none.
    """
    try:
        amount = clause.amount(Unit.MONEY, currency).value
    except NotAQuantity as error:
        hint = Words(f"Write it like 100 {currency}", f"Scrivilo come 100 {currency}")
        raise clause.refuse("value.pattern", no_number(error), hint) from None
    rounded = round_half_up(amount, minor_digits(currency))
    if amount < 0 or rounded != amount:
        hint = Words(
            "Write an amount of zero or more, no finer than a cent",
            "Scrivi un importo di zero o più, non più fine di un centesimo",
        )
        raise clause.refuse(
            "value.not_possible",
            Words(f"{clause.text} cannot be a limit", f"{clause.text} non può essere un limite"),
            hint,
        )
    return rounded
