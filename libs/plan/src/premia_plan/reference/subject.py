"""Whom a cell is about: a payee, a territory, a category, a team, or the whole plan.

A subject is a text: a payee's id, `territory:<code>`, `category:<code>`,
`team:<hierarchy>:<payee>` (the payee and those below), `group:<population>:<value>` or `plan`.
"""

from typing import Final

from premia_plan.checked import Per
from premia_plan.language import Words

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


def is_of(subject: str, per: Per) -> bool:
    """Say whether a cell is about a subject of a kind; a team also along the same hierarchy.

    >>> is_of("territory:nord", Per("territory")), is_of("team:sales:M1", Per("team", "service"))
    (True, False)
    """
    match per.kind:
        case "payee":
            return is_payee(subject)
        case "team":
            return subject.startswith(team_subject(per.along or "", ""))
        case "plan":
            return subject == PLAN
        case kind:
            return subject.startswith(f"{kind}:")


def code_of(subject: str) -> str:
    """Return the code of a territory or a category; "" for any other subject.

    >>> code_of("territory:nord"), code_of("A1")
    ('nord', '')
    """
    for start in (_TERRITORY, _CATEGORY):
        if subject.startswith(start):
            return subject.removeprefix(start)
    return ""


def told(subject: str) -> Words:
    """Return what people call a subject.

    >>> told("territory:nord").en, told("team:sales:M1").it
    ('the territory nord', 'la squadra di M1 in sales')
    """
    code = code_of(subject)
    if subject == PLAN:
        return Words("the whole plan", "tutto il piano")
    if subject.startswith(_TEAM):
        along, head = subject.split(":", 2)[1:]
        return Words(f"the team of {head} along {along}", f"la squadra di {head} in {along}")
    if subject.startswith(_TERRITORY):
        return Words(f"the territory {code}", f"il territorio {code}")
    if subject.startswith(_CATEGORY):
        return Words(f"the category {code}", f"la categoria {code}")
    return Words(subject, subject)


def payee_of(subject: str) -> str | None:
    """Return the payee a subject is about, or None for a territory, a category or the plan.

    >>> payee_of("A1"), payee_of("team:sales:M1"), payee_of("territory:nord"), payee_of("plan")
    ('A1', 'M1', None, None)
    """
    if subject.startswith(_TEAM):
        return subject.split(":", 2)[2]
    return subject if is_payee(subject) else None
