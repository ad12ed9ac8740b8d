"""The words that can stand before and after the name of a figure, and what they may join."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from premia_plan.language.words import Words

WordsBefore: TypeAlias = Literal[
    "previous month of",
    "previous quarter of",
    "previous half of",
    "previous year of",
    "sum of",
    "average of",
    "highest of",
    "lowest of",
    "number of",
    "rank of",
    "running",
    "earned",
    "released",
    "rate of",
]
WordsAfter: TypeAlias = Literal[
    "before reversals",
    "to date",
    "of the month",
    "of the quarter",
    "of the half",
    "of the year",
    "below along",
    "of the team along",
    "among",
]

WORD_PATTERN: Final = r"[a-z_][a-z0-9_]*"

FIGURE: Final = "figure"
COMPONENT: Final = "component"


@dataclass(frozen=True, slots=True)
class Modifier:
    """Words joined to a name; `names` is what the last of them names, if anything.

    `of` is what they may be joined to: a figure (measure, target, attainment, rank) or a component;
    where a component is earned or released, all words for figures fit too.
    """

    of: str
    doc: Words
    names: str | None = None


_POPULATION = "population"
_HIERARCHY = "hierarchy"

AGGREGATES: Final = frozenset({"sum of", "average of", "highest of", "lowest of", "number of"})

BEFORE: Final[Mapping[WordsBefore, Modifier]] = {
    "previous month of": Modifier(
        FIGURE,
        Words("The figure of the month before.", "La grandezza del mese precedente."),
    ),
    "previous quarter of": Modifier(
        FIGURE,
        Words("The figure of the quarter before.", "La grandezza del trimestre precedente."),
    ),
    "previous half of": Modifier(
        FIGURE,
        Words("The figure of the half year before.", "La grandezza del semestre precedente."),
    ),
    "previous year of": Modifier(
        FIGURE,
        Words("The figure of the year before.", "La grandezza dell'anno precedente."),
    ),
    "sum of": Modifier(
        FIGURE,
        Words(
            "The sum of the figure over a population, or over the payees below.",
            "La somma della grandezza su una popolazione o sui percettori sottostanti.",
        ),
    ),
    "average of": Modifier(
        FIGURE,
        Words(
            "The average of the figure over a population, or over the payees below.",
            "La media della grandezza su una popolazione o sui percettori sottostanti.",
        ),
    ),
    "highest of": Modifier(
        FIGURE,
        Words(
            "The highest value of the figure in a population, or among the payees below.",
            "Il valore più alto della grandezza in una popolazione o tra i sottostanti.",
        ),
    ),
    "lowest of": Modifier(
        FIGURE,
        Words(
            "The lowest value of the figure in a population, or among the payees below.",
            "Il valore più basso della grandezza in una popolazione o tra i sottostanti.",
        ),
    ),
    "number of": Modifier(
        FIGURE,
        Words(
            "How many of a population, or of the payees below, have the figure.",
            "Quanti di una popolazione, o dei percettori sottostanti, hanno la grandezza.",
        ),
    ),
    "rank of": Modifier(
        FIGURE,
        Words(
            "The place of the payee's figure among a population.",
            "Il posto della grandezza del percettore in una popolazione.",
        ),
    ),
    "running": Modifier(
        FIGURE,
        Words(
            "The figure as it stands at the credit, the credit included.",
            "La grandezza al momento del credito, credito incluso.",
        ),
    ),
    "earned": Modifier(
        COMPONENT,
        Words(
            "What was earned by a component in the period.",
            "Quanto è stato maturato con una componente nel periodo.",
        ),
    ),
    "released": Modifier(
        COMPONENT,
        Words(
            "What was released of a component in the period.",
            "Quanto è stato liberato di una componente nel periodo.",
        ),
    ),
    "rate of": Modifier(
        COMPONENT,
        Words("The effective rate of a component.", "L'aliquota effettiva di una componente."),
    ),
}
"""The words that can stand before a name."""

AFTER: Final[Mapping[WordsAfter, Modifier]] = {
    "before reversals": Modifier(
        COMPONENT,
        Words(
            "What was earned or released, reversals left out.",
            "Quanto maturato o liberato, senza contare gli storni.",
        ),
    ),
    "to date": Modifier(
        FIGURE,
        Words("The figure from the first day of the year on.", "La grandezza da inizio anno."),
    ),
    "of the month": Modifier(
        FIGURE,
        Words("The figure of the month in which one is.", "La grandezza del mese in corso."),
    ),
    "of the quarter": Modifier(
        FIGURE,
        Words(
            "The figure of the quarter in which the period lies.",
            "La grandezza del trimestre in cui cade il periodo.",
        ),
    ),
    "of the half": Modifier(
        FIGURE,
        Words(
            "The figure of the half year in which the period lies.",
            "La grandezza del semestre in cui cade il periodo.",
        ),
    ),
    "of the year": Modifier(
        FIGURE,
        Words(
            "The figure of the year in which the period lies.",
            "La grandezza dell'anno in cui cade il periodo.",
        ),
    ),
    "below along": Modifier(
        FIGURE,
        Words(
            "The figure of the payees below in a hierarchy: their sum, unless another is named.",
            "La grandezza dei percettori sottostanti in una gerarchia: la somma, salvo altro.",
        ),
        _HIERARCHY,
    ),
    "of the team along": Modifier(
        FIGURE,
        Words(
            "The figure of the payee's team in a hierarchy.",
            "La grandezza della squadra del percettore in una gerarchia.",
        ),
        _HIERARCHY,
    ),
    "among": Modifier(
        FIGURE,
        Words(
            "The population of a sum, average, highest, lowest or rank.",
            "La popolazione di somma, media, massimo, minimo o posto.",
        ),
        _POPULATION,
    ),
}
"""The words that can stand after a name; some then name a hierarchy or a population."""


def modifier_after(words: str) -> tuple[WordsAfter, str | None]:
    """Return the words after a name, apart from what the last of them names.

    >>> modifier_after("below along sales"), modifier_after("to date")
    (('below along', 'sales'), ('to date', None))
    """
    for known, modifier in AFTER.items():
        if words == known and modifier.names is None:
            return known, None
        if modifier.names is not None and words.startswith(f"{known} "):
            return known, words.removeprefix(f"{known} ")
    raise ValueError(f"{words!r} cannot stand after a name")
