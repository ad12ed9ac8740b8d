"""The one place where plans-api's ports meet their adapters."""

from fastapi import FastAPI

from plans_api.adapters.database.work import DatabaseWork
from plans_api.adapters.sheets.comma_separated import CommaSeparatedSheets
from plans_api.adapters.sheets.excel import ExcelSheets
from plans_api.entrypoints.api.catalogue import indicators, sightings, state_models, variables
from plans_api.entrypoints.api.language import routes as language
from plans_api.entrypoints.api.library import routes as library
from plans_api.entrypoints.api.plans import differences, enrolment, reading, sheets, writing
from plans_api.entrypoints.api.problems import PROBLEMS
from plans_api.entrypoints.api.records import (
    assignments,
    mandates,
    payees,
    places,
    positions,
    principals,
    targets,
)
from plans_api.entrypoints.consumer import CONSUMER, REACTIONS
from plans_api.settings import Settings
from premia_runtime.auth import KeySource
from premia_runtime.bus import Bus
from premia_runtime.clock import Clock
from premia_runtime.consumer import Consumer
from premia_runtime.dead_letters import dead_letter_router
from premia_runtime.ids import Ids
from premia_runtime.operations import operations_router
from premia_runtime.relay import OutboxRelay
from premia_runtime.web import ServiceInfo
from premia_runtime.web import create_app as create_service_app
from premia_runtime.wiring import open_runtime

INFO = ServiceInfo(
    name="plans-api",
    title="Premia plans",
    description="Plans and their published versions, and everybody and everything they speak of: "
    "principals, mandates, payees, positions, territories, product categories, targets and "
    "assignments; and the catalogue they build on: variables, KPIs, SLAs, state models.",
)


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    bus: Bus | None = None,
    keys: KeySource | None = None,
) -> FastAPI:
    """Return the application, on the real adapters or on those given instead."""
    runtime = open_runtime(
        settings, DatabaseWork, name=INFO.name, clock=clock, ids=ids, bus=bus, keys=keys
    )
    consumer = Consumer(
        CONSUMER,
        bus=runtime.bus,
        open_work=runtime.open_work,
        store=runtime.store,
        reactions=REACTIONS,
        clock=runtime.clock,
        ids=runtime.ids,
    )
    relay = OutboxRelay(runtime.system_database, runtime.bus)
    app = create_service_app(
        INFO,
        runtime=runtime,
        routers=[
            # Before the routers whose {id} would take its fixed paths for one.
            enrolment.router,
            principals.router,
            payees.router,
            mandates.router,
            positions.router,
            places.territory_router,
            places.product_category_router,
            targets.router,
            assignments.router,
            variables.router,
            indicators.kpi_router,
            indicators.sla_router,
            state_models.router,
            sightings.router,
            language.router,
            library.router,
            reading.router,
            writing.router,
            sheets.router,
            differences.router,
            dead_letter_router(consumer, service=INFO.name),
            operations_router(relay, service=INFO.name),
        ],
        problems=PROBLEMS,
        background={"relay": relay.run, "consumer": consumer.run},
    )
    app.state.sheets = {"csv": CommaSeparatedSheets(), "xlsx": ExcelSheets()}
    return app
