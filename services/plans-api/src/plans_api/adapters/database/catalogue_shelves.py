"""The catalogue's kinds of record: their tables, their JSON, and the way back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Table

from plans_api.adapters.database import tables
from plans_api.adapters.database.versioned_records import Shelf
from plans_api.domain.catalogue.indicator import Indicator
from plans_api.domain.catalogue.state_model import RawStatus, StateModel
from plans_api.domain.catalogue.variable import Variable


def _indicators(kind: str, head: Table, versions: Table) -> Shelf[Indicator]:
    return Shelf(
        kind=kind,
        head=head,
        versions=versions,
        key=lambda indicator: {"name": indicator.name},
        body=lambda indicator: {"body": asdict(indicator)},
        content=lambda row: Indicator(**row["body"]),
    )


def _state_model(stored: Mapping[str, Any]) -> StateModel:
    return StateModel(
        name=stored["name"],
        of=stored["of"],
        label_it=stored["label_it"],
        label_en=stored["label_en"],
        states=tuple(stored["states"]),
        implies={state: tuple(names) for state, names in stored["implies"].items()},
        moves={state: tuple(names) for state, names in stored["moves"].items()},
        statuses=tuple(RawStatus(**item) for item in stored["statuses"]),
    )


VARIABLES: Shelf[Variable] = Shelf(
    kind="variable",
    head=tables.variable,
    versions=tables.variable_version,
    key=lambda variable: {"carrier": variable.carrier, "name": variable.name},
    body=lambda variable: {"body": asdict(variable)},
    content=lambda row: Variable(**row["body"]),
)
KPIS = _indicators("kpi", tables.kpi, tables.kpi_version)
SLAS = _indicators("sla", tables.sla, tables.sla_version)
STATE_MODELS: Shelf[StateModel] = Shelf(
    kind="state model",
    head=tables.state_model,
    versions=tables.state_model_version,
    key=lambda model: {"name": model.name},
    body=lambda model: {"body": asdict(model)},
    content=lambda row: _state_model(row["body"]),
)
