"""The rendered manifests are valid Kubernetes, with no unknown field, in three minor versions."""

from typing import Any

import kubernetes_validate
import pytest


@pytest.mark.parametrize("version", ["1.35", "1.36", "1.37"])
def test_every_document_is_strictly_valid(documents: list[dict[str, Any]], version: str) -> None:
    for document in documents:
        kubernetes_validate.validate(document, version, strict=True)

    assert len(documents) > 30


def test_an_unknown_field_is_refused(documents: list[dict[str, Any]]) -> None:
    deployment = next(document for document in documents if document["kind"] == "Deployment")
    planted = {**deployment, "spec": {**deployment["spec"], "replica": 2}}

    with pytest.raises(kubernetes_validate.ValidationError, match="replica"):
        kubernetes_validate.validate(planted, "1.37", strict=True)


def test_no_two_documents_have_the_same_name(documents: list[dict[str, Any]]) -> None:
    names = [(document["kind"], document["metadata"]["name"]) for document in documents]

    assert len(names) == len(set(names))
