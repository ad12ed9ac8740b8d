from collections import Counter
from pathlib import Path

from invoicing.__main__ import openapi_document


def operations(service):
    for path, methods in service.app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_committed_document_is_the_one_the_code_makes():
    committed = Path(__file__).parents[2] / "openapi.json"

    assert committed.read_text(encoding="utf-8") == openapi_document(), (
        "run `python -m invoicing openapi` and commit the file"
    )


def test_every_operation_has_its_own_name_and_lists_its_errors(service):
    names = Counter(operation["operationId"] for _, _, operation in operations(service))

    assert max(names.values()) == 1
    for path, method, operation in operations(service):
        assert {"401", "403", "422"} <= set(operation["responses"]), (path, method)
        assert operation["summary"], (path, method)


def test_every_request_body_has_an_example(service):
    schemas = service.app.openapi()["components"]["schemas"]
    for path, _, operation in operations(service):
        body = operation.get("requestBody")
        if body:
            reference = body["content"]["application/json"]["schema"]["$ref"]
            assert schemas[reference.split("/")[-1]].get("examples"), path
