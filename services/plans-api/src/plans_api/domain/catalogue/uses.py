"""The `uses` section of a plan: things of the catalogue, pinned by version and written out."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from plans_api.domain.catalogue.indicator import Indicator
from plans_api.domain.catalogue.state_model import StateModel
from plans_api.domain.catalogue.variable import Variable
from premia_plan.document import Content, PlanDocument
from premia_plan.finding import Finding, InItalian, pointer

UsedKind: TypeAlias = Literal["variables", "kpis", "slas", "state_models"]
Used: TypeAlias = Variable | Indicator | StateModel
KINDS: tuple[UsedKind, ...] = get_args(UsedKind)
_SECTION = "uses"


@dataclass(frozen=True, slots=True, order=True)
class Pin:
    """One thing of the catalogue in one version."""

    kind: UsedKind
    name: str
    version: int

    @property
    def path(self) -> str:
        """Where a plan writes it."""
        return pointer(_SECTION, self.kind, self.name)


Catalogue: TypeAlias = Mapping[Pin, Used]
"""What pins mean; a pin that is not in it means nothing."""


class UsesNotResolvable(ValueError):
    """Raised when a plan pins what is not there, or writes out what it also pins."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(str(finding) for finding in findings))


def pins_of(document: PlanDocument) -> tuple[Pin, ...]:
    """Return what a document pins.

    Raises:
        UsesNotResolvable: if the section cannot be read.
    """
    section = document.content.get(_SECTION)
    if section is None:
        return ()
    found: list[Pin] = []
    findings: list[Finding] = []
    for item in _entries(document, section):
        if isinstance(item, Finding):
            findings.append(item)
        else:
            found.append(item)
    if findings:
        raise UsesNotResolvable(findings)
    return tuple(found)


def resolve_uses(document: PlanDocument, catalogue: Catalogue) -> PlanDocument:
    """Return a document that says all itself: what it pins is written out beside the pins.

    Raises:
        UsesNotResolvable: if a pin means nothing, or the plan defines the same itself.
    """
    pins = pins_of(document)
    if _SECTION not in document.content:
        return document
    content: dict[str, Content] = deepcopy(dict(document.content))
    findings = []
    for pin in pins:
        used = catalogue.get(pin)
        if used is None:
            findings.append(_not_there(document, pin))
            continue
        problem = _write_out(content, pin, used)
        if problem is not None:
            findings.append(_finding(document, pin.path, *problem))
    if findings:
        raise UsesNotResolvable(findings)
    return PlanDocument(content, document.places)


def _entries(document: PlanDocument, section: Content) -> Iterator[Pin | Finding]:
    shape = "Write uses: {kpis: {name: version}, slas: …, state_models: …, variables: …}"
    if not isinstance(section, dict):
        yield _finding(document, pointer(_SECTION), "it is no mapping", shape)
        return
    for kind, pinned in section.items():
        if kind not in KINDS or not isinstance(pinned, dict):
            yield _finding(document, pointer(_SECTION, kind), f"{kind!r} is no kind of it", shape)
            continue
        for name, version in pinned.items():
            if not isinstance(version, str) or not version.isdecimal() or len(version) > 9:
                where = pointer(_SECTION, kind, name)
                yield _finding(document, where, "the version is no number", "Write it like 3")
            else:
                yield Pin(kind, name, int(version))


_WORDS: Mapping[UsedKind, tuple[str, str]] = {
    "variables": ("variable", "la variabile"),
    "kpis": ("KPI", "il KPI"),
    "slas": ("SLA", "lo SLA"),
    "state_models": ("state model", "il modello di stati"),
}


def _not_there(document: PlanDocument, pin: Pin) -> Finding:
    word, parola = _WORDS[pin.kind]
    found = _finding(
        document,
        pin.path,
        f"the catalogue has no {word} {pin.name} in version {pin.version}",
        f"Read /v1/{pin.kind.replace('_', '-')}: it lists names and versions",
    )
    return replace(
        found,
        in_italian=InItalian(
            f"il catalogo non ha {parola} {pin.name} nella versione {pin.version}",
            f"Leggere /v1/{pin.kind.replace('_', '-')}: elenca nomi e versioni",
        ),
    )


def _finding(document: PlanDocument, path: str, message: str, hint: str) -> Finding:
    line, column = document.place_of(path) or (None, None)
    return Finding("error", "uses.unknown", path, line, column, message, hint)


def _write_out(content: dict[str, Content], pin: Pin, used: Used) -> tuple[str, str] | None:
    """Put one thing into a document; return what is wrong if the document has it already."""
    if isinstance(used, StateModel):
        return _write_states(content, used)
    if isinstance(used, Variable):
        place, name, value = ("attributes", used.carrier), used.name, used.declaration
        return _put(content, place, name, value)
    measure = used.measure("sla" if pin.kind == "slas" else "kpi")
    return _put(content, ("measures",), used.name, measure)


def _put(
    content: dict[str, Content], place: Sequence[str], name: str, value: Content
) -> tuple[str, str] | None:
    section: dict[str, Content] = content
    for step in place:
        inner = section.setdefault(step, {})
        if not isinstance(inner, dict):
            return f"{step} is no mapping", f"Write {step} as names with values"
        section = inner
    if name in section and section[name] != value:
        return f"the plan defines {name} itself, otherwise", "Take one of the two out"
    section[name] = value
    return None


def _write_states(content: dict[str, Content], model: StateModel) -> tuple[str, str] | None:
    settlement = content.setdefault("settlement", {})
    if not isinstance(settlement, dict):
        return "settlement is no mapping", "Write settlement as names with values"
    states = settlement.setdefault("states", {"model": model.name, "of": model.of})
    if not isinstance(states, dict) or states.get("model") != model.name:
        return "the plan settles by another state model", f"Write states: {{model: {model.name}}}"
    states["names"] = list(model.states)
    for word, pairs in (("implies", model.implies), ("moves", model.moves)):
        if pairs:
            states[word] = {state: list(others) for state, others in pairs.items()}
    return None
