"""Phrases about credits."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "credited_amount": {"en": "{value} from {formula}", "it": "{value} da {formula}"},
    "credit": {
        "en": "{value} credited to {payee}, {share} of the order",
        "it": "{value} accreditati a {payee}, {share} dell'ordine",
    },
    "capped_deal": {
        "en": "{value}, the most of one deal that is credited",
        "it": "{value}, il massimo accreditato per un contratto",
    },
    "capped_last_year": {
        "en": "{value}, the most of one deal that is credited: what is over it lapses, because no "
        "contract year follows",
        "it": "{value}, il massimo accreditato per un contratto: quanto lo supera si perde, perché "
        "nessun anno di contratto segue",
    },
    "deferred_credit": {
        "en": "{value} over the cap, deferred to the next contract year",
        "it": "{value} oltre il tetto, rinviati all'anno di contratto successivo",
    },
    "with_deferred_credit": {
        "en": "{value} with what the year before deferred",
        "it": "{value} con quanto rinviato dall'anno precedente",
    },
    "contract_year": {"en": "contract year {value}", "it": "anno di contratto {value}"},
    "contract_year_starts": {
        "en": "the contract year starts on {value}",
        "it": "l'anno di contratto inizia il {value}",
    },
    "credit_share": {"en": "a share of {value}", "it": "una quota di {value}"},
    "share_value": {
        "en": "a share of {value} from {formula}",
        "it": "una quota di {value} da {formula}",
    },
    "shared_amount": {
        "en": "{value}, what all shares take together",
        "it": "{value}, quanto prendono tutte le quote insieme",
    },
    "credit_place": {"en": "place {value} of {of}", "it": "posto {value} di {of}"},
    "credited_quantity": {
        "en": "{value} from {formula}",
        "it": "{value} da {formula}",
    },
    "credited_part": {
        "en": "{value}, the credit's part",
        "it": "{value}, la parte del credito",
    },
    "campaign_cut": {
        "en": "{value}, what is left of the campaign's budget",
        "it": "{value}, quanto resta del budget della campagna",
    },
    "divided_pay": {
        "en": "{value}, {share} of the pay on the whole",
        "it": "{value}, {share} del compenso sull'intero",
    },
    "credit_level": {"en": "level {value}", "it": "livello {value}"},
    "credit_rolled_up": {
        "en": "{value} credited to {payee}, {level} above {below}",
        "it": "{value} accreditati a {payee}, {level} sopra {below}",
    },
}
