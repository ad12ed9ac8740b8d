"""Which constructs of the language the manual shows, and which it tells apart from another choice.

A construct is a production of the plan's schema or of its formulas, a default rule, a kind of
bad input, or a warning of the linter.  An entry shows what it names and its plan really contains.
A choice is told apart when an alternative of such an entry changes it, or puts it in the place of
what an entry says, and so pays another amount, or when a plan is refused for it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from premia_plan.linting import WARNINGS
from premia_plan.schema import schema_of_values

from .defaults import default_rules, shown_elsewhere
from .entries import Entry
from .formula_productions import formula_productions, formula_uses
from .patches import Change, changed
from .schema_productions import SchemaGrammar
from .trials import try_alternative, try_entry

BAD_INPUTS = (
    "unknown metric",
    "wrong unit",
    "cyclic hierarchy",
    "overlapping rate rows",
    "missing rate rows",
    "band gap",
    "division by zero",
    "overflow",
    "target missing",
    "target zero",
    "value never measured",
    "payee unknown",
    "payee unassigned",
    "order before the plan",
    "currency without rate",
    "two plans claiming one order",
    "a formula of 4 KiB of brackets",
    "a million rows with one bad",
)
WITHOUT_PLACE = ("default ", "input ", "warning ")
"""Constructs that stand at no place of a plan."""
BELOW = ".**"
"""The end of a name in `shows` that stands for everything below it which the plan contains."""


@cache
def _grammar() -> SchemaGrammar:
    return SchemaGrammar(schema_of_values())


@cache
def constructs() -> tuple[str, ...]:
    """Return the id of everything the manual must show."""
    return (
        *_grammar().productions(),
        *sorted(formula_productions()),
        *(f"default {rule.matter}" for rule in default_rules()),
        *(f"input {name}" for name in BAD_INPUTS),
        *(f"warning {code}" for code in WARNINGS),
    )


@cache
def choices() -> frozenset[str]:
    """Return the constructs beside which another could stand; the words of examples are none."""
    productions = _grammar().productions().values()
    chosen = {item.id for item in productions if item.is_choice}
    return frozenset(
        name for name in chosen | formula_productions() if not name.startswith("example")
    )


@cache
def uses(entry: Entry) -> Mapping[str, frozenset[str]]:
    """Return what an entry's plan contains, each with the pointers at which it does."""
    found = dict(_grammar().uses(dict(entry.document.content)))
    plan = try_entry(entry).plan
    if plan is not None:
        found |= formula_uses(plan)
    return found


@cache
def shown(entry: Entry) -> Mapping[str, frozenset[str]]:
    """Return what an entry shows, each with the pointers at which its plan contains it.

    Default rules, bad inputs and warnings have no pointers.  What an entry names and its plan does not
    contain is not in the result; see `misnamed`.
    """
    contained = uses(entry)
    found: dict[str, frozenset[str]] = {}
    for name in entry.shows:
        if name.startswith(WITHOUT_PLACE):
            found[name] = frozenset()
        elif name.endswith(BELOW):
            top = name.removesuffix(BELOW)
            found |= {each: at for each, at in contained.items() if _is_below(each, top)}
        elif name in contained:
            found[name] = contained[name]
    return {name: at for name, at in found.items() if name in constructs()}


def misnamed(entry: Entry) -> list[str]:
    """Return what an entry names without showing it: unknown ids, and what its plan lacks."""
    showing = shown(entry)
    return [
        name
        for name in entry.shows
        if name not in showing
        and not any(_is_below(each, name.removesuffix(BELOW)) for each in showing)
    ]


def _is_below(name: str, top: str) -> bool:
    return name == top or name.startswith(tuple(top + mark for mark in (".", "[", "{", " ")))


@dataclass(frozen=True, slots=True)
class Coverage:
    """What entries show and tell apart."""

    shown: Mapping[str, tuple[str, ...]]
    """Each construct shown, with the entries that show it, the first one first."""
    told_apart: Mapping[str, tuple[str, ...]]
    """Each choice told apart, with the entries that have such an alternative."""

    @property
    def not_shown(self) -> tuple[str, ...]:
        """Return the constructs that neither an entry nor a test outside the manual shows."""
        known = self.shown.keys() | shown_elsewhere().keys()
        return tuple(name for name in constructs() if name not in known)

    @property
    def not_told_apart(self) -> tuple[str, ...]:
        """Return the choices shown without an alternative that pays another amount."""
        return tuple(
            name
            for name in constructs()
            if name in choices() and name in self.shown and name not in self.told_apart
        )


def coverage(entries: Iterable[Entry]) -> Coverage:
    """Return what some entries show and tell apart."""
    showing: dict[str, list[str]] = {}
    told: dict[str, list[str]] = {}
    for entry in entries:
        for name in shown(entry):
            showing.setdefault(name, []).append(entry.name)
        for name in _told_apart(entry):
            told.setdefault(name, []).append(entry.name)
    return Coverage(
        {name: tuple(names) for name, names in showing.items()},
        {name: tuple(names) for name, names in told.items()},
    )


@cache
def _told_apart(entry: Entry) -> frozenset[str]:
    """Return what an entry tells apart: what it shows, and what its other choices put instead."""
    return frozenset(_each_told_apart(entry))


def _each_told_apart(entry: Entry) -> Iterator[str]:
    for name, pointers in shown(entry).items():
        choices = (item.changes for item in entry.alternatives if not item.refused)
        if entry.refused or _touched(chain.from_iterable(choices), pointers):
            yield name
    for item in entry.alternatives:
        if not item.refused:
            trial = try_alternative(entry, item)
            contained = _grammar().uses(changed(dict(entry.document.content), item.changes))
            if trial.plan is not None:
                contained |= formula_uses(trial.plan)
            yield from (
                name for name, pointers in contained.items() if _touched(item.changes, pointers)
            )


def _touched(changes: Iterable[Change], pointers: Iterable[str]) -> bool:
    places = list(pointers)
    return any(change.touches(place) for change in changes for place in places)


def read_list(path: Path) -> tuple[list[str], list[str]]:
    """Return the heading and the constructs of a list of what is left."""
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = [line for line in lines if line.startswith("#")]
    return heads, [line for line in lines if line and line not in heads]
