"""The unit of a name with words before and after it, or why they cannot be joined."""

from premia_plan.language.names import Names, suggested
from premia_plan.language.references import AFTER, AGGREGATES, BEFORE, COMPONENT
from premia_plan.language.syntax import FormulaRefused, Reference
from premia_plan.language.words import Words
from premia_plan.unit import Unit

_OF_COMPONENTS = frozenset(words for words, one in BEFORE.items() if one.of == COMPONENT)
_TAKEN = frozenset({"earned", "released"})
_NO_POPULATION = Words("Declare it under populations", "Dichiarala in populations")
_NO_HIERARCHY = Words(
    "Name it in a roll-up, or give an example a hierarchy of that name",
    "Nominala in un roll-up, o da' a un esempio una gerarchia con quel nome",
)


def unit_of_reference(reference: Reference, names: Names) -> Unit:
    """Return the unit of a joined name.

    Raises:
        FormulaRefused: if the name is not known, or the words do not fit it or each other.
    """
    known = names.units.get(reference.key)
    if known is not None:
        return known
    before = frozenset(reference.before)
    if before & _OF_COMPONENTS:
        unit = _of_component(reference, names)
    else:
        unit = _of_figure(reference, names)
    _check_words(reference, names)
    return Unit.COUNT if {"rank of", "number of"} & {*before} else unit


def _of_component(reference: Reference, names: Names) -> Unit:
    if reference.path not in names.components:
        message = Words(
            f"{reference.path} is not a component of the plan",
            f"{reference.path} non è una componente del piano",
        )
        hint = suggested(reference.path, names.components)
        raise FormulaRefused("name.unknown", reference.span, message, hint)
    return Unit.RATE if "rate of" in reference.before else Unit.MONEY


def _of_figure(reference: Reference, names: Names) -> Unit:
    path = reference.path
    if path in names.components:
        message = Words(
            f"{path} is a component; it does not say what of it is meant",
            f"{path} è una componente; non è detto che cosa se ne intende",
        )
        hint = Words(f"Write earned {path} or released {path}", f"earned {path} o released {path}")
        raise FormulaRefused("name.unknown", reference.span, message, hint)
    if path not in names.figures:
        joined = reference.key.replace(path, "…")
        message = Words(
            f"{path} cannot be used here in {reference.key!r}",
            f"{path} qui non si può usare in {reference.key!r}",
        )
        if path not in names.units and path not in names.figures:
            message = Words(f"{path} is not known here", f"{path} qui non è noto")
        hint = suggested(path, names.figures)
        if not names.figures:
            hint = Words(
                f"{joined} is for figures of a period, such as measures and targets",
                f"{joined} vale per grandezze di un periodo, come misure e obiettivi",
            )
        raise FormulaRefused("name.unknown", reference.span, message, hint)
    return names.units[path]


def _check_words(reference: Reference, names: Names) -> None:
    before, after = frozenset(reference.before), {one.words for one in reference.after}
    ranks = before & (AGGREGATES | {"rank of"})
    if ranks and "among" not in after and not (after & {"below along"} and "rank of" not in ranks):
        word = next(iter(ranks))
        message = Words(f"{word} does not say among whom", f"{word} non dice in quale popolazione")
        hint = Words(
            f"Write {reference.key} among <population>",
            f"Scrivere {reference.key} among <popolazione>",
        )
        raise FormulaRefused("reference.incomplete", reference.span, message, hint)
    if "among" in after and not ranks:
        message = Words(
            "among does not say what is taken of the population",
            "among non dice che cosa si prende dalla popolazione",
        )
        hint = Words(
            f"Write sum of, average of, highest of, lowest of, number of or rank of before "
            f"{reference.path}",
            f"Scrivere sum of, average of, highest of, lowest of, number of o rank of prima di "
            f"{reference.path}",
        )
        raise FormulaRefused("reference.incomplete", reference.span, message, hint)
    if "before reversals" in after and not before & _TAKEN:
        message = Words(
            "before reversals is for what was earned or released",
            "before reversals vale per quanto maturato o liberato",
        )
        hint = Words(
            "Write earned <component> before reversals",
            "Scrivere earned <componente> before reversals",
        )
        raise FormulaRefused("reference.incomplete", reference.span, message, hint)
    for one in reference.after:
        if one.named is None:
            continue
        in_population = AFTER[one.words].names == "population"
        known = names.populations if in_population else names.hierarchies
        if one.named not in known:
            message = Words(f"{one.named} is not known here", f"{one.named} qui non è noto")
            nowhere = _NO_POPULATION if in_population else _NO_HIERARCHY
            hint = suggested(one.named, known) if known else nowhere
            raise FormulaRefused("name.unknown", reference.span, message, hint)
