"""Write the committed contracts from the code, or compare them with it.

`contracts.py` writes all of them; `contracts.py schemas` the JSON Schemas of the events,
`contracts.py events` the page about them, `contracts.py openapi` the API document of each
service.  With `--check` nothing is written: files that differ are named and the exit status is 1.
"""

import argparse
import importlib
import inspect
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from premia_common.contracts.envelope import ENVELOPE_FIELDS, Event, FactEvent
from premia_common.contracts.registry import EVENTS

ROOT = Path(__file__).parents[1]
SCHEMAS = Path("libs/common/src/premia_common/contracts/schemas")
EVENTS_PAGE = Path("docs/events.md")
SERVICES = {
    "plans-api": "plans_api",
    "calc-engine": "calc_engine",
    "connectors": "connectors",
    "invoicing": "invoicing",
}

INTRODUCTION = """\
<!-- Written by `make schemas` from premia_common.contracts: change the code, not this page. -->

One JetStream stream, `PREMIA`; the subject of a message is the type of its event. A message is a
CloudEvent 1.0 in structured JSON. A *fact* is stored whatever the order of arrival. A *snapshot*
carries a version, and an older one is recorded but not applied. A *notice* only says where
something lies. Fields are only ever added, and optional; anything else is a new type, `v2`
beside `v1`."""

Files = Iterator[tuple[Path, str]]


def data_schema(event: type[Event]) -> dict[str, Any]:
    """Return the JSON Schema of an event's `data`; the envelope's attributes are not in it."""
    schema = event.model_json_schema(mode="validation")
    properties = {
        name: value for name, value in schema["properties"].items() if name not in ENVELOPE_FIELDS
    }
    required = [name for name in schema.get("required", []) if name not in ENVELOPE_FIELDS]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://premia.dev/events/{event.type}.json",
        "title": event.__name__,
        "description": inspect.getdoc(event),
        "x-publisher": event.publisher,
        "x-nature": event.nature,
        "type": "object",
        "properties": properties,
        "required": required,
        **({"$defs": schema["$defs"]} if "$defs" in schema else {}),
    }


def schema_files() -> Files:
    """Yield the file of each event type and its JSON Schema."""
    for name, event in EVENTS.items():
        yield SCHEMAS / f"{name}.json", _json(data_schema(event))


def openapi_files() -> Files:
    """Yield each service's API document."""
    for service, module in SERVICES.items():
        main = importlib.import_module(f"{module}.main")
        yield Path("services") / service / "openapi.json", _json(main.openapi_document())


def events_page() -> Files:
    """Yield the page that tells people what travels on the topic."""
    yield EVENTS_PAGE, "\n".join(_events_page_lines()) + "\n"


def _events_page_lines() -> Iterator[str]:
    yield "# Events"
    yield ""
    yield INTRODUCTION
    yield ""
    yield "| event | publisher | readers | nature | what it says |"
    yield "|---|---|---|---|---|"
    for name, event in EVENTS.items():
        readers = ", ".join(readers_of(event)) or "nobody yet"
        yield (
            f"| [`{name}`](#{_anchor(name)}) | {event.publisher} | {readers} | {event.nature} "
            f"| {_first_line(event)} |"
        )
    for event in EVENTS.values():
        yield from _event_lines(event)


def _event_lines(event: type[Event]) -> Iterator[str]:
    schema = data_schema(event)
    yield ""
    yield f"## `{event.type}`"
    yield ""
    yield _first_line(event)
    yield ""
    yield "| field | type | required |"
    yield "|---|---|---|"
    for name, field in schema["properties"].items():
        required = "yes" if name in schema["required"] else "no"
        yield f"| `{name}` | {_type_words(field)} | {required} |"
    if issubclass(event, FactEvent):
        yield ""
        yield "calc-engine keeps it as a fact."


def _type_words(field: dict[str, Any]) -> str:
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


def _anchor(name: str) -> str:
    return name.replace(".", "")


def _first_line(event: type[Event]) -> str:
    return (inspect.getdoc(event) or "").splitlines()[0]


def readers_of(event: type[Event]) -> list[str]:
    """Return the services whose consumer reacts to an event."""
    return [
        service
        for service, module in SERVICES.items()
        if event in importlib.import_module(f"{module}.entrypoints.consumer").EVENTS_READ
    ]


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


WRITERS: dict[str, Callable[[], Files]] = {
    "schemas": schema_files,
    "openapi": openapi_files,
    "events": events_page,
}


def differing(root: Path, kinds: Iterable[str]) -> Files:
    """Yield the files under `root` whose content is not what the code says."""
    for kind in kinds:
        for name, content in WRITERS[kind]():
            path = root / name
            if not path.is_file() or path.read_text(encoding="utf-8") != content:
                yield path, content


def main(arguments: list[str]) -> int:
    """Write or compare; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", help=f"of {', '.join(WRITERS)}; default: all of them")
    parser.add_argument("--check", action="store_true", help="compare only")
    parser.add_argument("--root", type=Path, default=ROOT, help="default: this repository")
    options = parser.parse_args(arguments)
    unknown = set(options.kinds) - set(WRITERS)
    if unknown:
        parser.error(f"no such contracts: {', '.join(sorted(unknown))}")
    found = list(differing(options.root, options.kinds or WRITERS))
    for path, content in found:
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        verb = "differs from the code" if options.check else "written"
        sys.stdout.write(f"{path.relative_to(options.root)}: {verb}\n")
    return 1 if found and options.check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
