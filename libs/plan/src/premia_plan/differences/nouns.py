"""What a place in a plan is called: its noun, its item and the part it belongs to."""

from premia_plan.differences.change import Item, Sentence, Steps
from premia_plan.differences.key_words import ITEMS, KEYS
from premia_plan.differences.owners import owner_of

_OPERATIONS = frozenset({"cap", "floor", "gate", "multiply", "round"})
_SILENT = frozenset(
    {
        "tiers",
        "bands",
        "steps",
        "shares",
        "keys",
        "points",
        "objectives",
        "curve",
        "within",
        "takes",
        "limits",
    }
)


def noun_of(steps: Steps) -> Sentence:
    """Return what the place at the end of a path is called.

    >>> noun_of(("components", "bonus", "steps", Item("cap"), "cap")).en
    'the cap of bonus'
    """
    owner, rest = owner_of(steps)
    if owner is not None and not rest:
        return owner.noun
    nouns, inside = _rest(rest, "release" if "release" in steps else "")
    of = owner.of if owner else Sentence("", "")
    parts_it = [nouns.it, *(part.it for part in inside), of.it]
    parts_en = [nouns.en, *(part.en for part in inside), of.en]
    return Sentence(" ".join(filter(None, parts_it)), " ".join(filter(None, parts_en)))


def _rest(rest: Steps, listed: str) -> tuple[Sentence, list[Sentence]]:
    """Return the noun of the last step, and the phrases of the items on the way to it."""
    noun = Sentence("", "")
    inside: list[Sentence] = []
    for index, step in enumerate(rest):
        is_last = index + 1 == len(rest)
        if isinstance(step, Item):
            noun, phrase = _item(listed, step.label)
            if not is_last and phrase is not None:
                inside.append(phrase)
        else:
            listed = step
            noun = KEYS.get(step, Sentence(f"`{step}`", f"`{step}`"))
            if not is_last and step not in _SILENT and not isinstance(rest[index + 1], Item):
                inside.insert(0, Sentence(f"({step})", f"({step})"))
    return noun, inside


def _item(listed: str, label: str) -> tuple[Sentence, Sentence | None]:
    operation, _, repeated = label.partition(" (")
    if operation == "within":
        place = repeated.removesuffix(")") or "1"
        return (
            Sentence(f"lo scaglione {place}", f"step {place}"),
            Sentence(f"nello scaglione {place}", f"in step {place}"),
        )
    if operation in _OPERATIONS:
        if not repeated:
            return KEYS[operation], None
        noun, which = KEYS[operation], f"({repeated}"
        return Sentence(f"{noun.it} {which}", f"{noun.en} {which}"), Sentence(which, which)
    if listed in ITEMS:
        own, inner = ITEMS[listed]
        return (
            Sentence(own.it.format(label), own.en.format(label)),
            Sentence(inner.it.format(label), inner.en.format(label)),
        )
    return Sentence(f"`{label}`", f"`{label}`"), Sentence(f"(`{label}`)", f"(`{label}`)")
