"""Phrases about rates."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "rate_row": {
        "en": "{value} from row {row} of {table} ({keys})",
        "it": "{value} dalla riga {row} di {table} ({keys})",
    },
    "rate_missing": {
        "en": "0, because no row of {table} fits ({keys})",
        "it": "0, perché nessuna riga di {table} è adatta ({keys})",
    },
    "band_rate": {"en": "{value} from {clause}", "it": "{value} da {clause}"},
}
