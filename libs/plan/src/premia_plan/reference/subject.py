"""Whom a cell is about: a payee, a territory, a category, a team, or the whole plan.

A subject is a text: a payee's id, `territory:<code>`, `category:<code>`,
`team:<hierarchy>:<payee>` (the payee and those below) or `plan`.
"""

from typing import Final

PLAN: Final = "plan"
_TERRITORY, _CATEGORY, _TEAM = "territory:", "category:", "team:"


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


def payee_of(subject: str) -> str | None:
    """Return the payee a subject is about, or None for a territory, a category or the plan.

    >>> payee_of("A1"), payee_of("team:sales:M1"), payee_of("territory:nord"), payee_of("plan")
    ('A1', 'M1', None, None)
    """
    if subject.startswith(_TEAM):
        return subject.split(":", 2)[2]
    return None if subject == PLAN or subject.startswith((_TERRITORY, _CATEGORY)) else subject
