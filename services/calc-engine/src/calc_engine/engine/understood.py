"""What of a typed plan this engine reads; anything else is refused, never passed over.

The language grows faster than the engine. A plan that uses a part, or a choice, that is not named
here is calculated by the reference engine, and the reasons say which part that is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass

from premia_plan.checked import (
    AtClose,
    CheckedPlan,
    CreditComponent,
    Recount,
)
from premia_plan.language import Formula

_NAMED = frozenset({"name", "path"})
READ: Mapping[str, frozenset[str]] = {
    "CheckedPlan": frozenset(
        {
            "document",
            "name",
            "title",
            "currency",
            "time_zone",
            "valid_from",
            "valid_to",
            "by",
            "covers",
            "participants",
            "acceptance_required",
            "order_attributes",
            "states",
            "tables",
            "credits",
            "measures",
            "targets",
            "attainments",
            "components",
            "release",
            "storno",
            "examples",
            "payee_attributes",
            "populations",
            "ranks",
            "pools",
        }
    ),
    "RateTable": _NAMED | {"gives", "keys", "dated_by", "missing", "rows"},
    "TableKey": frozenset({"name", "value", "match", "tree"}),
    "RateRow": frozenset({"index", "keys", "valid_from", "valid_to", "gives", "path"}),
    "DirectCredit": _NAMED | {"amount", "shares", "where", "divides", "sums_to_all", "cap"},
    "DealCap": frozenset({"limit", "path"}),
    "OverlayCredit": _NAMED | {"of", "share"},
    "Share": frozenset({"to", "ratio", "when", "path", "weight", "value"}),
    "RollupCredit": _NAMED | {"of", "hierarchy", "levels", "all_levels", "dated_by"},
    "SummedMeasure": _NAMED
    | {"sums", "of", "when", "dated_by", "reversed_order", "unit", "over", "function", "per"}
    | {"window", "empty"},
    "Window": frozenset({"kind", "months"}),
    "LoadedMeasure": _NAMED | {"unit", "over", "per", "missing", "provisional"},
    "FormulaMeasure": _NAMED | {"formula", "unit", "over", "per"},
    "Per": frozenset({"kind", "along"}),
    "TargetRule": _NAMED
    | {"unit", "over", "per", "by_days", "changed", "missing", "zero", "sources"},
    "AttainmentRule": _NAMED | {"of", "target", "target_zero"},
    "CreditComponent": _NAMED | {"of", "amount", "steps"},
    "CellComponent": _NAMED | {"amount", "steps", "spread", "over"},
    "Tiers": frozenset(
        {
            "mode",
            "looked_up_by",
            "attainment",
            "pays_on",
            "bands",
            "gives",
            "path",
            "looked_up",
            "base",
            "edge",
            "below_first",
            "above_last",
            "least",
            "most",
        }
    ),
    "Band": frozenset({"starts", "gives", "path", "mode", "pays", "table"}),
    "Population": _NAMED | {"who", "on", "same", "same_superior"},
    "Rank": _NAMED | {"of", "among", "over", "is_highest_first", "ties"},
    "RankPay": frozenset({"rank", "places", "path"}),
    "PoolShare": frozenset({"pool", "path"}),
    "Pool": _NAMED | {"amount", "over", "among", "weights", "both_ways", "steps"},
    "Place": frozenset({"first", "last", "pays"}),
    "Scorecard": frozenset({"objectives", "path"}),
    "Objective": _NAMED | {"amount"},
    "RoundStep": frozenset({"path", "to", "mode"}),
    "MultiplyStep": frozenset({"factor", "path"}),
    "GateStep": frozenset(
        {"condition", "otherwise", "path", "instead", "factor", "holds", "asked_first"}
    ),
    "CapStep": frozenset({"limit", "path"}),
    "LimitStep": frozenset({"kind", "limit", "path", "surplus"}),
    "ReleaseShare": frozenset({"ratio", "at", "state", "path", "instalments", "proviso"}),
    "Proviso": frozenset({"condition", "otherwise"}),
    "Later": frozenset({"number", "unit", "after", "day_of_month"}),
    "OnDay": frozenset({"day"}),
    "Instalments": frozenset({"count", "every"}),
    "AtState": frozenset({"state"}),
    "AtClose": frozenset(),
    "TakeBack": frozenset({"takes", "ratio", "out_of", "unreleased", "path"}),
    "TakesPart": frozenset({"ratio"}),
    "TakesBySteps": frozenset({"elapsed", "since", "steps"}),
    "TakesInProportion": frozenset({"elapsed", "since", "term", "each_year"}),
    "Recount": frozenset({"path"}),
    "Storno": frozenset({"when", "days", "after", "void_when", "effect", "if_void", "path"}),
}
"""The parts of a typed plan, and which of their fields this engine reads."""

CHOICES: Mapping[tuple[str, str], frozenset[str | bool]] = {
    ("TableKey", "match"): frozenset({"tree", "exact", "band"}),
    ("RateTable", "missing"): frozenset({"exception", "zero"}),
    ("DirectCredit", "divides"): frozenset({"base", "each"}),
    ("Share", "to"): frozenset({"order.seller", "order.partner"}),
    ("SummedMeasure", "reversed_order"): frozenset({"leaves", "stays"}),
    ("TargetRule", "changed"): frozenset({"last accepted"}),
    ("LoadedMeasure", "provisional"): frozenset({"counts"}),
    ("GateStep", "holds"): frozenset({False}),
    ("LimitStep", "surplus"): frozenset({"lost"}),
    ("TakeBack", "out_of"): frozenset({"released"}),
    ("TakeBack", "unreleased"): frozenset({"dropped"}),
}
"""The choices within those fields that this engine knows."""

OUTSIDE = frozenset(
    {"document", "examples", "title", "states", "parameters", "beside", "uses", "payment"}
)


def not_understood(plan: CheckedPlan) -> tuple[str, ...]:
    """Return what of a plan this engine does not read, each once, in the plan's order."""
    return tuple(dict.fromkeys((*_of(plan), *_taken_back_otherwise(plan))))


def _taken_back_otherwise(plan: CheckedPlan) -> Iterator[str]:
    """Give what a storno does that was never lowered, although its parts were one by one."""
    storno = plan.storno
    if storno is None:
        return
    if storno.void_when is not None and storno.void_when.states:
        yield "void_when that asks for states"
    for name, effect in storno.effect.items():
        if not isinstance(effect, Recount):
            continue
        if isinstance(plan.components[name], CreditComponent):
            yield f"recount of {name}, which pays on credits"
        elif any(share.at != AtClose() for share in plan.release[name]):
            yield f"recount of {name}, which is not released wholly at its close"


def _of(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        for item in part.values():
            yield from _of(item)
    elif isinstance(part, tuple):
        for item in part:
            yield from _of(item)
    elif isinstance(part, Formula):
        for name in part.names:
            if name.startswith("position.") or name == "payee.share_in_plan":
                yield f"the name {name}"
    elif is_dataclass(part) and not isinstance(part, type):
        yield from _of_part(part)


def _of_part(part: object) -> Iterator[str]:
    name = type(part).__name__
    if name not in READ:
        # Units and the like are values, not parts of the language.
        if type(part).__module__.startswith("premia_plan.checked"):
            yield f"the part {name}"
        return
    for item in fields(part):  # type: ignore[arg-type]  # it is a dataclass, as its caller asked
        value = getattr(part, item.name)
        if item.name in OUTSIDE:
            continue
        if item.name not in READ[name]:
            if not _is_default(value, item.default, item.default_factory):
                yield f"{item.name} of {name}"
            continue
        known = CHOICES.get((name, item.name))
        if known is not None and value not in known:
            yield f"{item.name} {value} of {name}"
        yield from _of(value)


def _is_default(value: object, default: object, factory: object) -> bool:
    if default is not MISSING:
        return value == default
    return callable(factory) and bool(value == factory())
