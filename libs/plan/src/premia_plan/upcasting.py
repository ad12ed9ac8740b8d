"""Older forms of a plan document read as the newest: what was published is read for ever.

Three forms are older. A plan's limits stood under `limits` and are `steps` of the plan now; a
limit of a whole pool was written over the payee's period, `over: payee and month`, which is
`over: pool` now; and leftover cents by the largest fraction were said to go by id then. The
document as written keeps its identity: its hash is of what was published.
"""

from collections.abc import Mapping

from premia_plan.apportion import LARGEST_FRACTION
from premia_plan.document import Content, Places, PlanDocument

OLD, NEW = "/limits", "/steps"
_BY_FRACTION = ("largest fraction then id", "largest fraction then payee id")


def upcast(document: PlanDocument) -> PlanDocument:
    """Return a document in the newest form; its parts are found at the places as written.

    What is no older form stays as it is, also what is wrong in it.
    """
    content: dict[str, Content] = dict(document.content)
    places = document.places
    if _has_limits(content):
        content = {
            NEW[1:] if key == OLD[1:] else key: _steps(value) if key == OLD[1:] else value
            for key, value in content.items()
        }
        places = _moved(places)
    pools = content.get("pools")
    if isinstance(pools, dict):
        content["pools"] = {name: _pool(pool) for name, pool in pools.items()}
    content = {key: _leftovers(value) for key, value in content.items()}
    return document if content == document.content else PlanDocument(content, places)


def path_as_written(path: str, document: PlanDocument) -> str:
    """Return where a part of the newest form stands in the document as written.

    >>> path_as_written("/steps/0/cap", PlanDocument({"limits": []}))
    '/limits/0/cap'
    >>> path_as_written("/steps/0/cap", PlanDocument({"steps": []}))
    '/steps/0/cap'
    """
    if _has_limits(document.content) and (path == NEW or path.startswith(f"{NEW}/")):
        return OLD + path.removeprefix(NEW)
    return path


def _has_limits(content: Mapping[str, Content]) -> bool:
    return isinstance(content.get("limits"), list) and "steps" not in content


def _moved(places: Places) -> Places:
    """Return the places with those of the limits under the paths of the steps too."""
    under = {path: place for path, place in places.items() if path.startswith(f"{OLD}/")}
    steps = {NEW + path.removeprefix(OLD): place for path, place in under.items()}
    whole = {NEW: places[OLD]} if OLD in places else {}
    return {**places, **whole, **steps}


def _steps(limits: Content) -> Content:
    return [_step(limit) for limit in limits] if isinstance(limits, list) else limits


def _step(limit: Content) -> Content:
    """Return a limit with what left out meant: over the plan's whole life it was by amount."""
    if isinstance(limit, dict) and limit.get("over") == "plan" and "pushed_back" not in limit:
        return {**limit, "pushed_back": "by amount"}
    return limit


def _leftovers(content: Content) -> Content:
    """Return a part with who takes leftover cents in the newest words."""
    if isinstance(content, list):
        return [_leftovers(item) for item in content]
    if not isinstance(content, dict):
        return content
    return {
        key: LARGEST_FRACTION if key == "leftover" and value in _BY_FRACTION else _leftovers(value)
        for key, value in content.items()
    }


def _pool(pool: Content) -> Content:
    steps = pool.get("steps") if isinstance(pool, dict) else None
    if not isinstance(pool, dict) or not isinstance(steps, list):
        return pool
    whole = f"payee and {pool.get('over')}"
    return {**pool, "steps": [_over_pool(step, whole) for step in steps]}


def _over_pool(step: Content, whole: str) -> Content:
    if isinstance(step, dict) and step.get("over") == whole:
        return {**step, "over": "pool"}
    return step
