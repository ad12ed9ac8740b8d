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
    "principals": {
        "en": "{value} shared among the principals by the orders made for each",
        "it": "{value} divisi tra i mandanti secondo gli ordini fatti per ciascuno",
    },
    "principals_above_zero": {
        "en": "{value} shared among the principals by the orders made for each, none below zero",
        "it": "{value} divisi tra i mandanti secondo gli ordini fatti per ciascuno, mai sotto zero",
    },
    "principals_equally": {
        "en": "{value} shared equally among the principals, whose orders are not above zero",
        "it": "{value} divisi in parti uguali tra i mandanti, i cui ordini non superano lo zero",
    },
    "principal_weight": {
        "en": "orders made for {principal} in {month} are {value}",
        "it": "gli ordini fatti per {principal} in {month} sono {value}",
    },
    "principal_carried": {
        "en": "{value} for {principal} in {month}, with what was carried there",
        "it": "{value} per {principal} in {month}, con quanto vi è stato riportato",
    },
    "principal_part": {
        "en": "{value} of it for {principal}",
        "it": "{value} di questi per {principal}",
    },
    "given": {
        "en": "{value} earned by {subject}, shared among those to whom it goes",
        "it": "{value} maturati: {subject_it}, divisi tra coloro a cui vanno",
    },
    "given_above_zero": {
        "en": "{value} earned by {subject}, shared among those to whom it goes, none below zero",
        "it": "{value} maturati: {subject_it}, divisi tra coloro a cui vanno, mai sotto zero",
    },
    "given_part": {
        "en": "{value} of it for {payee}",
        "it": "{value} di questi per {payee}",
    },
    "given_weight": {"en": "weighs {value}", "it": "pesa {value}"},
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
