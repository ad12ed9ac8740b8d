"""The four API documents keep one style; each rule finds a planted lapse."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

Document = dict[str, Any]

ROOT = Path(__file__).parents[2]
SERVICES = ("plans-api", "calc-engine", "connectors", "invoicing")
METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM = "application/problem+json"
EVERYWHERE = {"400", "401", "403", "422", "500", "503"}


def _document(service: str) -> Document:
    document: Document = json.loads((ROOT / "services" / service / "openapi.json").read_text())
    return document


def _operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _resolved(document: Document, schema: Document) -> Document:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def _bodies(operation: Document) -> Iterator[tuple[str, str, Document]]:
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield "request", kind, content
    for status, response in operation["responses"].items():
        for kind, content in response.get("content", {}).items():
            yield status, kind, content


def _examples(document: Document, content: Document) -> list[Any]:
    if "examples" in content:
        return [example["value"] for example in content["examples"].values()]
    if "example" in content:
        return [content["example"]]
    schema = _resolved(document, content.get("schema", {}))
    return list(schema.get("examples", []))


def _validator(document: Document, schema: Document) -> Draft202012Validator:
    whole = {**schema, "components": document["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def _example_lapses(document: Document, operation: Document) -> Iterator[str]:
    for where, kind, content in _bodies(operation):
        if kind not in {"application/json", PROBLEM, "application/cloudevents+json"}:
            continue
        examples = _examples(document, content)
        if not examples:
            yield f"{where} has no example"
        for example in examples:
            for error in _validator(document, content["schema"]).iter_errors(example):
                yield f"{where}: example does not fit: {error.message[:200]}"


def _error_lapses(path: str, operation: Document) -> Iterator[str]:
    headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
    expected = set(EVERYWHERE)
    if "{" in path:
        expected.add("404")
    if "If-Match" in headers:
        expected |= {"412", "428"}
    if "Idempotency-Key" in headers:
        expected.add("409")
    missing = expected - set(operation["responses"])
    if missing:
        yield f"does not list {', '.join(sorted(missing))}"
    for status, response in operation["responses"].items():
        if status >= "400" and set(response.get("content", {})) != {PROBLEM}:
            yield f"{status} is not problem+json"


def _money_lapses(document: Document, operation: Document) -> Iterator[str]:
    seen: set[str] = set()

    def walk(schema: Any) -> Iterator[str]:
        if isinstance(schema, list):
            for part in schema:
                yield from walk(part)
        if not isinstance(schema, dict):
            return
        if "$ref" in schema:
            if schema["$ref"] not in seen:
                seen.add(schema["$ref"])
                yield from walk(_resolved(document, schema))
            return
        if schema.get("type") == "number":
            yield f"a binary number: {schema.get('title', 'unnamed')}"
        for name, part in schema.items():
            if name not in {"examples", "example", "default", "const", "enum"}:
                yield from walk(part)

    for _, _, content in _bodies(operation):
        yield from walk(content.get("schema", {}))


def _request_lapses(document: Document, operation: Document) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return
    schema = _resolved(document, content["schema"])
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        yield "request ignores unknown fields"


def _page_lapses(document: Document, operation: Document) -> Iterator[str]:
    names = {one["name"] for one in operation.get("parameters", [])}
    content = operation["responses"].get("200", {}).get("content", {}).get("application/json")
    if "cursor" not in names or content is None:
        return
    schema = _resolved(document, content["schema"])
    if not {"items", "next_cursor"} <= set(schema.get("required", [])):
        yield "a list is not {items, next_cursor}"


def _dangling(document: Document) -> list[str]:
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    return [
        f"refers to {name}, which is not there"
        for name in sorted(named - set(document["components"]["schemas"]))
    ]


def _lapses(document: Document) -> list[str]:
    found = _dangling(document)
    if found:
        return found
    for path, method, operation in _operations(document):
        lapses = list(_money_lapses(document, operation))
        lapses += _request_lapses(document, operation)
        lapses += _page_lapses(document, operation)
        if not operation.get("summary"):
            lapses.append("has no summary")
        if re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", operation.get("operationId", "")) is None:
            lapses.append("operation id is not verb_noun")
        if not path.startswith("/odata/"):
            lapses += _example_lapses(document, operation)
            lapses += _error_lapses(path, operation)
        found += [f"{method.upper()} {path}: {lapse}" for lapse in lapses]
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_keeps_the_style(service: str) -> None:
    assert _lapses(_document(service)) == []


def test_operation_ids_are_unique_over_all_services() -> None:
    counted = Counter(
        operation["operationId"]
        for service in SERVICES
        for _, _, operation in _operations(_document(service))
    )

    assert [name for name, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_asks_for_a_token(service: str) -> None:
    document = _document(service)
    by_address = {"receive_outbound_message", "get_outbound_message_wsdl"}

    open_operations = {
        operation["operationId"]
        for _, _, operation in _operations(document)
        if not operation.get("security") and not document.get("security")
    }

    assert open_operations <= by_address


def _operation(document: Document) -> Document:
    """The first operation of a document that takes a JSON body and answers with one."""
    for _, _, operation in _operations(document):
        if "application/json" in operation.get("requestBody", {}).get("content", {}):
            return operation
    raise AssertionError("no operation takes a body")


def _forget_summary(document: Document) -> None:
    del _operation(document)["summary"]


def _name_it_badly(document: Document) -> None:
    _operation(document)["operationId"] = "createThing"


def _forget_an_error(document: Document) -> None:
    del _operation(document)["responses"]["401"]


def _answer_plain_json(document: Document) -> None:
    response = _operation(document)["responses"]["422"]
    response["content"] = {"application/json": response["content"][PROBLEM]}


def _break_the_example(document: Document) -> None:
    content = _operation(document)["requestBody"]["content"]["application/json"]
    content["example"] = "no such thing"


def _use_a_float(document: Document) -> None:
    content = _operation(document)["requestBody"]["content"]["application/json"]
    content["schema"] = {"type": "object", "properties": {"amount": {"type": "number"}}}


def _refer_to_nothing(document: Document) -> None:
    content = _operation(document)["requestBody"]["content"]["application/json"]
    content["schema"] = {"$ref": "#/components/schemas/NoSuchThing"}


def _ignore_unknown_fields(document: Document) -> None:
    content = _operation(document)["requestBody"]["content"]["application/json"]
    content["schema"] = {"type": "object", "additionalProperties": True}


@pytest.mark.parametrize(
    ("plant", "lapse"),
    [
        (_forget_summary, "has no summary"),
        (_name_it_badly, "operation id is not verb_noun"),
        (_forget_an_error, "does not list 401"),
        (_answer_plain_json, "422 is not problem+json"),
        (_break_the_example, "example does not fit"),
        (_use_a_float, "a binary number"),
        (_refer_to_nothing, "refers to NoSuchThing"),
        (_ignore_unknown_fields, "request ignores unknown fields"),
    ],
)
def test_a_planted_lapse_is_found(plant: Callable[[Document], None], lapse: str) -> None:
    document = deepcopy(_document("plans-api"))

    plant(document)

    assert any(lapse in found for found in _lapses(document))
