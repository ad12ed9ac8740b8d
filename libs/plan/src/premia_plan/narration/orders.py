"""Phrases about an order and what happened to it."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "exchange_rate": {
        "en": "a {type} rate of {value} from {from} to {to} for {on}{from_source}",
        "it": "un cambio di {value} da {from} a {to} per {on}{from_source}",
    },
    "converted": {
        "en": "{value}, {name} of order {order_id} converted",
        "it": "{value}, {name} dell'ordine {order_id} convertito",
    },
    "counted_amount": {
        "en": "{value} at the rate of targets",
        "it": "{value} al cambio degli obiettivi",
    },
    "order_value": {
        "en": "{name} of order {order_id} is {value}{from_source}",
        "it": "{name} dell'ordine {order_id} è {value}{from_source}",
    },
    "fact_value": {
        "en": "{name} of {fact} {fact_id} is {value}{from_source}",
        "it": "{name} di {fact} {fact_id} è {value}{from_source}",
    },
    "released_part": {
        "en": "a part of {value} released by {formula}",
        "it": "una parte di {value} liquidata da {formula}",
    },
    "fact_state_reached": {
        "en": "{fact} {fact_id} reached {state} on {day}{from_source}",
        "it": "{fact} {fact_id} ha raggiunto {state} il {day}{from_source}",
    },
    "fact_state_open": {
        "en": "{fact} {fact_id} has not reached {state}{from_source}",
        "it": "{fact} {fact_id} non ha raggiunto {state}{from_source}",
    },
    "state_reached": {
        "en": "order {order_id} reached {state} on {value}{from_source}",
        "it": "l'ordine {order_id} ha raggiunto {state} il {value}{from_source}",
    },
    "state_open": {
        "en": "order {order_id} has not reached {state}{from_source}",
        "it": "l'ordine {order_id} non ha raggiunto {state}{from_source}",
    },
    "fact_reversed": {
        "en": "{fact} {fact_id} was {state} on {value}{from_source}",
        "it": "{fact} {fact_id} è passato a {state} il {value}{from_source}",
    },
    "fact_reversed_in_part": {
        "en": "a part of {fact} {fact_id} was reversed on {value}{from_source}",
        "it": "una parte di {fact} {fact_id} è stata stornata il {value}{from_source}",
    },
    "order_reversed": {
        "en": "order {order_id} was {state} on {value}{from_source}",
        "it": "l'ordine {order_id} è passato a {state} il {value}{from_source}",
    },
    "order_reversed_in_part": {
        "en": "a part of order {order_id} was reversed on {value}{from_source}",
        "it": "una parte dell'ordine {order_id} è stata stornata il {value}{from_source}",
    },
}
