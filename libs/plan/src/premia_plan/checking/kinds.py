"""Which kinds of thing may stand at a place, where a key of its own tells each."""

from collections.abc import Mapping

from jsonschema import ValidationError

from premia_plan.schema import plan_schema

_SCHEMA = plan_schema()
_INTO = ("properties", "additionalProperties", "items")


def kinds_at(error: ValidationError) -> tuple[str, ...]:
    """Return the keys of which one tells what stands at a place; empty where there is one kind.

    A mistake under the last of several kinds is mostly a mistake about the kind itself: whatever
    has none of the keys ends there.
    """
    keys: list[str] = []
    place: object = _SCHEMA
    for step in list(error.absolute_schema_path)[:-1]:
        place = _referred(place, step)
        if step in _INTO or step == "then":
            keys.clear()
        elif step == "else":
            keys.extend(_told_by(place))
        place = _below(place, step)
        if step == "$ref" and isinstance(place, str):
            place = _defined(place)
    if not keys:
        return ()
    return tuple(dict.fromkeys([*keys, *_first_required(place)]))


def _referred(place: object, step: str | int) -> object:
    """Return what a reference stands for where the path goes on without naming it."""
    reference = place.get("$ref") if isinstance(place, Mapping) else None
    return _defined(reference) if isinstance(reference, str) and step != "$ref" else place


def _told_by(place: object) -> list[str]:
    condition = place.get("if") if isinstance(place, Mapping) else None
    if not isinstance(condition, Mapping) or "properties" in condition:
        return []
    return [str(key) for key in condition.get("required", ())]


def _first_required(place: object) -> list[str]:
    required = place.get("required", ()) if isinstance(place, Mapping) else ()
    return [str(key) for key in required][:1]


def _below(place: object, step: str | int) -> object:
    if isinstance(place, Mapping):
        return place.get(step)
    if isinstance(place, list) and isinstance(step, int):
        return place[step]
    return None


def _defined(reference: str) -> object:
    place: object = _SCHEMA
    for step in reference.removeprefix("#/").split("/"):
        place = _below(place, step)
    return place
