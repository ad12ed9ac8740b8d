"""An amount told in words, in Italian or English."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, TypeAlias
from uuid import UUID

from premia_plan.quantities import percent_text
from premia_plan.results import Node

Language: TypeAlias = Literal["it", "en"]
NodeLookup: TypeAlias = Mapping[UUID, Node]

MAX_DEPTH = 12
MAX_LISTED = 5
"""More children than this are counted, not listed."""

_PHRASES: Mapping[str, Mapping[Language, str]] = {
    "order_value": {
        "en": "{name} of order {order_id} is {value}{from_source}",
        "it": "{name} dell'ordine {order_id} è {value}{from_source}",
    },
    "state_reached": {
        "en": "order {order_id} reached {state} on {value}{from_source}",
        "it": "l'ordine {order_id} ha raggiunto {state} il {value}{from_source}",
    },
    "order_reversed": {
        "en": "order {order_id} was {state} on {value}{from_source}",
        "it": "l'ordine {order_id} è passato a {state} il {value}{from_source}",
    },
    "credited_amount": {"en": "{value} from {formula}", "it": "{value} da {formula}"},
    "credit": {
        "en": "{value} credited to {payee}, {share} of the order",
        "it": "{value} accreditati a {payee}, {share} dell'ordine",
    },
    "credit_level": {"en": "level {value}", "it": "livello {value}"},
    "credit_rolled_up": {
        "en": "{value} credited to {payee}, {level} above {below}",
        "it": "{value} accreditati a {payee}, {level} sopra {below}",
    },
    "rate_row": {
        "en": "{value} from row {row} of {table} ({keys})",
        "it": "{value} dalla riga {row} di {table} ({keys})",
    },
    "rate_missing": {
        "en": "0, because no row of {table} fits ({keys})",
        "it": "0, perché nessuna riga di {table} è adatta ({keys})",
    },
    "band_rate": {"en": "{value} from {clause}", "it": "{value} da {clause}"},
    "earning": {
        "en": "{value} earned by {formula}",
        "it": "{value} maturati con {formula}",
    },
    "not_calculated": {"en": "{value}, not calculated", "it": "{value}, non calcolati"},
    "release": {
        "en": "{value} released, {share} of what was earned",
        "it": "{value} liquidati, {share} del maturato",
    },
    "release_void": {
        "en": "{value} released with the reversal, {share} of what was earned",
        "it": "{value} liquidati con lo storno, {share} del maturato",
    },
    "held": {
        "en": "{value} held, {share} of what was earned",
        "it": "{value} trattenuti, {share} del maturato",
    },
    "dropped": {
        "en": "{value} no longer due, {share} of what was earned",
        "it": "{value} non più dovuti, {share} del maturato",
    },
    "reversal": {"en": "{value} taken back", "it": "{value} stornati"},
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
    "band": {
        "en": "{value} for {base} in the band from {starts}",
        "it": "{value} per {base} nella fascia da {starts}",
    },
    "tiers": {"en": "{value} from the tiers", "it": "{value} dalle fasce"},
    "rounded": {"en": "{value} after rounding", "it": "{value} dopo l'arrotondamento"},
    "gate": {"en": "{value} after the gate {formula}", "it": "{value} dopo la soglia {formula}"},
    "cap": {"en": "{value}, the cap", "it": "{value}, il tetto"},
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
_PLAIN: Mapping[Language, str] = {"en": "{value} ({kind})", "it": "{value} ({kind})"}
_BECAUSE: Mapping[Language, str] = {"en": "because", "it": "perché"}
_FROM: Mapping[Language, str] = {"en": " (from {label})", "it": " (da {label})"}
_MORE: Mapping[Language, str] = {"en": "and {count} more", "it": "e altri {count}"}
_REST: Mapping[Language, str] = {"en": "the rest", "it": "il resto"}
_LEVEL: Mapping[Language, str] = {"en": "level {level}", "it": "livello {level}"}


def words(node: Node, lookup: NodeLookup, language: Language) -> str:
    """Tell how an amount came about, down to its sources, as one sentence.

    >>> from uuid import UUID
    >>> leaf = Node(UUID(int=1), None, "credit_level", "1", "count", "given", {}, None, ())
    >>> words(leaf, {}, "en")
    'level 1'
    """
    return _tell(node, lookup, language, set(), 0)


def label(node: Node, language: Language) -> str:
    """Return one node in words, without what it follows from."""
    phrase = _PHRASES.get(node.kind, _PLAIN)[language]
    return phrase.format_map(_facts(node, language))


def _tell(node: Node, lookup: NodeLookup, language: Language, told: set[UUID], depth: int) -> str:
    text = label(node, language)
    if node.node_id in told or depth >= MAX_DEPTH:
        return text
    told.add(node.node_id)
    children = [lookup[child] for child in node.children if child in lookup]
    if not children:
        return text
    shown = [_tell(child, lookup, language, told, depth + 1) for child in children[:MAX_LISTED]]
    if len(children) > MAX_LISTED:
        shown.append(_MORE[language].format(count=len(children) - MAX_LISTED))
    return f"{text} {_BECAUSE[language]} [{'; '.join(shown)}]"


def _facts(node: Node, language: Language) -> dict[str, str]:
    detail = node.detail
    facts = {key: str(value) for key, value in detail.items()}
    facts["value"] = _value(node)
    facts["kind"] = node.kind.replace("_", " ")
    facts["payee"] = node.payee_id or "?"
    facts["share"] = _share(node, language)
    facts["level"] = _LEVEL[language].format(level=detail.get("level", 0))
    keys = detail.get("keys")
    if isinstance(keys, Mapping):
        facts["keys"] = ", ".join(f"{key} {value}" for key, value in sorted(keys.items()))
    source = node.source
    facts["from_source"] = (
        "" if source is None else _FROM[language].format(label=source.label or source.id)
    )
    return facts


def _value(node: Node) -> str:
    if node.unit == "rate":
        return percent_text(Fraction(node.value))
    return node.value


def _share(node: Node, language: Language) -> str:
    """Return which part a share or split is, as a percentage or the rest."""
    parts = node.detail.get("shares", node.detail.get("ratios"))
    index = node.detail.get("index")
    if not isinstance(parts, (list, tuple)) or not isinstance(index, int):
        return ""
    part = str(parts[index])
    return _REST[language] if part == "rest" else percent_text(Fraction(part))
