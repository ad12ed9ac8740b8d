"""Phrases about what is pushed back to orders, and counted again."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "spread": {"en": "{value} spread over the orders", "it": "{value} ripartiti sugli ordini"},
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
