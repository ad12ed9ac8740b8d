"""Write the committed contracts from the code, or compare them with it.

`contracts.py` writes all of them; `contracts.py schemas` the JSON Schemas of the events and the
page about them, `contracts.py plan` the JSON Schema of a plan document, `contracts.py openapi` the
API document of each service and its page.  With
`--check` nothing is written: files that differ are named and the exit status is 1.
"""

import argparse
import importlib
import inspect
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from contract_pages import SERVICES, events_page, service_page

from premia_common.contracts.envelope import ENVELOPE_FIELDS, Event
from premia_common.contracts.registry import EVENTS
from premia_plan.schema import published_schema

ROOT = Path(__file__).parents[1]
SCHEMAS = Path("libs/common/src/premia_common/contracts/schemas")
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
    """Yield the JSON Schema of each event type, and the page about them."""
    schemas = {name: data_schema(event) for name, event in EVENTS.items()}
    for name, schema in schemas.items():
        yield SCHEMAS / f"{name}.json", json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    yield Path("docs/events.md"), events_page(schemas)


def openapi_files() -> Files:
    """Yield each service's API document, as the service itself writes it, and its page."""
    for service, module in SERVICES.items():
        program = importlib.import_module(f"{module}.__main__")
        write = getattr(program, "openapi_document", None) or program.openapi
        document: str = write()
        yield Path("services") / service / "openapi.json", document
        yield Path(f"docs/services/{service}.md"), service_page(service, json.loads(document))


def plan_files() -> Files:
    """Yield the JSON Schema of a plan document, with what editors show beside its keys."""
    text = json.dumps(published_schema(), indent=2, ensure_ascii=False) + "\n"
    yield Path("libs/plan/src/premia_plan/plan.schema.json"), text


WRITERS: dict[str, Callable[[], Files]] = {
    "schemas": schema_files,
    "plan": plan_files,
    "openapi": openapi_files,
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
