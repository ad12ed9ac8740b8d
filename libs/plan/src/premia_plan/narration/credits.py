"""Phrases about credits."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "credited_amount": {"en": "{value} from {formula}", "it": "{value} da {formula}"},
    "credit": {
        "en": "{value} credited to {payee}, {share} of the order",
        "it": "{value} accreditati a {payee}, {share} dell'ordine",
    },
    "credit_level": {"en": "level {value}", "it": "livello {value}"},
    "credit_rolled_up": {
        "en": "{value} credited to {payee}, {level} above {below}",
        "it": "{value} accreditati a {payee}, {level} sopra {below}",
    },
}
