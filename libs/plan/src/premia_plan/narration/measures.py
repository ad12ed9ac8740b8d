"""Phrases about measures and targets."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "contribution": {"en": "{value} counted by {formula}", "it": "{value} contati con {formula}"},
    "contribution_left": {
        "en": "{value} of it, the part not reversed",
        "it": "{value} di questi, la parte non stornata",
    },
    "pay_left": {
        "en": "{value} of it, for the part of the order that is not reversed",
        "it": "{value} di questi, per la parte dell'ordine non stornata",
    },
    "part_left": {
        "en": "{value} of order {order_id} is not reversed{from_source}",
        "it": "{value} dell'ordine {order_id} non è stornato{from_source}",
    },
    "measure": {
        "en": "{measure} of {month} is {value} as of {as_of}",
        "it": "{measure} di {month} è {value} al {as_of}",
    },
    "target": {
        "en": "the target of {measure} for {month} is {value}{from_source}",
        "it": "l'obiettivo di {measure} per {month} è {value}{from_source}",
    },
    "joiner_target": {
        "en": "{value} of it counts, {days} of {of_days} days since joining on {joined}",
        "it": "ne contano {value}, {days} giorni su {of_days} dall'ingresso del {joined}",
    },
    "figure_for_part": {
        "en": "{value} of {measure} for {month}, {days} of {of_days} ({basis}) in the plan",
        "it": "{value} di {measure} per {month}, {days} su {of_days} nel piano",
    },
    "measurement": {
        "en": "{measure} of {month} was measured as {value}{from_source}",
        "it": "{measure} di {month} è misurato in {value}{from_source}",
    },
    "measurement_missing": {
        "en": "{value} counts for {measure} of {month}, which was not measured",
        "it": "per {measure} di {month}, non misurato, vale {value}",
    },
    "measurement_carried": {
        "en": "{value} of {known}, the last known, counts for {measure} of {month}",
        "it": "per {measure} di {month} vale {value} di {known}, l'ultimo noto",
    },
    "measure_empty": {
        "en": "{measure} of {month} is {value}, because nothing was counted",
        "it": "{measure} di {month} è {value}, perché nulla è stato contato",
    },
    "measure_worked_out": {
        "en": "{value} from {formula}",
        "it": "{value} da {formula}",
    },
    "opening_balance": {
        "en": "{value} of {measure} stood on {on} for {month}{from_source}",
        "it": "{value} di {measure} al {on} per {month}{from_source}",
    },
    "periods_added_up": {
        "en": "{measure} of {month} is {value}",
        "it": "{measure} di {month} è {value}",
    },
    "group_figure": {
        "en": "{figure} of {month} is {value}",
        "it": "{figure} di {month} è {value}",
    },
    "rank": {
        "en": "{payee} has place {value} by {figure} of {month}",
        "it": "{payee} è al posto {value} per {figure} di {month}",
    },
    "unplaced": {
        "en": "nobody has a place by {figure} of {month}, where there is nothing to rank",
        "it": "nessuno ha un posto per {figure} di {month}, perché non c'è nulla da ordinare",
    },
    "pay_figure": {
        "en": "{figure} of {month} is {value}",
        "it": "{figure} di {month} è {value}",
    },
    "payee_value": {
        "en": "{name} of {payee} is {value} on {day}",
        "it": "{name} di {payee} è {value} il {day}",
    },
    "share_in_plan": {
        "en": "{value} of {month} in the plan, {days} of {of_days}",
        "it": "{value} di {month} nel piano, {days} su {of_days}",
    },
    "period_value": {
        "en": "{name} of {month} is {value}",
        "it": "{name} di {month} è {value}",
    },
    "subject_value": {
        "en": "{name} of {subject} in {month} is {value}",
        "it": "{name} in {month} è {value}: {subject_it}",
    },
    "target_worked_out": {
        "en": "a target of {value} from {formula}",
        "it": "un obiettivo di {value} da {formula}",
    },
    "target_first_known": {
        "en": "the target of {measure} for {month} is {value}; before it: {before}",
        "it": "l'obiettivo di {measure} per {month} è {value}; prima: {before_it}",
    },
    "target_time_weighted": {
        "en": "the target of {measure} for {month} is {value}, each for its days",
        "it": "l'obiettivo di {measure} per {month} è {value}, ciascuno per i suoi giorni",
    },
    "target_stated": {
        "en": "{value} counts as the target of {measure} for {month}",
        "it": "{value} vale come obiettivo di {measure} per {month}",
    },
    "attainment_of_zero": {
        "en": "{value}, because the target is zero",
        "it": "{value}, perché l'obiettivo è zero",
    },
    "attainment": {"en": "{value} of the target", "it": "{value} dell'obiettivo"},
}
