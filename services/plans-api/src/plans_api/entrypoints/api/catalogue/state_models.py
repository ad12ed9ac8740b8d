"""State models over HTTP."""

from typing import Annotated, Literal, Self

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from plans_api.application.kinds.catalogue import StateModels
from plans_api.domain.catalogue.state_model import RawStatus, StateModel
from plans_api.domain.record import Record
from plans_api.entrypoints.api.batches import Batch
from plans_api.entrypoints.api.catalogue.used_by import Entry, add_use_routes
from plans_api.entrypoints.api.fields import Body, Code, LabelIn, Name, Word
from plans_api.entrypoints.api.records.completing import as_written
from plans_api.entrypoints.api.records.record_router import (
    Matching,
    RecordOut,
    Shape,
    record_router,
)
from premia_common.contracts.fields import Label

EXAMPLE: JsonDict = {
    "name": "energy_order",
    "of": "order",
    "label": {"it": "Ordine energia", "en": "Energy order"},
    "states": ["signed", "accepted", "activated", "cancelled"],
    "implies": {"activated": ["accepted"]},
    "moves": {"signed": ["accepted", "cancelled"], "accepted": ["activated", "cancelled"]},
    "statuses": [{"source": "salesforce", "status": "Activated", "state": "activated"}],
}
Fact = Literal["order", "line", "activity", "bill", "payment", "credit note"]


class RawStatusIn(Body):
    """A status as a source writes it, and the state that it means."""

    source: Code
    status: Name
    state: Word


class StateModelIn(Body):
    """The states of a kind of fact, and which raw statuses mean them."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    name: Word
    of: Fact = "order"
    label: LabelIn
    states: list[Word] = Field(min_length=1, max_length=100)
    implies: dict[Word, list[Word]] = Field(
        default_factory=dict, description="Earlier states that a later one proves."
    )
    moves: dict[Word, list[Word]] = Field(
        default_factory=dict,
        description="States that may follow; a state left out may move anywhere.",
    )
    statuses: list[RawStatusIn] = Field(default_factory=list, max_length=1000)

    @model_validator(mode="after")
    def _usable(self) -> Self:
        self.content()
        return self

    def content(self) -> StateModel:
        """Return the content."""
        return StateModel(
            name=self.name,
            of=self.of,
            label_it=self.label.it,
            label_en=self.label.en,
            states=tuple(self.states),
            implies={state: tuple(names) for state, names in self.implies.items()},
            moves={state: tuple(names) for state, names in self.moves.items()},
            statuses=tuple(
                RawStatus(item.source, item.status, item.state) for item in self.statuses
            ),
        )


class StateModelBatchIn(Batch[StateModelIn]):
    """State models to create."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE]}]})


class RawStatusOut(BaseModel):
    """A status as a source writes it, and the state that it means."""

    source: str
    status: str = Field(examples=["Activated"])
    state: str


class StateModelOut(RecordOut):
    """A state model."""

    name: str
    of: str
    label: Label
    states: list[str]
    implies: dict[str, list[str]]
    moves: dict[str, list[str]]
    statuses: list[RawStatusOut]


class StateModelPageOut(BaseModel):
    """A page of state models."""

    items: list[StateModelOut]
    next_cursor: str | None


def _write(record: Record[StateModel]) -> StateModelOut:
    model = record.content
    return StateModelOut(
        id=record.id,
        version=record.version,
        made_by=record.made_by,
        made_at=record.made_at,
        name=model.name,
        of=model.of,
        label=Label(it=model.label_it, en=model.label_en),
        states=list(model.states),
        implies={state: list(names) for state, names in model.implies.items()},
        moves={state: list(names) for state, names in model.moves.items()},
        statuses=[
            RawStatusOut(source=item.source, status=item.status, state=item.state)
            for item in model.statuses
        ],
    )


def _filters(name: Annotated[Word | None, Query()] = None) -> Matching:
    return {"name": name}


SHAPE: Shape[StateModel, StateModelIn] = Shape(
    kind=StateModels(),
    path="/v1/state-models",
    one="state_model",
    many="state_models",
    body=StateModelIn,
    batch=StateModelBatchIn,
    answer=StateModelOut,
    page=StateModelPageOut,
    write=_write,
    complete=as_written,
    filters=_filters,
)
router = record_router(SHAPE)
add_use_routes(
    router,
    Entry(SHAPE, "state_models", name=lambda model: model.name, used=lambda body: body.content()),
)
