"""Explanations as the API shows them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from calc_engine.domain.explanation import Step


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

    statement_id: UUID
    revision: int
    line_id: UUID | None
    words: list[str]
    tree: StepOut
