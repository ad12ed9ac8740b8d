"""The one place where plans-api's ports meet their adapters."""

from fastapi import FastAPI

from plans_api.adapters.database.work import DatabaseWork
from plans_api.entrypoints.api.plans import reading, writing
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
from plans_api.settings import Settings
from premia_runtime.auth import KeySource
from premia_runtime.bus import Bus
from premia_runtime.clock import Clock
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
    "assignments.",
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
    relay = OutboxRelay(runtime.system_database, runtime.bus)
    return create_service_app(
        INFO,
        runtime=runtime,
        routers=[
            principals.router,
            payees.router,
            mandates.router,
            positions.router,
            places.territory_router,
            places.product_category_router,
            targets.router,
            assignments.router,
            reading.router,
            writing.router,
            dead_letter_router(None, service=INFO.name),
            operations_router(relay, service=INFO.name),
        ],
        problems=PROBLEMS,
        background={"relay": relay.run},
    )
