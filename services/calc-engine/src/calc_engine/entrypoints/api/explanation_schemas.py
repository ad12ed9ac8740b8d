"""Explanations as the API shows them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from calc_engine.domain.explanation import Step

_STEP: dict[str, Any] = {
    "id": "5a6b7c8d-9e0f-8a1b-8c2d-3e4f5a6b7c8d",
    "kind": "brought_forward",
    "label": {
        "it": "-454.50 riportati da estratti conto precedenti",
        "en": "-454.50 brought forward from earlier statements",
    },
    "value": "-454.50",
    "unit": "money",
    "operation": "given",
    "detail": {},
    "source": {
        "kind": "ledger",
        "id": "1b2c3d4e-5f6a-8b7c-8d9e-0f1a2b3c4d5e",
        "message_id": None,
        "part": None,
        "sha256": None,
        "label": "account carried",
        "url": None,
    },
    "repeated": False,
    "children_left_out": 0,
    "children": [],
}


class SourceOut(BaseModel):
    """Where a leaf ends."""

    kind: str
    id: str
    message_id: str | None
    part: str | None
    sha256: str | None
    label: str
    url: str | None


class StepOut(BaseModel):
    """One node of an explanation.

    A node that comes again is shown once with its children; `repeated` marks the others.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_STEP]})

    id: UUID
    kind: str
    label: dict[str, str]
    value: str
    unit: str
    operation: str
    detail: dict[str, Any]
    source: SourceOut | None
    repeated: bool
    children_left_out: int
    children: list["StepOut"]

    @classmethod
    def of(cls, step: Step) -> "StepOut":
        """Show a step and those below it."""
        source = step.source
        return cls.model_construct(
            id=step.node.node_id,
            kind=step.node.kind,
            label={"it": step.labels["it"], "en": step.labels["en"]},
            value=step.node.value,
            unit=step.node.unit,
            operation=step.node.operation,
            detail=_plain(step.node.detail),
            source=SourceOut(
                kind=source.kind,
                id=source.id,
                message_id=source.id if source.kind == "message" else None,
                part=source.part,
                sha256=source.sha256,
                label=source.label,
                url=source.url,
            )
            if source
            else None,
            repeated=step.repeated,
            children_left_out=step.children_left_out,
            children=[cls.of(child) for child in step.children],
        )


def _plain(detail: Mapping[str, Any]) -> dict[str, Any]:
    return dict(detail)


class ExplanationOut(BaseModel):
    """An amount as a tree, and in words where they were asked for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "statement_id": "0d0f9f4e-5b6a-8c3d-9e2f-1a2b3c4d5e6f",
                    "revision": 1,
                    "line_id": "7c1d2e3f-4a5b-8c6d-8e7f-9a0b1c2d3e4f",
                    "words": ["-454.50 brought forward from earlier statements"],
                    "tree": _STEP,
                }
            ]
        }
    )

    statement_id: UUID
    revision: int
    line_id: UUID | None
    words: list[str]
    tree: StepOut
