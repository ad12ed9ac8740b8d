"""Phrases about rates."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "classified": {
        "en": "{value} by {table} for {asked} (farther: {farther}; not valid then: {not_valid})",
        "it": "{value} secondo {table} per {asked} "
        "(più lontane: {farther}; non valide allora: {not_valid})",
    },
    "rate_row": {
        "en": "{value} from row {row} of {table} ({keys})",
        "it": "{value} dalla riga {row} di {table} ({keys})",
    },
    "rate_missing": {
        "en": "{value}, because no row of {table} fits ({keys})",
        "it": "{value}, perché nessuna riga di {table} è adatta ({keys})",
    },
    "limited_rate": {
        "en": "{value} within the limits of {table}",
        "it": "{value} entro i limiti di {table}",
    },
    "band_rate": {"en": "{value} from {clause}", "it": "{value} da {clause}"},
}
