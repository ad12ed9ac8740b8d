"""Why a line is held, not paid or taken back: a stable code and the sentence for it."""

from collections.abc import Mapping
from dataclasses import dataclass

REASONS: Mapping[str, Mapping[str, str]] = {
    "payee_unknown": {
        "en": "not paid, because payee {code} of {system} is unknown",
        "it": "non pagato, perché il beneficiario {code} di {system} non è noto",
    },
    "payee_missing": {
        "en": "not paid, because the order names no {role}",
        "it": "non pagato, perché l'ordine non indica {role}",
    },
    "payee_not_participating": {
        "en": "not paid, because {payee} does not take part in the plan on {day}",
        "it": "non pagato, perché {payee} non partecipa al piano il {day}",
    },
    "payee_not_assigned": {
        "en": "not paid, because {payee} is not assigned to the plan on {day}",
        "it": "non pagato, perché {payee} non è assegnato al piano il {day}",
    },
    "assigned_to_other_principal": {
        "en": "not paid, because {payee} has no assignment under {principal} on {day}",
        "it": "non pagato, perché {payee} non è assegnato per {principal} il {day}",
    },
    "rate_missing": {
        "en": "not paid, because {table} has no rate for {keys}",
        "it": "non pagato, perché {table} non ha un'aliquota per {keys}",
    },
    "fact_missing": {
        "en": "not paid, because {name} is unknown",
        "it": "non pagato, perché {name} non è noto",
    },
    "state_not_reached": {
        "en": "not paid, because {state} is not reached yet, and its day is needed",
        "it": "non pagato, perché {state} non è ancora raggiunto, e il suo giorno serve",
    },
    "paid_before_missing": {
        "en": "not paid, because what {plan} paid by {component} in {month} is not recorded once",
        "it": "non pagato, perché quanto {plan} ha pagato con {component} in {month} non risulta "
        "una volta sola",
    },
    "target_missing": {
        "en": "not paid, because there is no target of {measure} for {month}",
        "it": "non pagato, perché manca l'obiettivo di {measure} per {month}",
    },
    "target_zero": {
        "en": "not paid, because the target of {measure} for {month} is not above zero",
        "it": "non pagato, perché l'obiettivo di {measure} per {month} non è positivo",
    },
    "target_ambiguous": {
        "en": "not paid, because there are two targets of {measure} for {month}",
        "it": "non pagato, perché ci sono due obiettivi di {measure} per {month}",
    },
    "measurement_missing": {
        "en": "not paid, because {measure} was not measured for {month}",
        "it": "non pagato, perché {measure} non è stato misurato per {month}",
    },
    "measurement_ambiguous": {
        "en": "not paid, because {measure} was measured twice for {month}",
        "it": "non pagato, perché {measure} è stato misurato due volte per {month}",
    },
    "measurement_provisional": {
        "en": "not paid, because {measure} of {month} is still provisional",
        "it": "non pagato, perché {measure} di {month} è ancora provvisorio",
    },
    "average_of_nothing": {
        "en": "not paid, because {measure} of {month} is an average of nothing",
        "it": "non pagato, perché {measure} di {month} è una media di nulla",
    },
    "divisor_zero": {
        "en": "not paid, because {formula} divides by zero",
        "it": "non pagato, perché {formula} divide per zero",
    },
    "number_too_large": {
        "en": "not paid, because {formula} gives a number that is too large to be meant",
        "it": "non pagato, perché {formula} dà un numero troppo grande per essere voluto",
    },
    "amount_too_large": {
        "en": "not paid, because an amount of {digits} digits is more than any ledger holds",
        "it": "non pagato, perché un importo di {digits} cifre supera ogni contabilità",
    },
    "population_empty": {
        "en": "not paid, because nobody is there for {figure} of {month}",
        "it": "non pagato, perché non c'è nessuno per {figure} di {month}",
    },
    "nobody_to_give": {
        "en": "not paid, because nobody shares in what {whose} earns by {component} in {month}: "
        "{amount}",
        "it": "non pagato, perché nessuno partecipa a quanto {whose_it} matura con {component} "
        "in {month}: {amount}",
    },
    "weights_not_whole": {
        "en": "not paid, because the weights of {component} of {month} make {value}",
        "it": "non pagato, perché i pesi di {component} di {month} fanno {value}",
    },
    "group_unknown": {
        "en": "not paid, because nothing tells {payee}'s group of {population} in {month}",
        "it": "non pagato, perché nulla dice il gruppo di {payee} in {population} per {month}",
    },
    "not_in_population": {
        "en": "not paid, because {payee} is not among those of {figure} of {month}",
        "it": "non pagato, perché {payee} non è tra quelli di {figure} di {month}",
    },
    "below_first_band": {
        "en": "not paid, because {figure} is {value}, below the first band",
        "it": "non pagato, perché {figure} è {value}, sotto la prima fascia",
    },
    "gate_not_met": {
        "en": "held until {condition}",
        "it": "trattenuto finché non vale {condition}",
    },
    "pool_no_weight": {
        "en": "not paid, because nobody has a weight in the pool {pool} of {month}",
        "it": "non pagato, perché nessuno ha un peso nel fondo {pool} di {month}",
    },
    "shares_do_not_add_up": {
        "en": "not paid, because the shares of {credit} are {shares} and do not add up to 100 %",
        "it": "non pagato, perché le quote di {credit} sono {shares} e non fanno il 100 %",
    },
    "contract_years": {
        "en": "not paid, because {years} contract years are no whole number up to {most}",
        "it": "non pagato, perché {years} anni di contratto non sono un intero fino a {most}",
    },
    "places_used": {
        "en": "not paid, because all {count} places of {period} are taken",
        "it": "non pagato, perché i {count} posti di {period} sono tutti occupati",
    },
    "no_place_yet": {
        "en": "not paid, because it has taken no place yet",
        "it": "non pagato, perché non ha ancora preso un posto",
    },
    "campaign_instead": {
        "en": "not paid, because the campaign {name} pays instead",
        "it": "non pagato, perché paga invece la campagna {name}",
    },
    "campaign_not_best": {
        "en": "not paid, because {name} gives no more than what is paid without it",
        "it": "non pagato, perché {name} non dà più di quanto si paga senza",
    },
    "campaign_pays_nothing": {
        "en": "not paid, because {name} gives nothing for it, so that it replaces nothing",
        "it": "non pagato, perché {name} non dà nulla e quindi non sostituisce nulla",
    },
    "campaign_outranked": {
        "en": "not paid, because another campaign comes before {name}",
        "it": "non pagato, perché un'altra campagna precede {name}",
    },
    "campaign_spent": {
        "en": "not paid, because the budget of {name} is spent",
        "it": "non pagato, perché il budget di {name} è esaurito",
    },
    "waits_for_state": {
        "en": "held until the order reaches {state}",
        "it": "trattenuto finché l'ordine non raggiunge {state}",
    },
    "waits_for_fact": {
        "en": "held until the next {fact} of the order",
        "it": "trattenuto fino al prossimo evento dell'ordine: {fact}",
    },
    "waits_for_day": {
        "en": "held until {day}",
        "it": "trattenuto fino al {day}",
    },
    "limited_again": {
        "en": "the limit over {month} counted again in {event_month}",
        "it": "il limite di {month} ricalcolato in {event_month}",
    },
    "surplus_carried": {
        "en": "held until the period after {month}, into which the cap of {component} carries it",
        "it": "trattenuto fino al periodo dopo {month}, a cui lo riporta il tetto di {component}",
    },
    "surplus_left": {
        "en": "not paid, because it is over the cap of {component} and no period follows {month}",
        "it": "non pagato, perché supera il tetto di {component} e nessun periodo segue {month}",
    },
    "deferred_left": {
        "en": "not paid, because it is over the cap of {name} and no contract year follows {year}",
        "it": "non pagato, perché supera il tetto di {name} e nessun anno di contratto segue il "
        "{year}",
    },
    "waits_for_decision": {
        "en": "held until it is decided who bears the reversal of {day}",
        "it": "trattenuto finché non si decide a chi è imputabile lo storno del {day}",
    },
    "condition_not_met": {
        "en": "not paid, because {condition} did not hold on {day}",
        "it": "non pagato, perché {condition} non valeva il {day}",
    },
    "reinstated": {
        "en": "given back, because the order was reinstated on {day}",
        "it": "restituito, perché l'ordine è stato ripristinato il {day}",
    },
    "dropped_by_reversal_in_part": {
        "en": "not paid, because {part} of the order was reversed on {day} before this was due",
        "it": "non pagato, perché {part} dell'ordine è stornato il {day} prima della scadenza",
    },
    "taken_back_in_part": {
        "en": "taken back, because {part} of the order was reversed on {day}",
        "it": "stornato, perché {part} dell'ordine è stato stornato il {day}",
    },
    "dropped_by_reversal": {
        "en": "not paid, because the order was {state} on {day} before this share was due",
        "it": "non pagato, perché l'ordine è passato a {state} il {day} prima della scadenza",
    },
    "taken_back": {
        "en": "taken back, because the order was {state} on {day}",
        "it": "stornato, perché l'ordine è passato a {state} il {day}",
    },
    "dropped_by_reversal_of_fact": {
        "en": "not paid, because the {fact} was {state} on {day} before this share was due",
        "it": "non pagato, perché {fact} è passato a {state} il {day} prima della scadenza",
    },
    "dropped_by_reversal_in_part_of_fact": {
        "en": "not paid, because {part} of the {fact} was reversed on {day} before this was due",
        "it": "non pagato, perché {part} di {fact} è stornato il {day} prima della scadenza",
    },
    "taken_back_of_fact": {
        "en": "taken back, because the {fact} was {state} on {day}",
        "it": "stornato, perché {fact} è passato a {state} il {day}",
    },
    "taken_back_in_part_of_fact": {
        "en": "taken back, because {part} of the {fact} was reversed on {day}",
        "it": "stornato, perché {part} di {fact} è stato stornato il {day}",
    },
    "void_reversal": {
        "en": "paid although the order was {state} on {day}, because {imputable_to} is the cause",
        "it": "pagato benché l'ordine sia passato a {state} il {day}: la causa è {imputable_to}",
    },
    "recounted": {
        "en": "{month} counted again as what was reversed or given back in {event_month} says",
        "it": "{month} ricalcolato secondo quanto stornato o restituito in {event_month}",
    },
    "plan_not_accepted": {
        "en": "held until {payee} accepts the plan",
        "it": "trattenuto finché {payee} non accetta il piano",
    },
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason's code and its sentence in English; `in_italian` is the same sentence."""

    code: str
    text: str
    in_italian: str


_DAY_OF = "day of "
NOT_REACHED = "state_not_reached"
"""Why there is no amount yet of what asks for the day of a state: nobody has anything to mend."""


def unknown_value(name: str) -> Reason:
    """Return why nothing can be calculated with a value: it is unknown, or its day has not come.

    >>> unknown_value("day of activated").code, unknown_value("order.kwp").code
    ('state_not_reached', 'fact_missing')
    """
    if name.startswith(_DAY_OF):
        return because(NOT_REACHED, state=name.removeprefix(_DAY_OF))
    return because("fact_missing", name=name)


def because(code: str, /, **facts: str) -> Reason:
    """Return a reason with its facts filled in.

    >>> because("waits_for_state", state="activated").text
    'held until the order reaches activated'
    """
    words = REASONS[code]
    return Reason(code, words["en"].format(**facts), words["it"].format(**facts))
