"""One figure in words, in Italian or English."""

from collections.abc import Mapping
from fractions import Fraction

from premia_plan.narration import (
    comparing,
    credits,
    earnings,
    measures,
    orders,
    paying,
    rates,
    spreading,
    steps,
)
from premia_plan.narration.phrase import Language, Phrases
from premia_plan.quantities import percent_text
from premia_plan.results import Node

_MODULES = (comparing, credits, earnings, measures, orders, paying, rates, spreading, steps)
_PHRASES: Phrases = {kind: phrase for module in _MODULES for kind, phrase in module.PHRASES.items()}
_PLAIN: Mapping[Language, str] = {"en": "{value} ({kind})", "it": "{value} ({kind})"}
_FROM: Mapping[Language, str] = {"en": " (from {label})", "it": " (da {label})"}
_REST: Mapping[Language, str] = {"en": "the rest", "it": "il resto"}
_LEVEL: Mapping[Language, str] = {"en": "level {level}", "it": "livello {level}"}

_TAKERS: Mapping[str, Mapping[Language, str]] = {
    "first": {"en": ", leftover cents to the first", "it": ", i centesimi rimasti al primo"},
    "last": {"en": ", leftover cents to the last", "it": ", i centesimi rimasti all'ultimo"},
    "largest amount": {
        "en": ", leftover cents to the largest amount",
        "it": ", i centesimi rimasti all'importo maggiore",
    },
}
"""Who takes leftover cents, where a plan says otherwise than by the largest lost fraction."""


def label(node: Node, language: Language) -> str:
    """Return one node in words, without what it follows from."""
    phrase = _PHRASES.get(_kind(node), _PLAIN)[language]
    taker = _TAKERS.get(str(node.detail.get("leftover", "")))
    said = "" if taker is None else taker[language]
    return phrase.format_map(_facts(node, language)) + said


def _kind(node: Node) -> str:
    """Return the kind of phrase: what has the other sign than its kind is a correction."""
    is_negative = node.value.startswith("-")
    if node.kind == "release" and is_negative:
        return "release_corrected"
    if node.kind == "reversal" and not is_negative and Fraction(node.value):
        return "reversal_corrected"
    return node.kind


def _facts(node: Node, language: Language) -> dict[str, str]:
    detail = node.detail
    facts = {key: str(value) for key, value in detail.items()}
    facts["value"] = _value(node)
    said = detail.get("said")
    if isinstance(said, Mapping):
        facts["formula"] = str(said[language])
    facts["kind"] = node.kind.replace("_", " ")
    facts["payee"] = node.payee_id or "?"
    facts["share"] = _share(node, language)
    facts["lost"] = rates.lost_rows(node, language)
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
