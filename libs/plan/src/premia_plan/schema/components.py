"""The components section."""

from premia_plan.schema.measures import PERIODS
from premia_plan.schema.shapes import (
    NAME,
    QUANTITY,
    RATE,
    Schema,
    by_key,
    by_start,
    by_words,
    list_of,
    mapping,
    object_of,
    one_of,
    shared,
    text,
)
from premia_plan.schema.tiers import named_tiers

CELLS = tuple(f"payee and {period}" for period in PERIODS)
OTHERS = ("team along", "territory", "category", "plan")
_WHOSE = r"^(team along [a-z][a-z0-9_]*|territory|category|plan) and "
_OVER = rf" and ({'|'.join(PERIODS)})$"
_CREDIT = r"^credit of [a-z][a-z0-9_]*$"
_SUBJECT = r"payee|team along [a-z][a-z0-9_]*|territory|category|plan"
PER = rf"^(({_SUBJECT}) and ({'|'.join(PERIODS)})|{_CREDIT[1:-1]})$"
"""How all that a component can be for is written; the shapes below tell it apart."""
_AMONG = r"^(the team|[a-z][a-z0-9_]*)$"
_LANDS = r"^(the measured month|the month after|[1-9]\d? months after)$"
_WEIGHT = rf"^({RATE[1:-1]}|.+)$"
_SPREAD = r"^(by credit\.amount|equally|none|by .+)$"


def _component() -> Schema:
    per_credit = object_of(
        {
            "per": text(_CREDIT),
            "amount": text(),
            "steps": list_of(shared("step")),
        },
        {"when": text()},
    )
    others: Schema = {"allOf": [text(_WHOSE), text(_OVER)]}
    of_others = by_start("per", OTHERS, _of_cells(others), per_credit)
    return by_words("per", CELLS, _of_cells(one_of(*CELLS)), of_others)


def _of_cells(per: Schema) -> Schema:
    """Return the shape of a component on a subject's period, by what its amount comes from."""
    cell: dict[str, Schema] = {
        "per": per,
        "steps": list_of(shared("step")),
        "lands_in": text(_LANDS),
    }
    head: Schema = {"const": "the head of the team"}
    given = object_of({"among": text(_AMONG), "weights": text()})
    more: dict[str, Schema] = {
        "when": text(),
        "given_to": {"if": {"type": "string"}, "then": head, "else": given},
        "spread": text(_SPREAD),
        "spread_of": text(NAME),
        "true_up": one_of("quarter", "year"),
        "scaled_to": text(NAME),
        "leftover": shared("leftover"),
    }
    rank = object_of({"rank": text(NAME), "places": list_of(_place())})
    amounts: dict[str, Schema] = {
        "tiers": named_tiers(),
        "curve": shared("curve"),
        "scorecard": _scorecard(),
        "rank_pay": rank,
        "pool": text(NAME),
    }
    shape = object_of({**cell, "amount": text()}, more)
    for key, given in reversed(amounts.items()):
        shape = by_key(key, object_of({**cell, key: given}, more), shape)
    return shape


def _place() -> Schema:
    return object_of({"places": text(r"^([1-9]\d*|[1-9]\d* to [1-9]\d*)$"), "pays": text()})


def _curve() -> Schema:
    """Return the shape of a curve: points, and what lies before the first and after the last."""
    point = object_of({"at": text(QUANTITY), "gives": text(QUANTITY)})
    return object_of(
        {"looked_up_by": text(), "points": list_of(point, 2)},
        {
            "pays_on": text(),
            "below": one_of("nothing", "as the first point"),
            "above": one_of("as the last point", "in the last slope"),
        },
    )


def _scorecard() -> Schema:
    named: dict[str, Schema] = {"name": text(NAME), "weight": text(_WEIGHT)}
    level = object_of({"from": text(QUANTITY), "gives": text(RATE)})
    levels = object_of({"looked_up_by": text(), "levels": list_of(level)})
    objective = by_key(
        "score",
        object_of({**named, "score": text()}),
        by_key(
            "curve",
            object_of({**named, "curve": shared("curve")}),
            object_of({**named, "levels": levels}),
        ),
    )
    return object_of({"pays_on": text(), "objectives": list_of(objective)})


def components() -> Schema:
    """Return the shape of the components by name."""
    return mapping(_component(), NAME, least=1)


DEFINITIONS: dict[str, Schema] = {"curve": _curve()}
