"""The settlement section: states and release."""

from premia_plan.quantities import NUMBER_PATTERN
from premia_plan.schema.credits import FACTS
from premia_plan.schema.shapes import (
    NAME,
    Schema,
    by_key,
    list_of,
    mapping,
    object_of,
    one_of,
    shared,
    text,
)
from premia_plan.schema.storno import DEFINITIONS as STORNO
from premia_plan.schema.storno import storno

_DAY_OF_MONTH = text(r"^([1-9]|[12]\d|3[01]|last)$")


def _moment() -> Schema:
    """Return the shape of a moment: a word, a day after one, or a day that a formula gives."""
    later = by_key(
        "days",
        object_of({"days": text(), "after": text()}),
        object_of({"months": text(), "after": text()}, {"day": _DAY_OF_MONTH}),
    )
    facts = [kind for kind in FACTS if kind != "order"]
    by_fact = object_of({"each": one_of(*facts), "part": text()}, {"due": text()})
    written = by_key("date", object_of({"date": text()}), by_key("each", by_fact, later))
    return {"if": {"type": "string"}, "then": text(), "else": written}


def _share() -> Schema:
    return object_of(
        {"share": text(rf"^({NUMBER_PATTERN} ?%|\d+/\d+|rest)$"), "at": _moment()},
        {
            "instalments": object_of(
                {"count": text(r"^[1-9]\d{0,2}$"), "every": one_of("month", "quarter", "year")}
            ),
            "while": text(),
            "otherwise": one_of("dropped", "held"),
        },
    )


DEFINITIONS: dict[str, Schema] = {"release_share": _share(), **STORNO}


def settlement() -> Schema:
    """Return the shape of states, release and storno."""
    release: Schema = {
        "if": {"type": "array"},
        "then": list_of(shared("release_share")),
        "else": object_of({"like": text()}),
    }
    moves = mapping(list_of(text(NAME)), NAME)
    more: dict[str, Schema] = {
        "implies": moves,
        "moves": moves,
        "unmapped": one_of("ignored", "exception"),
    }
    one_model = object_of(
        {"model": text(NAME), "of": one_of("order")}, {"names": list_of(text(NAME)), **more}
    )
    model = object_of({"of": one_of(*FACTS), "states": list_of(text(NAME))}, more)
    states = by_key("models", object_of({"models": mapping(model, NAME, least=1)}), one_model)
    return object_of({"states": states, "release": mapping(release)}, {"storno": storno()})
