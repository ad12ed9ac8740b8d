"""Phrases about what is pushed back to orders, and counted again."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "spread": {"en": "{value} spread over the orders", "it": "{value} ripartiti sugli ordini"},
    "spread_above_zero": {
        "en": "{value} spread over the orders, those below zero counting as zero",
        "it": "{value} ripartiti sugli ordini, quelli sotto zero contando come zero",
    },
    "spread_equally": {
        "en": "{value} spread equally over the orders, none of which counts above zero",
        "it": "{value} ripartiti in parti uguali sugli ordini, nessuno dei quali conta sopra zero",
    },
    "unspread": {
        "en": "{value} for no order, because none counts in {month}",
        "it": "{value} per nessun ordine, perché nessuno conta in {month}",
    },
    "part": {
        "en": "{value} of it for order {order_id}",
        "it": "{value} di questi per l'ordine {order_id}",
    },
    "no_part": {"en": "nothing for order {order_id}", "it": "nulla per l'ordine {order_id}"},
    "difference": {
        "en": "{value}, the difference since {month} was counted again in {event_month}",
        "it": "{value}, la differenza dopo il ricalcolo di {month} in {event_month}",
    },
}
