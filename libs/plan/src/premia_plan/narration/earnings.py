"""Phrases about earnings and their release."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "earning": {
        "en": "{value} earned by {formula}",
        "it": "{value} maturati con {formula}",
    },
    "not_calculated": {"en": "{value}, not calculated", "it": "{value}, non calcolati"},
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
}
