"""What of the catalogue a plan builds on: what it pins, declares, loads and names."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from plans_api.domain.catalogue.uses import KINDS, UsedKind, UsesNotResolvable, pins_of
from plans_api.domain.plan_document import check_document
from premia_plan.document import Content, PlanDocument
from premia_plan.language import Formula


def uses_in(
    document: PlanDocument, resolved: PlanDocument
) -> Mapping[UsedKind, Mapping[str, int | None]]:
    """Return the names that a document uses, each with its pinned version, None without a pin.

    Formulas count where the document has no error; what is pinned, declared or loaded always.
    """
    found: dict[UsedKind, dict[str, int | None]] = {kind: {} for kind in KINDS}
    for path in _named(resolved):
        found["variables"].setdefault(path, None)
    content = resolved.content
    for name, measure in _mapping(content.get("measures")).items():
        loaded = _mapping(measure).get("loaded")
        if loaded in ("kpi", "sla"):
            found["kpis" if loaded == "kpi" else "slas"].setdefault(name, None)
    for carrier, attributes in _mapping(content.get("attributes")).items():
        for name in _mapping(attributes):
            found["variables"].setdefault(f"{carrier}.{name}", None)
    model = _mapping(_mapping(content.get("settlement")).get("states")).get("model")
    if isinstance(model, str):
        found["state_models"].setdefault(model, None)
    try:
        for pin in pins_of(document):
            found[pin.kind][pin.name] = pin.version
    except UsesNotResolvable:
        pass
    return found


def _mapping(content: "Content | None") -> Mapping[str, Content]:
    return content if isinstance(content, dict) else {}


def _named(document: PlanDocument) -> Iterator[str]:
    plan = check_document(document).plan
    for formula in _formulas(plan):
        yield from formula.names


def _formulas(part: object) -> Iterator[Formula]:
    if isinstance(part, Formula):
        yield part
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from _formulas(value)
    elif isinstance(part, (tuple, list, frozenset)):
        for value in part:
            yield from _formulas(value)
    elif is_dataclass(part) and not isinstance(part, (type, PlanDocument)):
        for item in fields(part):
            yield from _formulas(getattr(part, item.name))
