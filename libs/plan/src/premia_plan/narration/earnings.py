"""Phrases about earnings and their release."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "earning": {
        "en": "{value} earned by {formula}",
        "it": "{value} maturati con {formula}",
    },
    "not_calculated": {"en": "{value}, not calculated", "it": "{value}, non calcolati"},
    "not_in_plan": {
        "en": "{value}, because {payee} is not in the plan in {month}",
        "it": "{value}, perché {payee} non è nel piano in {month}",
    },
    "release": {
        "en": "{value} released, {share} of what was earned",
        "it": "{value} liquidati, {share} del maturato",
    },
    "release_void": {
        "en": "{value} released with the reversal, {share} of what was earned",
        "it": "{value} liquidati con lo storno, {share} del maturato",
    },
    "held": {
        "en": "{value} held, {share} of what was earned",
        "it": "{value} trattenuti, {share} del maturato",
    },
    "dropped": {
        "en": "{value} no longer due, {share} of what was earned",
        "it": "{value} non più dovuti, {share} del maturato",
    },
    "reversal": {"en": "{value} taken back", "it": "{value} stornati"},
    "release_corrected": {
        "en": "{value}, a correction of what was released",
        "it": "{value}, una rettifica di quanto liquidato",
    },
    "reversal_corrected": {
        "en": "{value} given by a correction",
        "it": "{value} riconosciuti con una rettifica",
    },
    "scheduled": {
        "en": "{value} planned, {share} of what was earned",
        "it": "{value} previsti, {share} del maturato",
    },
    "dropped_part": {"en": "{value} no longer due", "it": "{value} non più dovuti"},
    "reinstated": {"en": "{value} given back", "it": "{value} restituiti"},
    "changed_by_reinstatement": {
        "en": "{value}, the difference since the order was reinstated on {day}",
        "it": "{value}, la differenza dopo il ripristino dell'ordine il {day}",
    },
    "storno_step": {
        "en": "{value} is taken after {passed} {elapsed}",
        "it": "si storna {value} dopo {passed} ({elapsed})",
    },
    "storno_unexpired": {
        "en": "{value} of the term of {term} had not passed ({passed} {elapsed})",
        "it": "{value} della durata di {term} non era trascorso ({passed}, {elapsed})",
    },
    "storno_formula": {"en": "{value} by {formula}", "it": "{value} secondo {formula}"},
}
