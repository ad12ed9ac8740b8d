"""Phrases about measures and targets."""

from premia_plan.narration.phrase import Phrases

PHRASES: Phrases = {
    "contribution": {"en": "{value} counted by {formula}", "it": "{value} contati con {formula}"},
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
    "measurement": {
        "en": "{measure} of {month} was measured as {value}{from_source}",
        "it": "{measure} di {month} è misurato in {value}{from_source}",
    },
    "attainment": {"en": "{value} of the target", "it": "{value} dell'obiettivo"},
}
