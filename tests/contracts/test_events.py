"""Events keep their promises: committed schemas, published messages, one publisher each."""

import json
import re
from collections import defaultdict
from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson
import pytest
from cloudevents.core.formats.json import JSONFormat
from jsonschema import Draft202012Validator, FormatChecker

from premia_common.contracts.envelope import Envelope, FactEvent
from premia_common.contracts.registry import EVENTS

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "libs/common/src/premia_common/contracts/schemas"
PUBLISHED = sorted((Path(__file__).parent / "published").glob("*.json"))
SERVICES = {"plans-api", "calc-engine", "connectors", "invoicing"}


def _validator(event_type: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{event_type}.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


@pytest.fixture(params=PUBLISHED, ids=[path.stem for path in PUBLISHED])
def message(request: pytest.FixtureRequest) -> bytes:
    """A message as it was once published."""
    content: bytes = request.param.read_bytes()
    return content


def test_every_event_has_a_schema_and_a_published_message() -> None:
    assert {path.stem for path in SCHEMAS.glob("*.json")} == set(EVENTS)
    assert {path.stem.split("@")[0] for path in PUBLISHED} == set(EVENTS)


def test_a_published_message_still_fits_its_schema(message: bytes) -> None:
    envelope = Envelope.read(message)

    errors = [error.message for error in _validator(envelope.type).iter_errors(envelope.data)]

    assert errors == []


def test_a_published_message_is_still_read(message: bytes) -> None:
    envelope = Envelope.read(message)

    event = EVENTS[envelope.type].read(envelope)

    assert event.subject == envelope.subject
    assert envelope.source == f"/premia/{event.publisher}"
    if isinstance(event, FactEvent):
        assert all((event.fact_key.kind, event.fact_key.key, event.fact_key.version))


def test_reading_and_writing_a_message_loses_nothing(message: bytes) -> None:
    envelope = Envelope.read(message)

    again = Envelope.wrap(
        EVENTS[envelope.type].read(envelope), traceparent=envelope.traceparent
    ).model_copy(update={"sequence": envelope.sequence, "typesequence": envelope.typesequence})

    assert orjson.loads(again.to_bytes()) == orjson.loads(message)


def test_a_message_is_a_cloud_event_for_others_too(message: bytes) -> None:
    event = JSONFormat().read(None, message)

    envelope = Envelope.read(message)
    assert event.get_specversion() == "1.0"
    assert event.get_id() == str(envelope.id)
    assert event.get_type() == envelope.type
    assert event.get_subject() == envelope.subject
    assert event.get_time() == envelope.time
    assert event.get_extension("tenantid") == str(envelope.tenantid)
    assert event.get_data() == envelope.data


def test_a_field_that_a_newer_publisher_adds_is_ignored(message: bytes) -> None:
    newer = orjson.loads(message)
    newer["data"]["added_later"] = {"any": "thing"}

    envelope = Envelope.read(orjson.dumps(newer))

    assert EVENTS[envelope.type].read(envelope) == EVENTS[envelope.type].read(
        Envelope.read(message)
    )
    assert list(_validator(envelope.type).iter_errors(envelope.data)) == []


def test_a_missing_required_field_is_found(message: bytes) -> None:
    envelope = Envelope.read(message)
    validator = _validator(envelope.type)
    assert isinstance(validator.schema, dict)
    for name in validator.schema["required"]:
        data = deepcopy(envelope.data or {})
        del data[name]

        assert [error.validator for error in validator.iter_errors(data)] == ["required"]


def test_an_aggregate_has_exactly_one_publisher() -> None:
    publishers = defaultdict(set)
    for name, event in EVENTS.items():
        _, aggregate, _, version = name.split(".")
        publishers[aggregate].add(event.publisher)
        assert version == "v1"
        assert event.publisher in SERVICES

    assert {name: found for name, found in publishers.items() if len(found) != 1} == {}


def test_money_in_a_schema_is_never_a_number() -> None:
    numbers = [
        (path.stem, name)
        for path in SCHEMAS.glob("*.json")
        for name, field in _fields(json.loads(path.read_text()))
        if field.get("type") == "number"
    ]

    assert numbers == []


def _fields(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    parts = [schema, *schema.get("$defs", {}).values()]
    return [item for part in parts for item in part.get("properties", {}).items()]


def test_the_page_names_the_readers_that_the_services_have() -> None:
    page = (ROOT / "docs/events.md").read_text()
    rows = dict(
        re.findall(r"^\| \[`(premia\.[^`]+)`\][^|]*\| [a-z-]+ \| ([^|]+) \|", page, re.MULTILINE)
    )

    assert set(rows) == set(EVENTS)
    assert rows["premia.order.recorded.v1"] == "calc-engine"
    assert rows["premia.payee.changed.v1"] == "calc-engine, invoicing"
    assert rows["premia.statement.approved.v1"] == "invoicing"
    assert rows["premia.tax_items.calculated.v1"] == "calc-engine"
    assert rows["premia.invoice.approved.v1"] == "connectors"
    assert rows["premia.sap_document.posted.v1"] == "invoicing"
