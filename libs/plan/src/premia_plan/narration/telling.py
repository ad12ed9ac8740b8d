"""An amount told in words, in Italian or English."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias
from uuid import UUID

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

NodeLookup: TypeAlias = Mapping[UUID, Node]

MAX_DEPTH = 12
MAX_LISTED = 5
"""More children than this are counted, not listed."""

_MODULES = (comparing, credits, earnings, measures, orders, paying, rates, spreading, steps)
_PHRASES: Phrases = {kind: phrase for module in _MODULES for kind, phrase in module.PHRASES.items()}
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
