"""Whom a cell is about: a payee, a territory, a category, a team, or the whole plan.

A subject is a text: a payee's id, `territory:<code>`, `category:<code>`,
`team:<hierarchy>:<payee>` (the payee and those below), `group:<population>:<value>` or `plan`.
"""

from typing import Final

PLAN: Final = "plan"
_TERRITORY, _CATEGORY, _TEAM, _GROUP = "territory:", "category:", "team:", "group:"


def territory_subject(code: str) -> str:
    """Return the subject of a territory.

    >>> territory_subject("nord")
    'territory:nord'
    """
    return _TERRITORY + code


def category_subject(code: str) -> str:
    """Return the subject of a product category.

    >>> category_subject("gas")
    'category:gas'
    """
    return _CATEGORY + code


def team_subject(hierarchy: str, payee_id: str) -> str:
    """Return the subject of a payee and those below in a hierarchy.

    >>> team_subject("sales", "M1")
    'team:sales:M1'
    """
    return f"{_TEAM}{hierarchy}:{payee_id}"


def group_subject(population: str, value: str) -> str:
    """Return the subject of those of a population who have something in common.

    >>> group_subject("reps", "north")
    'group:reps:north'
    """
    return f"{_GROUP}{population}:{value}"


def is_group(subject: str) -> bool:
    """Say whether a cell is about a group of a population.

    >>> is_group("group:reps:north"), is_group("A1")
    (True, False)
    """
    return subject.startswith(_GROUP)


def parts_of_group(subject: str) -> tuple[str, str]:
    """Return the population of a group, and what its payees have in common.

    >>> parts_of_group("group:reps:north")
    ('reps', 'north')
    """
    population, _, value = subject.removeprefix(_GROUP).partition(":")
    return population, value


def is_payee(subject: str) -> bool:
    """Say whether a cell is about a payee and nobody else.

    >>> is_payee("A1"), is_payee("group:reps:north")
    (True, False)
    """
    return subject != PLAN and not subject.startswith((_TERRITORY, _CATEGORY, _TEAM, _GROUP))


def payee_of(subject: str) -> str | None:
    """Return the payee a subject is about, or None for a territory, a category or the plan.

    >>> payee_of("A1"), payee_of("team:sales:M1"), payee_of("territory:nord"), payee_of("plan")
    ('A1', 'M1', None, None)
    """
    if subject.startswith(_TEAM):
        return subject.split(":", 2)[2]
    return subject if is_payee(subject) else None
