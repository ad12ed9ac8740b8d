"""The default rules: what holds where a plan says nothing; and what is shown outside the manual."""

from dataclasses import dataclass
from functools import cache

from premia_plan.yaml_text import read_yaml

from .entries import MANUAL, EntryMiswritten, Words


@dataclass(frozen=True, slots=True)
class DefaultRule:
    """One row of the table: the matter, what holds, and what a plan may say instead."""

    matter: str
    holds: Words
    instead: Words
    title: Words


@cache
def default_rules() -> tuple[DefaultRule, ...]:
    """Return the rows in the order in which the manual prints them."""
    content, _ = read_yaml((MANUAL / "defaults.yaml").read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise EntryMiswritten("defaults.yaml: a mapping of matters is expected")
    return tuple(_rule(matter, row) for matter, row in content.items())


def _rule(matter: str, row: object) -> DefaultRule:
    if not isinstance(row, dict) or set(row) != {"it", "holds", "instead"}:
        raise EntryMiswritten(f"defaults.yaml: {matter} has it, holds and instead")
    return DefaultRule(
        matter,
        Words(**row["holds"]),
        Words(**row["instead"]),
        Words(matter, str(row["it"])),
    )


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A test outside the manual that shows a construct, and what comes of a bad input there."""

    path: str
    function: str
    outcome: str


@cache
def shown_elsewhere() -> dict[str, Elsewhere]:
    """Return the constructs that no example of a plan can show, each with the test that does."""
    content, _ = read_yaml((MANUAL / "elsewhere.yaml").read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise EntryMiswritten("elsewhere.yaml: a mapping of constructs is expected")
    return {name: _elsewhere(name, row) for name, row in content.items()}


def _elsewhere(name: str, row: object) -> Elsewhere:
    if not isinstance(row, dict) or not {"test"} <= set(row) <= {"test", "outcome"}:
        raise EntryMiswritten(f"elsewhere.yaml: {name} has a test, and perhaps an outcome")
    path, _, function = str(row["test"]).partition("::")
    return Elsewhere(path, function, str(row.get("outcome", "an exception on the record")))
