"""Bulk forms: up to 500 items, a result for each, one transaction for all."""

from collections.abc import Sequence
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError, ValidatorFunctionWrapHandler
from pydantic.functional_validators import WrapValidator

from plans_api.application.record_content import Recorded
from plans_api.domain.record import Content
from plans_api.entrypoints.api.fields import Body
from plans_api.entrypoints.api.problems import problem_of
from premia_runtime.correlation import current_trace
from premia_runtime.problems import BASE, ProblemDetail, ProblemOut, standard_problem

T = TypeVar("T", bound=BaseModel)
C = TypeVar("C", bound=Content)
LARGEST_BATCH = 500


class ItemUnreadable(Exception):
    """Raised in place of a batch item that does not fit its schema; the others go through."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{item['pointer']}: {item['message']}" for item in errors[:3]))


def _or_unreadable(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return handler(value)
    except ValidationError as error:
        return ItemUnreadable(
            [
                {
                    "pointer": "/" + "/".join(str(part) for part in item["loc"]),
                    "message": item["msg"].removeprefix("Value error, "),
                }
                for item in error.errors(include_url=False, include_context=False)
            ]
        )


class Batch(Body, Generic[T]):
    """Items of one kind."""

    items: Annotated[
        list[Annotated[T, WrapValidator(_or_unreadable)]],
        Field(min_length=1, max_length=LARGEST_BATCH),
    ]

    def asked(self) -> list[T | ItemUnreadable]:
        """Return the items; where one could not be read, why."""
        return list(self.items)


class BatchItemOut(BaseModel):
    """What became of one item."""

    index: int = Field(description="Place of the item in the request, from 0.")
    outcome: Literal["created", "unchanged", "refused"]
    id: UUID | None
    version: int | None
    problem: ProblemOut | None


class BatchOut(BaseModel):
    """What became of each item, in the order of the request."""

    created: int
    unchanged: int
    refused: int
    items: list[BatchItemOut]

    @classmethod
    def of(cls, results: Sequence[Recorded[C] | Exception]) -> "BatchOut":
        """Write the results of a batch."""
        items = [_item(index, result) for index, result in enumerate(results)]
        outcomes = [item.outcome for item in items]
        return cls(
            created=outcomes.count("created"),
            unchanged=outcomes.count("unchanged"),
            refused=outcomes.count("refused"),
            items=items,
        )


def _item(index: int, result: Recorded[C] | Exception) -> BatchItemOut:
    if isinstance(result, Exception):
        problem = _problem(index, result)
        return BatchItemOut(index=index, outcome="refused", id=None, version=None, problem=problem)
    record = result.record
    return BatchItemOut(
        index=index, outcome=result.outcome, id=record.id, version=record.version, problem=None
    )


def _problem(index: int, error: Exception) -> ProblemOut:
    kind = standard_problem(422) if isinstance(error, ItemUnreadable) else problem_of(error)
    trace = current_trace.get()
    details = error.errors if isinstance(error, ItemUnreadable) else []
    return ProblemOut(
        type=BASE + kind.slug,
        title=kind.title,
        status=kind.status,
        code=kind.slug,
        detail=str(error),
        instance=f"/items/{index}",
        trace_id=str(trace.correlation_id) if trace else None,
        errors=[
            ProblemDetail(pointer=f"/items/{index}{item['pointer']}", message=item["message"])
            for item in details
        ],
    )
