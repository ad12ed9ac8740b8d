"""Phrases about tiers and steps."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "band": {
        "en": "{value} for {base} in the band from {starts}",
        "it": "{value} per {base} nella fascia da {starts}",
    },
    "cell_amount": {"en": "{value} from {formula}", "it": "{value} da {formula}"},
    "tiers": {"en": "{value} from the tiers", "it": "{value} dalle fasce"},
    "rounded": {"en": "{value} after rounding", "it": "{value} dopo l'arrotondamento"},
    "gate": {"en": "{value} after the gate {formula}", "it": "{value} dopo la soglia {formula}"},
    "cap": {"en": "{value}, the cap", "it": "{value}, il tetto"},
}
