import json
from pathlib import Path

from jsonschema import Draft202012Validator

from plans_api.__main__ import openapi

COMMITTED = Path(__file__).parents[2] / "openapi.json"


def test_the_committed_document_is_what_the_code_says() -> None:
    assert COMMITTED.read_text() == openapi(), "write it anew: python -m plans_api openapi"


def test_every_body_has_an_example_that_fits_its_schema() -> None:
    document = json.loads(openapi())
    bodies = [
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        for path in document["paths"].values()
        for operation in path.values()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]

    assert len(bodies) > 20
    for reference in bodies:
        schema = document["components"]["schemas"][reference.rsplit("/", 1)[1]]
        whole = {"components": document["components"], **schema}
        for example in schema["examples"]:
            Draft202012Validator(whole).validate(example)


def test_operations_have_names_of_their_own() -> None:
    document = json.loads(openapi())
    names = [
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    ]

    assert len(names) == len(set(names))
