"""The committed API document is the one the code writes."""

import json
from pathlib import Path

from connectors.__main__ import openapi_document

COMMITTED = Path(__file__).parents[2] / "openapi.json"


def test_the_committed_document_is_what_the_code_writes() -> None:
    assert COMMITTED.read_text() == openapi_document(), "run `python -m connectors openapi`"


def test_every_operation_has_a_name_of_its_own_and_lists_its_errors() -> None:
    document = json.loads(openapi_document())
    operations = [operation for path in document["paths"].values() for operation in path.values()]

    names = [operation["operationId"] for operation in operations]

    assert len(set(names)) == len(names)
    for operation in operations:
        assert {"400", "500"} <= set(operation["responses"]), operation["operationId"]
