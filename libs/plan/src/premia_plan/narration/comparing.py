"""Phrases about steps that are worked out, limits, ranks and pools."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "multiplied": {"en": "{value} by {formula}", "it": "{value} con {formula}"},
    "gate_worked_out": {"en": "{value}, as {formula}", "it": "{value}, cioè {formula}"},
    "condition_not_met": {
        "en": "{value}, because {condition} does not hold",
        "it": "{value}, perché non vale {condition}",
    },
    "not_asked": {"en": "{name} was not needed", "it": "{name} non serviva"},
    "cap_worked_out": {
        "en": "{value}, the cap {formula}",
        "it": "{value}, il tetto {formula}",
    },
    "floor_worked_out": {
        "en": "{value}, the floor {formula}",
        "it": "{value}, il minimo {formula}",
    },
    "hold": {
        "en": "{value}, held until {formula}",
        "it": "{value}, trattenuto finché non vale {formula}",
    },
    "with_carried": {
        "en": "{value} with what the period before carried on",
        "it": "{value} con quanto riportato dal periodo prima",
    },
    "before_cap": {
        "en": "{value} earned in {month} before the cap",
        "it": "{value} maturati in {month} prima del tetto",
    },
    "within_cap": {"en": "{value} of it within the cap", "it": "{value} di questi entro il tetto"},
    "surplus": {"en": "{value} over the cap", "it": "{value} oltre il tetto"},
    "limit_cap": {"en": "at most {value}", "it": "al più {value}"},
    "limit_floor": {"en": "at least {value}", "it": "almeno {value}"},
    "limit": {"en": "at most or at least {value}", "it": "al più o almeno {value}"},
    "limit_weight": {"en": "weighs {value}", "it": "pesa {value}"},
    "limited_together": {
        "en": "{value} that the limit leaves to all of them",
        "it": "{value} che il limite lascia a tutti insieme",
    },
    "limited_together_above_zero": {
        "en": "{value} that the limit leaves to all of them, those below zero counting as zero",
        "it": "{value} che il limite lascia a tutti insieme, quelli sotto zero contando come zero",
    },
    "limited_together_equally": {
        "en": "{value} that the limit leaves to all of them, in equal parts",
        "it": "{value} che il limite lascia a tutti insieme, in parti uguali",
    },
    "mirrored": {"en": "{value}, with the other sign", "it": "{value}, con il segno opposto"},
    "limited": {"en": "{value} within the limit", "it": "{value} entro il limite"},
    "nothing_earned": {
        "en": "nothing earned for an order in {month}",
        "it": "nulla maturato per un ordine in {month}",
    },
    "kept_of_reversed": {
        "en": "{value} kept of reversed orders at the end of {month}",
        "it": "{value} rimasti di ordini stornati alla fine di {month}",
    },
    "room_of_limit": {
        "en": "{value} left of the limit by what is kept of reversed orders",
        "it": "{value} lasciati dal limite da ciò che resta di ordini stornati",
    },
    "others_of_limit": {
        "en": "{value} of the others under the limit",
        "it": "{value} degli altri sotto il limite",
    },
    "true_up": {
        "en": "{value} in {month}: what the running total gives, less what it gave before",
        "it": "{value} in {month}: quanto dà il totale progressivo, meno quanto dava prima",
    },
    "objective": {"en": "{value} from {formula}", "it": "{value} da {formula}"},
    "weights": {"en": "{value}, all weights together", "it": "{value}, tutti i pesi insieme"},
    "scorecard": {
        "en": "{value} from the scorecard of {month}",
        "it": "{value} dalla scheda obiettivi di {month}",
    },
    "ranked": {"en": "{value} from {formula}", "it": "{value} da {formula}"},
    "place": {
        "en": "place {value} of {count} in {rank} of {month}",
        "it": "posto {value} su {count} in {rank} di {month}",
    },
    "rank_pay": {"en": "{value} for the place", "it": "{value} per il posto"},
    "pool_amount": {"en": "{value} in the pool", "it": "{value} nel fondo"},
    "pool_weight": {"en": "weighs {value}", "it": "pesa {value}"},
    "pool_shared": {"en": "{value} shared by weights", "it": "{value} divisi secondo i pesi"},
    "pool_shared_above_zero": {
        "en": "{value} shared by weights, those below zero counting as zero",
        "it": "{value} divisi secondo i pesi, quelli sotto zero contando come zero",
    },
    "pool_part": {"en": "{value} of it", "it": "{value} di questi"},
    "spread_weight": {"en": "weighs {value}", "it": "pesa {value}"},
    "equal_weight": {"en": "weighs as much as any other", "it": "pesa come ogni altro"},
}
