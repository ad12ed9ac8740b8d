"""Phrases about what is paid: adjustments, reserves, draws, loans and balances."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "stated": {
        "en": "{value} {currency} on the statement by {formula}",
        "it": "{value} {currency} sul rendiconto con {formula}",
    },
    "stated_in_month": {
        "en": "{value} {currency} on the statement of {month}",
        "it": "{value} {currency} sul rendiconto di {month}",
    },
    "stated_carried": {
        "en": "{value} {currency}, so that nothing is left of {month}",
        "it": "{value} {currency}, così di {month} non resta nulla",
    },
    "stated_brought": {
        "en": "{value} {currency} carried into {month} as stated before",
        "it": "{value} {currency} riportati a {month} come dichiarato prima",
    },
    "paid_in_month": {"en": "{value} due for {month}", "it": "{value} dovuti per {month}"},
    "earned_in_month": {"en": "{value} landed in {month}", "it": "{value} competono a {month}"},
    "earnings_of_month": {
        "en": "{value} are the earnings of {month}",
        "it": "{value} sono le spettanze di {month}",
    },
    "earnings_left": {
        "en": "{value} of the earnings of {month} are left",
        "it": "restano {value} delle spettanze di {month}",
    },
    "adjustment": {
        "en": "{value} adjusted by hand: {reason}, approved by {approved_by}{from_source}",
        "it": "{value} rettificati a mano: {reason}, approvato da {approved_by}{from_source}",
    },
    "already_paid": {
        "en": "{value} were already paid for {month}",
        "it": "{value} erano già pagati per {month}",
    },
    "opening_account": {
        "en": "{value} stood on {on} as {name}{from_source}",
        "it": "{value} risultavano il {on} come {name}{from_source}",
    },
    "standing_account": {
        "en": "{value} stood after {after} as {name}{from_source}",
        "it": "{value} risultavano dopo {after} come {name}{from_source}",
    },
    "standing_part": {"en": "{value} of {since}", "it": "{value} di {since}"},
    "stood_in_all": {"en": "{value} stood in all", "it": "{value} in tutto"},
    "opening_came_in": {"en": "{value} stood at the start", "it": "{value} all'inizio"},
    "opening_carried": {"en": "{value} stood at the start", "it": "{value} all'inizio"},
    "reserve_share": {"en": "{value} go to {name}", "it": "{value} vanno a {name}"},
    "reserve_ceiling": {
        "en": "{name} holds {value} at most",
        "it": "{name} contiene al più {value}",
    },
    "reversed_in_month": {"en": "{value} reversed", "it": "{value} stornati"},
    "landed_together": {
        "en": "{value} landed of what this and earlier reserves cover",
        "it": "{value} maturati di quanto coprono questo e i fondi precedenti",
    },
    "met_before": {
        "en": "{value} met from earlier reserves",
        "it": "{value} coperti dai fondi precedenti",
    },
    "reserve_left": {"en": "{value} left in {name}", "it": "{value} rimasti in {name}"},
    "drawn_before": {
        "en": "{value} drawn to the levels before",
        "it": "{value} anticipati per i livelli precedenti",
    },
    "reserve_withheld": {
        "en": "{value} withheld for {name} by {formula}",
        "it": "{value} trattenuti per {name} con {formula}",
    },
    "reserve_used": {
        "en": "{value} met from {name} by {formula}",
        "it": "{value} coperti da {name} con {formula}",
    },
    "reserve_released": {
        "en": "{value} released from {name} by {formula}",
        "it": "{value} svincolati da {name} con {formula}",
    },
    "release_cap": {
        "en": "{value} is the most that is released in a month",
        "it": "{value} è il massimo svincolato in un mese",
    },
    "deferred": {
        "en": "{value} wait for a later release by {formula}",
        "it": "{value} attendono uno svincolo successivo con {formula}",
    },
    "deferred_released": {
        "en": "{value} deferred before are released by {formula}",
        "it": "{value} differiti prima sono svincolati con {formula}",
    },
    "reserve_ripe": {
        "en": "{value} withheld for {name} are old enough",
        "it": "{value} trattenuti per {name} sono maturi",
    },
    "reserve_gone": {
        "en": "{value} of {name} went out before",
        "it": "{value} di {name} già usciti",
    },
    "reserve_moved": {
        "en": "{value} moved between {name} and the pay of {month}",
        "it": "{value} spostati tra {name} e il pagamento di {month}",
    },
    "reserve_held": {"en": "{value} held in {name}", "it": "{value} presenti in {name}"},
    "reserve_balance": {
        "en": "{name} holds {value} after {month}",
        "it": "{name} contiene {value} dopo {month}",
    },
    "draw_amount": {"en": "a draw of {value}", "it": "un anticipo di {value}"},
    "draw_level": {
        "en": "a guaranteed level of {value}",
        "it": "un livello garantito di {value}",
    },
    "guarantee_for_part": {
        "en": "{value} of it counts, {days} of {of_days} ({basis}) of {month}",
        "it": "ne contano {value}, {days} su {of_days} di {month}",
    },
    "draw": {
        "en": "{value} drawn by {name} with {formula}",
        "it": "{value} anticipati con {name}: {formula}",
    },
    "drawn_in_month": {"en": "{value} drawn in {month}", "it": "{value} anticipati in {month}"},
    "draw_recovery_share": {
        "en": "at most {value} of that is taken back",
        "it": "si recupera al più {value}",
    },
    "draw_recovery": {
        "en": "{value} taken back of {name} by {formula}",
        "it": "{value} recuperati di {name} con {formula}",
    },
    "draw_due": {
        "en": "{value}, all that is owed of {name}, at leaving",
        "it": "{value}, tutto il residuo di {name}, all'uscita",
    },
    "draw_forgiven": {
        "en": "{value} owed of {name}: {forgiven} were forgiven at leaving",
        "it": "{value} residui di {name}: {forgiven} condonati all'uscita",
    },
    "draw_owed_before": {"en": "{value} owed of {name}", "it": "{value} residui di {name}"},
    "draw_owed": {
        "en": "{value} owed of {name} after {month}",
        "it": "{value} residui di {name} dopo {month}",
    },
    "loan": {"en": "{value} lent{from_source}", "it": "{value} prestati{from_source}"},
    "loan_instalment": {
        "en": "an instalment of {value}{from_source}",
        "it": "una rata di {value}{from_source}",
    },
    "loan_recovery": {
        "en": "{value} of the loan paid back by {formula}",
        "it": "{value} del prestito restituiti con {formula}",
    },
    "loan_due": {
        "en": "{value}, all that is owed of the loan, at leaving",
        "it": "{value}, tutto il residuo del prestito, all'uscita",
    },
    "loan_owed_before": {"en": "{value} owed of the loan", "it": "{value} residui del prestito"},
    "loan_owed": {
        "en": "{value} owed of the loan after {month}",
        "it": "{value} residui del prestito dopo {month}",
    },
    "pay_before_instalment": {
        "en": "{value} before the instalment",
        "it": "{value} prima della rata",
    },
    "pay_before_carrying": {
        "en": "{value} before anything is carried on",
        "it": "{value} prima dei riporti",
    },
    "payment_minimum": {
        "en": "{value} is the least that is paid",
        "it": "{value} è il minimo pagato",
    },
    "carried_in": {
        "en": "{value} carried into {month}",
        "it": "{value} riportati a {month}",
    },
    "carried": {"en": "{value} carried on from {month}", "it": "{value} riportati da {month}"},
    "carried_out": {
        "en": "{value}, so that the balance is carried on",
        "it": "{value}, così il saldo è riportato",
    },
    "forgiven": {"en": "{value} forgiven", "it": "{value} condonati"},
    "payee_cap": {
        "en": "{value} is the most that all plans pay in a month{from_source}",
        "it": "{value} è il massimo che tutti i piani pagano in un mese{from_source}",
    },
    "beyond_payee_cap": {
        "en": "{value} beyond what the agreement lets all plans pay in {month}",
        "it": "{value} oltre quanto l'accordo consente a tutti i piani in {month}",
    },
    "left_beyond_cap": {
        "en": "{value} still beyond it",
        "it": "{value} ancora oltre",
    },
    "paid_of_group": {"en": "{value} paid by these", "it": "{value} pagati da queste"},
    "taken_of_group": {"en": "{value} taken from these", "it": "{value} tolti a queste"},
    "payee_cap_shared": {
        "en": "{value} shared by what each component paid",
        "it": "{value} ripartiti secondo quanto ogni componente ha pagato",
    },
    "payee_cap_part": {"en": "{value} of it from {name}", "it": "{value} di questi da {name}"},
    "payee_cap_taken": {
        "en": "{value} of {name} beyond the payee's cap",
        "it": "{value} di {name} oltre il tetto del beneficiario",
    },
    "payee_cap_taken_off": {
        "en": "{value} of {name} taken by the payee's cap",
        "it": "{value} di {name} tolti per il tetto del beneficiario",
    },
    "payee_cap_returned": {
        "en": "{value} of it was beyond the payee's cap and never paid",
        "it": "{value} di questi erano oltre il tetto del beneficiario e mai pagati",
    },
    "payee_cap_returned_of": {
        "en": "{value} of it was beyond the payee's cap and never paid",
        "it": "{value} di questi erano oltre il tetto del beneficiario e mai pagati",
    },
    "of_release": {
        "en": "{value} of it goes with one of the releases it is of",
        "it": "{value} di questi seguono uno dei rilasci a cui si riferiscono",
    },
    "lost_to_cap": {
        "en": "{value} lost to the payee's cap",
        "it": "{value} persi per il tetto del beneficiario",
    },
    "lost_to_cap_again": {
        "en": "{value} lost to the payee's cap",
        "it": "{value} persi per il tetto del beneficiario",
    },
    "payee_cap_again": {
        "en": "{value} taken again, as it was beyond the payee's cap before",
        "it": "{value} tolti di nuovo, perché già oltre il tetto del beneficiario",
    },
    "payee_cap_again_of": {
        "en": "{value} of {name} taken again by the payee's cap",
        "it": "{value} di {name} tolti di nuovo per il tetto del beneficiario",
    },
    "payee_cap_of_landed": {
        "en": "{value} of it from what landed in {month}",
        "it": "{value} di questi da quanto compete a {month}",
    },
    "payee_cap_taken_of": {
        "en": "{value} of {name} taken by the payee's cap",
        "it": "{value} di {name} tolti per il tetto del beneficiario",
    },
    "given_back": {
        "en": "{value} beyond the payee's cap were not taken back",
        "it": "{value} oltre il tetto del beneficiario non sono stati ripresi",
    },
    "lost_again": {
        "en": "{value} lost again to the payee's cap",
        "it": "{value} persi di nuovo per il tetto del beneficiario",
    },
    "payee_cap_returned_left": {
        "en": "{value} lost to the payee's cap",
        "it": "{value} persi per il tetto del beneficiario",
    },
    "lost_again_left": {
        "en": "{value} beyond the payee's cap were not taken back",
        "it": "{value} oltre il tetto del beneficiario non sono stati ripresi",
    },
    "taken_back_now": {
        "en": "{value} taken back in {month}",
        "it": "{value} stornati in {month}",
    },
    "taken_back": {
        "en": "{value} taken back so far",
        "it": "{value} stornati finora",
    },
    "restored": {
        "en": "{value} of it was taken back in an earlier month",
        "it": "{value} di questi erano stati stornati in un mese precedente",
    },
    "restored_left": {
        "en": "{value} still taken back",
        "it": "{value} ancora stornati",
    },
    "restored_of": {
        "en": "{value} of it was taken back in an earlier month",
        "it": "{value} di questi erano stati stornati in un mese precedente",
    },
    "restored_beyond_paid": {
        "en": "{value} of it was beyond the payee's cap and never paid",
        "it": "{value} di questi erano oltre il tetto del beneficiario e mai pagati",
    },
    "reinstated_in_month": {
        "en": "{value} reinstated in {month}",
        "it": "{value} ripristinati in {month}",
    },
    "landed_without_restored": {
        "en": "{value} of {name} landed, without what was reinstated",
        "it": "{value} di {name} in competenza, senza quanto è stato ripristinato",
    },
    "restored_outside_cap": {
        "en": "{value}, as what is reinstated was capped when it was earned",
        "it": "{value}, perché quanto ripristinato ha già avuto il tetto quando è maturato",
    },
    "reversed_outside_cap": {
        "en": "{value}, as what is taken back of earlier months makes no room in this one",
        "it": "{value}, perché quanto stornato di altri mesi non fa spazio in questo",
    },
    "taken_off": {"en": "{value} taken off {name}", "it": "{value} tolti da {name}"},
    "taken_off_component": {"en": "{value} taken off {name}", "it": "{value} tolti da {name}"},
    "landed_within_limits": {
        "en": "{value} landed, as the caps before left it",
        "it": "{value} maturati, come lasciati dai tetti precedenti",
    },
    "payee_cap_moved": {
        "en": "{value} by the payee's cap",
        "it": "{value} per il tetto del beneficiario",
    },
    "landed_for_cap": {
        "en": "{value} landed in {month}, without what was never paid",
        "it": "{value} competono a {month}, senza quanto mai pagato",
    },
    "paid_of_component": {"en": "{value} of {name}", "it": "{value} di {name}"},
    "landed_within_cap": {
        "en": "{value} landed within the payee's cap",
        "it": "{value} entro il tetto del beneficiario",
    },
    "reversed_within_cap": {
        "en": "{value} reversed of what was paid",
        "it": "{value} stornati di quanto pagato",
    },
    "landed_together_within_cap": {
        "en": "{value} landed of what this and earlier reserves cover, within the payee's cap",
        "it": "{value} maturati di quanto coprono questo e i fondi precedenti, entro il tetto",
    },
}
