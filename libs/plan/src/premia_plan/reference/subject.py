"""Whom a cell is about: a payee, a territory, a team, or the whole plan.

A subject is a text: a payee's id, `territory:<code>`, `team:<hierarchy>:<payee>` or `plan`.
"""

from typing import Final

PLAN: Final = "plan"
_TERRITORY, _TEAM = "territory:", "team:"


def territory_subject(code: str) -> str:
    """Return the subject of a territory.

    >>> territory_subject("nord")
    'territory:nord'
    """
    return _TERRITORY + code


def team_subject(hierarchy: str, payee_id: str) -> str:
    """Return the subject of those below a payee in a hierarchy.

    >>> team_subject("sales", "M1")
    'team:sales:M1'
    """
    return f"{_TEAM}{hierarchy}:{payee_id}"


def payee_of(subject: str) -> str | None:
    """Return the payee a subject is about, or None for a territory or the plan.

    >>> payee_of("A1"), payee_of("team:sales:M1"), payee_of("territory:nord"), payee_of("plan")
    ('A1', 'M1', None, None)
    """
    if subject.startswith(_TEAM):
        return subject.split(":", 2)[2]
    return None if subject == PLAN or subject.startswith(_TERRITORY) else subject
