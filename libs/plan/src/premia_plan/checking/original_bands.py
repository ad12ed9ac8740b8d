"""Whether orders can stay at the bands of their own places when others are reversed."""

from collections.abc import Mapping

from premia_plan.checked import (
    CellComponent,
    Component,
    Measure,
    Recount,
    Storno,
    SummedMeasure,
    Tiers,
)
from premia_plan.checking.clause import Clause
from premia_plan.language.words import Words
from premia_plan.schema.storno import AT_ORIGINAL_BANDS


def read_recount(clause: Clause) -> Recount:
    """Read how a period is counted again without a reversed order."""
    return Recount(clause.path, clause.word("reversed") == AT_ORIGINAL_BANDS)


def check_places(
    clause: Clause,
    storno: Storno,
    components: Mapping[str, Component],
    measures: Mapping[str, Measure],
) -> None:
    """Note a component whose orders have no bands of their own to stay at."""
    for rule in storno.rules:
        for name, effect in rule.effect.items():
            if isinstance(effect, Recount) and effect.at_original_bands:
                why = _without_places(components[name], measures)
                if why is not None:
                    at = Clause("", f"{effect.path}/reversed", clause.report)
                    at.error("storno.no_places", why, _SLIDE)


_SLIDE = Words(
    "Write reversed: slides down, or let tiers with mode: marginal pay on a measure of credits",
    "Scrivi reversed: slides down, oppure fai pagare fasce con mode: marginal su una misura di "
    "crediti",
)
_NO_TIERS = Words(
    "only orders in marginal bands have a place of their own",
    "solo gli ordini in fasce marginali hanno un posto proprio",
)
_OTHER_BANDS = Words(
    "these bands are not all marginal from zero, so an order has no bands of its own",
    "queste fasce non sono tutte marginali da zero, quindi un ordine non ha fasce proprie",
)
_NOT_CUT = Words(
    "the bands do not cut what they pay on, so an order has no bands of its own",
    "le fasce non tagliano ciò su cui pagano, quindi un ordine non ha fasce proprie",
)
_NO_CREDITS = Words(
    "what they pay on is no sum of the period's own credits",
    "ciò su cui pagano non è una somma dei crediti propri del periodo",
)
_TRUED_UP = Words(
    "a running total has no close at which places are taken",
    "un totale progressivo non ha una chiusura in cui si assegnano i posti",
)


def _without_places(component: Component, measures: Mapping[str, Measure]) -> Words | None:
    """Return why a component's orders have no places of their own, if they have none."""
    if not isinstance(component, CellComponent) or not isinstance(component.amount, Tiers):
        return _NO_TIERS
    tiers = component.amount
    if not tiers.is_plain or tiers.mode != "marginal":
        return _OTHER_BANDS
    if not tiers.is_paid_on_what_it_measures:
        return _NOT_CUT
    measure = measures.get(tiers.pays_on)
    if not isinstance(measure, SummedMeasure) or measure.function not in {"sum", "count"}:
        return _NO_CREDITS
    if measure.window is not None or measure.over != component.over:
        return _NO_CREDITS
    return None if component.true_up is None else _TRUED_UP
