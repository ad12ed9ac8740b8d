"""The hierarchies that a plan names, and those that its examples give."""

from collections.abc import Iterator

from premia_plan.checking.clause import Clause
from premia_plan.language import Words
from premia_plan.language.names import suggested

_TEAM = "team along "


def named_hierarchies(plan: Clause) -> Iterator[tuple[Clause, str]]:
    """Give the hierarchies of roll-ups and of teams, each with the clause that names it."""
    for section in ("credits", "measures", "targets", "components"):
        named = plan.optional(section)
        for clause in () if named is None else named.parts().values():
            rollup, per = clause.optional("rollup"), clause.optional("per")
            if rollup is not None:
                yield rollup.part("along"), rollup.word("along")
            if per is not None and per.text.startswith(_TEAM):
                yield per, per.text.removeprefix(_TEAM).partition(" and ")[0]


def given_hierarchies(plan: Clause) -> frozenset[str]:
    """Return the hierarchies that examples give."""
    examples = plan.optional("examples")
    given = [entry.optional("given") for entry in examples.entries()] if examples else []
    found = [each.optional("hierarchy") for each in given if each is not None]
    return frozenset(name for each in found if each is not None for name in each.mapping)


def note_hierarchies(plan: Clause) -> None:
    """Warn of hierarchies that no example gives, where examples give others.

    Nobody has a team along a name that is mistyped: nothing is paid, and nothing is wrong.
    """
    given = given_hierarchies(plan)
    for clause, name in named_hierarchies(plan):
        if given and name not in given:
            message = Words(
                f"no example gives a hierarchy {name}", f"nessun esempio dà una gerarchia {name}"
            )
            clause.warning("hierarchy.not_given", message, suggested(name, given))
