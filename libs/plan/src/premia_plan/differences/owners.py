"""The parts of a plan that have a name, as a reader calls them."""

from collections.abc import Mapping
from typing import NamedTuple

from premia_plan.differences.change import Item, Sentence, Steps


class Owner(NamedTuple):
    """A named part: by itself, and after "of"."""

    noun: Sentence
    of: Sentence


def _named(it: str, en: str, of_it: str, of_en: str | None = None) -> Owner:
    return Owner(Sentence(it, en), Sentence(of_it, of_en or f"of {en}"))


_OWNERS: Mapping[tuple[str, ...], Owner] = {
    ("acceptance",): _named("l'accettazione", "the acceptance", "dell'accettazione"),
    ("attainments", "*"): _named(
        "il raggiungimento {0}", "the attainment {0}", "del raggiungimento {0}"
    ),
    ("attributes", "*"): _named(
        "gli attributi ({0})", "the attributes ({0})", "degli attributi ({0})"
    ),
    ("campaigns", "*"): _named("la campagna {0}", "the campaign {0}", "della campagna {0}"),
    ("components", "*"): _named("la componente {0}", "the component {0}", "di {0}", "of {0}"),
    ("credits", "*"): _named("il credito {0}", "the credit {0}", "del credito {0}"),
    ("currencies",): _named("le valute", "the currencies", "delle valute"),
    ("examples", "*"): _named("l'esempio {0!r}", "the example {0!r}", "dell'esempio {0!r}"),
    ("measures", "*"): _named("la misura {0}", "the measure {0}", "della misura {0}"),
    ("parameters", "*"): _named("il parametro {0}", "the parameter {0}", "del parametro {0}"),
    ("payment",): _named("il pagamento", "the payment", "del pagamento", "of the payment"),
    ("payment", "draws", "*"): _named("l'anticipo {0}", "the draw {0}", "dell'anticipo {0}"),
    ("payment", "reserves", "*"): _named("la riserva {0}", "the reserve {0}", "della riserva {0}"),
    ("draws", "*"): _named("l'anticipo {0}", "the draw {0}", "dell'anticipo {0}"),
    ("reserves", "*"): _named("la riserva {0}", "the reserve {0}", "della riserva {0}"),
    ("pools", "*"): _named("il fondo {0}", "the pool {0}", "del fondo {0}"),
    ("populations", "*"): _named(
        "la popolazione {0}", "the population {0}", "della popolazione {0}"
    ),
    ("ranks", "*"): _named("la classifica {0}", "the rank {0}", "della classifica {0}"),
    ("settlement", "release", "*"): _named(
        "la liquidazione di {0}", "the release of {0}", "della liquidazione di {0}"
    ),
    ("states", "models", "*"): _named(
        "il modello di stati {0}", "the state model {0}", "del modello di stati {0}"
    ),
    ("settlement", "states"): _named("gli stati", "the states", "degli stati"),
    ("settlement", "storno"): _named("lo storno", "the storno", "dello storno"),
    ("settlement", "storno", "effect", "*"): _named(
        "lo storno di {0}", "the storno of {0}", "dello storno di {0}"
    ),
    ("settlement", "storno", "if_void", "*"): _named(
        "lo storno nullo di {0}", "the void storno of {0}", "dello storno nullo di {0}"
    ),
    ("steps",): _named("i passi", "the steps", "dell'intero piano", "of the whole plan"),
    ("tables", "*"): _named("la tabella {0}", "the table {0}", "della tabella {0}"),
    ("targets", "*"): _named("l'obiettivo {0}", "the target {0}", "dell'obiettivo {0}"),
    ("tiers", "*"): _named("le fasce {0}", "the tiers {0}", "delle fasce {0}"),
    ("title",): _named("il titolo", "the title", "del titolo"),
    ("uses", "*"): _named("il catalogo ({0})", "the catalogue ({0})", "del catalogo ({0})"),
    ("valid",): _named("la validità", "the validity", "della validità"),
}


def owner_of(steps: Steps) -> tuple[Owner | None, Steps]:
    """Return the named part that a path leads into, and the rest of the path.

    >>> owner, rest = owner_of(("components", "base", "amount"))
    >>> owner.of.en, rest
    ('of base', ('amount',))
    """
    texts = [step.label if isinstance(step, Item) else step for step in steps]
    for length in range(len(steps), 0, -1):
        for pattern, owner in _OWNERS.items():
            if len(pattern) == length and all(
                wanted in ("*", text) for wanted, text in zip(pattern, texts, strict=False)
            ):
                name = texts[length - 1]
                return _filled(owner, name), steps[length:]
    return None, steps


def _filled(owner: Owner, name: str) -> Owner:
    noun, of = owner
    return Owner(
        Sentence(noun.it.format(name), noun.en.format(name)),
        Sentence(of.it.format(name), of.en.format(name)),
    )
