"""Phrases about rates, and about the rows of a table that lost."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from premia_plan.narration.phrase import Language, Phrases
from premia_plan.quantities import percent_text
from premia_plan.results import Detail, Node

_LOST: Mapping[Language, str] = {
    "en": "; asked for {asked}, it won over {rows}",
    "it": "; alla richiesta {asked} ha prevalso su {rows}",
}
_ROW: Mapping[Language, str] = {
    "en": "row {row} ({gives}; {keys}), {why}",
    "it": "riga {row} ({gives}; {keys}), {why}",
}
_DAYS: Mapping[Language, str] = {
    "en": "not valid on {day}",
    "it": "non valida il {day}",
}
_FARTHER: Mapping[Language, str] = {
    "en": "farther on {why}",
    "it": "più lontana su {why}",
}


def lost_rows(node: Node, language: Language) -> str:
    """Return which rows fitted too and why each lost, or "" where there was none."""
    rows = node.detail.get("lost")
    if isinstance(rows, str) or not isinstance(rows, Sequence) or not rows:
        return ""
    told = [_lost(row, node, language) for row in rows if isinstance(row, Mapping)]
    return _LOST[language].format(asked=node.detail["asked"], rows=", ".join(told))


def _lost(row: Mapping[str, Detail], node: Node, language: Language) -> str:
    keys, gives = row["keys"], str(row["gives"])
    listed = keys.items() if isinstance(keys, Mapping) else ()
    why = (_DAYS if row["why"] == "days" else _FARTHER)[language]
    return _ROW[language].format(
        row=row["row"],
        gives=percent_text(Fraction(gives)) if node.unit == "rate" else gives,
        keys=", ".join(f"{key} {value}" for key, value in listed),
        why=why.format(why=row["why"], day=node.detail["day"]),
    )


PHRASES: Phrases = {
    "at_its_bands": {
        "en": "{value} that order {order_id} gave at the bands of its own place",
        "it": "{value} che l'ordine {order_id} dava alle fasce del proprio posto",
    },
    "taken_at_bands": {
        "en": "{value} that reversed orders gave at their bands",
        "it": "{value} che gli ordini stornati davano alle loro fasce",
    },
    "on_top": {
        "en": "{value} of orders that count since, at the bands above",
        "it": "{value} di ordini che contano da allora, alle fasce sopra",
    },
    "tiers_in_place": {
        "en": "{value} for {month}, the other orders staying at their bands",
        "it": "{value} per {month}, gli altri ordini restando alle loro fasce",
    },
    "classified": {
        "en": "{value} by {table} for {asked} (farther: {farther}; not valid then: {not_valid})",
        "it": "{value} secondo {table} per {asked} "
        "(più lontane: {farther}; non valide allora: {not_valid})",
    },
    "rate_row": {
        "en": "{value} from row {row} of {table} ({keys}){lost}",
        "it": "{value} dalla riga {row} di {table} ({keys}){lost}",
    },
    "rate_missing": {
        "en": "{value}, because no row of {table} fits ({keys})",
        "it": "{value}, perché nessuna riga di {table} è adatta ({keys})",
    },
    "limited_rate": {
        "en": "{value} within the limits of {table}",
        "it": "{value} entro i limiti di {table}",
    },
    "band_rate": {"en": "{value} from {clause}", "it": "{value} da {clause}"},
}
