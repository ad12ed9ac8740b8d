"""Differences as sentences, with numbers as each language writes them."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from premia_plan.differences.change import Difference, Direction, Item, Language, Part, Sentence
from premia_plan.differences.nouns import noun_of
from premia_plan.differences.parts import OPERATIONS

_NUMBER = re.compile(r"(-?(?:\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?) ?(%|[A-Z]{3}|[A-Za-z]\w*)?")
_TELLING = (*OPERATIONS, "gives", "share", "fixed", "value")
_BOTH: tuple[Language, Language] = ("it", "en")


def direction_of(difference: Difference) -> Direction | None:
    """Return whether a number rises or falls; None where two values do not compare."""
    old, new = _number(difference.before), _number(difference.after)
    if old is None or new is None or old[1] != new[1] or old[0] == new[0]:
        return None
    return "rises" if old[0] < new[0] else "falls"


def sentence_of(difference: Difference) -> Sentence:
    """Return a difference in words, in both languages."""
    it, en = (_sentence(difference, language) for language in _BOTH)
    return Sentence(it, en)


def _sentence(difference: Difference, language: Language) -> str:
    noun = _subject(difference, language)
    days = _days(difference.valid_from, difference.valid_to, language)
    text = {
        "added": _added,
        "removed": _removed,
        "changed": _changed,
        "reordered": _reordered,
    }[difference.kind](difference, noun, language)
    whole = f"{text}{days}."
    return whole[0].upper() + whole[1:]


def _subject(difference: Difference, language: Language) -> str:
    if difference.keys is None:
        noun = noun_of(difference.steps)
        return noun.it if language == "it" else noun.en
    table = str(difference.steps[1])
    keys = _keys(difference.keys, language)
    rate = "l'aliquota" if language == "it" else "the rate"
    return " ".join(filter(None, (rate, keys, f"({table})")))


def _keys(keys: Mapping[str, str], language: Language) -> str:
    """Say for which keys a rate counts, the product before the place.

    >>> _keys({"territory": "nord", "category": "gas", "level": "1"}, "en")
    'for gas in nord, level 1'
    """
    told = []
    if "category" in keys:
        told.append(f"{'per' if language == 'it' else 'for'} {_key('category', keys, language)}")
    if "territory" in keys:
        told.append(f"in {_key('territory', keys, language)}")
    first = " ".join(told)
    rest = [
        f"{name} {_value(value, language)}"
        for name, value in keys.items()
        if name not in ("category", "territory")
    ]
    return ", ".join(filter(None, (first, *rest)))


def _key(name: str, keys: Mapping[str, str], language: Language) -> str:
    every = {
        "category": {"it": "ogni categoria", "en": "any category"},
        "territory": {"it": "ogni territorio", "en": "any territory"},
    }
    return every[name][language] if keys[name] == "any" else keys[name]


def _added(difference: Difference, noun: str, language: Language) -> str:
    value = _told(difference, difference.after, language)
    ending = f": {value}" if value else ""
    return f"si aggiunge {noun}{ending}" if language == "it" else f"{noun} was added{ending}"


def _removed(difference: Difference, noun: str, language: Language) -> str:
    value = _told(difference, difference.before, language)
    if language == "it":
        return f"si toglie {noun}" + (f" (era {value})" if value else "")
    return f"{noun} was removed" + (f" (it was {value})" if value else "")


def _changed(difference: Difference, noun: str, language: Language) -> str:
    old = _told(difference, difference.before, language)
    new = _told(difference, difference.after, language)
    if not old or not new:
        return f"cambia {noun}" if language == "it" else f"{noun} changes"
    direction = direction_of(difference)
    verbs = {
        "it": {"rises": "sale", "falls": "scende", None: "cambia"},
        "en": {"rises": "rises", "falls": "falls", None: "changes"},
    }
    verb = verbs[language][direction]
    return (
        f"{noun} {verb} da {old} a {new}"
        if language == "it"
        else (f"{noun} {verb} from {old} to {new}")
    )


def _reordered(difference: Difference, noun: str, language: Language) -> str:
    items = difference.after if isinstance(difference.after, list) else []
    order = ", ".join(str(item) for item in items)
    if language == "it":
        return f"cambia l'ordine: {noun}: {order}"
    return f"{noun} now come in this order: {order}"


def _days(start: date | None, end: date | None, language: Language) -> str:
    italian = language == "it"
    since = f" {'dal' if italian else 'from'} {start}" if start else ""
    until = f" {'fino al' if italian else 'until'} {end}" if end else ""
    excluded = (" escluso" if italian else " (excluded)") if end else ""
    return f"{since}{until}{excluded}"


def _told(difference: Difference, content: Part, language: Language) -> str:
    """Return a content as one value, or nothing if it is more than that."""
    last = difference.steps[-1] if difference.steps else ""
    if isinstance(content, str):
        is_named = isinstance(last, Item) and last.label == content
        return "" if is_named else _value(content, language)
    is_parameter = len(difference.steps) == 2 and difference.steps[0] == "parameters"
    if isinstance(content, dict) and (isinstance(last, Item) or is_parameter):
        for name in _TELLING:
            value = content.get(name)
            if isinstance(value, str):
                return _value(value, language)
    return ""


def _value(text: str, language: Language) -> str:
    """Write a number as a language does, thousands as plans do, and a formula in quotes.

    >>> _value("2 500 EUR", "en"), _value("3.5 %", "it"), _value("a = b", "en")
    ('2 500 EUR', '3,5 %', '`a = b`')
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        return text if re.fullmatch(r"[\w.:/-]+", text) else f"`{text}`"
    digits = f"{Decimal(found[1].replace(' ', '')):,f}".replace(",", " ")
    if language == "it":
        digits = digits.replace(".", ",")
    return f"{digits} {found[2]}" if found[2] else digits


def _number(content: Part) -> tuple[Decimal, str] | None:
    found = _NUMBER.fullmatch(content) if isinstance(content, str) else None
    return (Decimal(found[1].replace(" ", "")), found[2] or "") if found else None
