"""The `uses` section of a plan: things of the catalogue, pinned by version and written out."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from plans_api.domain.catalogue.indicator import Indicator
from plans_api.domain.catalogue.state_model import StateModel
from plans_api.domain.catalogue.variable import Variable
from premia_plan.document import Content, PlanDocument
from premia_plan.finding import Finding, pointer
from premia_plan.language import Words

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
    shape = Words(
        "Write uses: {kpis: {name: version}, slas: …, state_models: …, variables: …}",
        "Scrivi uses: {kpis: {nome: versione}, slas: …, state_models: …, variables: …}",
    )
    if not isinstance(section, dict):
        message = Words("it is no mapping", "non è una mappa")
        yield _finding(document, pointer(_SECTION), message, shape)
        return
    for kind, pinned in section.items():
        if kind not in KINDS or not isinstance(pinned, dict):
            message = Words(f"{kind!r} is no kind of it", f"{kind!r} non è tra i tipi ammessi")
            yield _finding(document, pointer(_SECTION, kind), message, shape)
            continue
        for name, version in pinned.items():
            if not isinstance(version, str) or not version.isdecimal() or len(version) > 9:
                where = pointer(_SECTION, kind, name)
                message = Words("the version is no number", "la versione non è un numero")
                hint = Words("Write it like 3", "Scrivila come 3")
                yield _finding(document, where, message, hint)
            else:
                yield Pin(kind, name, int(version))


_WORDS: Mapping[UsedKind, Words] = {
    "variables": Words("variable", "la variabile"),
    "kpis": Words("KPI", "il KPI"),
    "slas": Words("SLA", "lo SLA"),
    "state_models": Words("state model", "il modello di stati"),
}


def _not_there(document: PlanDocument, pin: Pin) -> Finding:
    kind = _WORDS[pin.kind]
    return _finding(
        document,
        pin.path,
        Words(
            f"the catalogue has no {kind.en} {pin.name} in version {pin.version}",
            f"il catalogo non ha {kind.it} {pin.name} nella versione {pin.version}",
        ),
        Words(
            f"Read /v1/{pin.kind.replace('_', '-')}: it lists names and versions",
            f"Leggi /v1/{pin.kind.replace('_', '-')}: elenca nomi e versioni",
        ),
    )


def _finding(document: PlanDocument, path: str, message: Words, hint: Words) -> Finding:
    place = document.place_of(path)
    return Finding.said("error", "uses.unknown", path, message, hint, place=place)


def _write_out(content: dict[str, Content], pin: Pin, used: Used) -> tuple[Words, Words] | None:
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
) -> tuple[Words, Words] | None:
    section: dict[str, Content] = content
    for step in place:
        inner = section.setdefault(step, {})
        if not isinstance(inner, dict):
            return _no_mapping(step)
        section = inner
    if name in section and section[name] != value:
        return (
            Words(
                f"the plan defines {name} itself, otherwise",
                f"il piano definisce {name} da sé, in altro modo",
            ),
            Words("Take one of the two out", "Togli uno dei due"),
        )
    section[name] = value
    return None


def _no_mapping(section: str) -> tuple[Words, Words]:
    return (
        Words(f"{section} is no mapping", f"{section} non è una mappa"),
        Words(f"Write {section} as names with values", f"Scrivi {section} come nomi con valori"),
    )


def _write_states(content: dict[str, Content], model: StateModel) -> tuple[Words, Words] | None:
    settlement = content.setdefault("settlement", {})
    if not isinstance(settlement, dict):
        return _no_mapping("settlement")
    states = settlement.setdefault("states", {"model": model.name, "of": model.of})
    if not isinstance(states, dict) or states.get("model") != model.name:
        return (
            Words(
                "the plan settles by another state model", "il piano usa un altro modello di stati"
            ),
            Words(
                f"Write states: {{model: {model.name}}}", f"Scrivi states: {{model: {model.name}}}"
            ),
        )
    states["names"] = list(model.states)
    for word, pairs in (("implies", model.implies), ("moves", model.moves)):
        if pairs:
            states[word] = {state: list(others) for state, others in pairs.items()}
    return None
