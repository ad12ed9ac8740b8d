"""Phrases about tiers and steps."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "band": {
        "en": "{value} for {base} in the band from {starts}",
        "it": "{value} per {base} nella fascia da {starts}",
    },
    "band_part": {
        "en": "{value} in the band from {starts} by {formula}",
        "it": "{value} nella fascia da {starts} con {formula}",
    },
    "multiplied_rate": {
        "en": "{value}, a multiple of the rate of {table}",
        "it": "{value}, un multiplo dell'aliquota di {table}",
    },
    "edge_unit": {"en": "edges in the base's unit", "it": "soglie nell'unità della base"},
    "tiers_limited": {
        "en": "{value} within the limits of the rate",
        "it": "{value} entro i limiti dell'aliquota",
    },
    "cell_amount": {"en": "{value} from {formula}", "it": "{value} da {formula}"},
    "looked_up": {"en": "{value} from {formula}", "it": "{value} da {formula}"},
    "effective_rate": {
        "en": "{value}, the effective rate of {component} for {month}",
        "it": "{value}, l'aliquota effettiva di {component} per {month}",
    },
    "tiers": {"en": "{value} from the tiers", "it": "{value} dalle fasce"},
    "carried_on": {
        "en": "{value} of {month} after what is due to {plan} ({formula})",
        "it": "{value} di {month} dopo quanto spetta a {plan} ({formula})",
    },
    "paid_before": {
        "en": "{value} were paid for {month} by {plan}{from_source}",
        "it": "{value} sono stati pagati per {month} da {plan}{from_source}",
    },
    "rounded": {"en": "{value} after rounding", "it": "{value} dopo l'arrotondamento"},
    "gate": {"en": "{value} after the gate {formula}", "it": "{value} dopo la soglia {formula}"},
    "cap": {"en": "{value}, the cap", "it": "{value}, il tetto"},
}
