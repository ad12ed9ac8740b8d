"""The pages in docs/ that are written from the contracts: events, and one for each service."""

import ast
import importlib
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from premia_common.contracts.envelope import Event, FactEvent
from premia_common.contracts.registry import EVENTS

SERVICES = {
    "plans-api": "plans_api",
    "calc-engine": "calc_engine",
    "connectors": "connectors",
    "invoicing": "invoicing",
}

EVENTS_INTRODUCTION = """\
# Events

<!-- Written by `make schemas` from the contracts: change the code, not this page. -->

One JetStream stream, `PREMIA`; the subject of a message is the type of its event. A message is a
CloudEvent 1.0 in structured JSON. A *fact* is stored whatever the order of arrival. A *snapshot*
carries a version, and an older one is recorded but not applied. A *notice* only says where
something lies. Fields are only ever added, and optional; anything else is a new type, `v2`
beside `v1`.

| event | publisher | readers | nature | what it says |
|---|---|---|---|---|"""

Schema = Mapping[str, Any]


def events_page(schemas: Mapping[str, Schema]) -> str:
    """Return the page about every event, given the JSON Schema of each."""
    return "\n".join(_events_lines(schemas)) + "\n"


def _events_lines(schemas: Mapping[str, Schema]) -> Iterator[str]:
    yield EVENTS_INTRODUCTION
    readers = {service: set(events_read(service)) for service in SERVICES}
    for name, event in EVENTS.items():
        reading = ", ".join(service for service in SERVICES if event in readers[service])
        yield (
            f"| [`{name}`](#{name.replace('.', '')}) | {event.publisher} "
            f"| {reading or 'nobody yet'} | {event.nature} | {_first_line(event)} |"
        )
    for name, schema in schemas.items():
        yield from ("", f"## `{name}`", "", _first_line(EVENTS[name]), "")
        yield from ("| field | type | required |", "|---|---|---|")
        for field, kind in schema["properties"].items():
            required = "yes" if field in schema["required"] else "no"
            yield f"| `{field}` | {_type_words(kind)} | {required} |"
        if issubclass(EVENTS[name], FactEvent):
            yield from ("", "calc-engine keeps it as a fact.")


def _type_words(field: Schema) -> str:
    if "$ref" in field:
        words = str(field["$ref"]).rsplit("/", 1)[-1]
    elif "anyOf" in field:
        words = " or ".join(_type_words(option) for option in field["anyOf"])
    elif "const" in field or "enum" in field:
        words = ", ".join(f'"{value}"' for value in field.get("enum", [field.get("const")]))
    elif field.get("type") == "array":
        words = f"list of {_type_words(field['items'])}"
    elif isinstance(field.get("additionalProperties"), dict):
        words = f"map of {_type_words(field['additionalProperties'])}"
    else:
        words = str(field.get("type", "any"))
    return f"{words} ({field['format']})" if "format" in field else words


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").splitlines()[0]


def events_read(service: str) -> Iterator[type[Event]]:
    """Yield the events that a service reads: those of others that its consumer's module imports.

    One that imports `FactEvent` reads every fact.
    """
    package = importlib.import_module(f"{SERVICES[service]}.entrypoints")
    (folder,) = package.__path__
    path = Path(folder) / "consumer.py"
    if not path.is_file():
        return
    imported = {
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for event in EVENTS.values():
        any_fact = "FactEvent" in imported and issubclass(event, FactEvent)
        if event.publisher != service and (any_fact or event.__name__ in imported):
            yield event


def service_page(service: str, document: Schema) -> str:
    """Return the page about a service, given its API document."""
    return "\n".join(_service_lines(service, document)) + "\n"


def _service_lines(service: str, document: Schema) -> Iterator[str]:
    readme = f"../../services/{service}/README.md"
    yield f"# {service}"
    yield ""
    yield "<!-- Written by `make openapi`: change the code, not this page. -->"
    yield ""
    yield str(document["info"]["description"]).strip()
    yield ""
    yield f"What it owns, its events and how to run it alone: its [README]({readme})."
    yield f"The whole API: [openapi.json](../../services/{service}/openapi.json), and `/docs` of a"
    yield "running service."
    yield from ("", "## Operations", "", "| operation | what it does |", "|---|---|")
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"| `{method.upper()} {path}` | {operation.get('summary', '')} |"
    yield from ("", "## Settings", "", "| variable | default | meaning |", "|---|---|---|")
    settings = importlib.import_module(f"{SERVICES[service]}.settings").Settings
    meanings = _meanings(settings)
    for name, field in settings.model_fields.items():
        default = "required" if field.is_required() else f"`{field.default}`"
        yield f"| `PREMIA_{name.upper()}` | {default} | {meanings.get(name, '')} |"


def _meanings(settings: type[BaseModel]) -> dict[str, str]:
    """Return the docstring below each field, of the class and of those it extends."""
    found: dict[str, str] = {}
    for kind in reversed(settings.__mro__):
        if not issubclass(kind, BaseModel) or kind is BaseModel:
            continue
        (definition,) = ast.parse(inspect.getsource(kind)).body
        if not isinstance(definition, ast.ClassDef):
            continue
        for field, told in zip(definition.body, definition.body[1:], strict=False):
            if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
                continue
            if isinstance(told, ast.Expr) and isinstance(told.value, ast.Constant):
                found[field.target.id] = inspect.cleandoc(str(told.value.value)).replace("\n", " ")
    return found
