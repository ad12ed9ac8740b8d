"""Where the service's ports meet their adapters."""

from fastapi import FastAPI

from connectors.adapters.csv_rows import CsvRows
from connectors.adapters.database.due_tasks import DueTasks
from connectors.adapters.database.unit_of_work import DatabaseWork
from connectors.adapters.parquet_file import ParquetBatchFiles
from connectors.adapters.records import read_records
from connectors.adapters.salesforce.soap import read_outbound_message
from connectors.adapters.salesforce.wsdl import write_wsdl
from connectors.entrypoints.api import (
    billing,
    files,
    messages,
    orders,
    quarantine,
    salesforce_json,
    salesforce_outbound,
    sap_alarms,
    sources,
)
from connectors.entrypoints.api.problems import PROBLEMS
from connectors.entrypoints.consumer import CONSUMER, REACTIONS
from connectors.entrypoints.doors import Doors
from connectors.entrypoints.odata import feed
from connectors.entrypoints.task_runner import TaskRunner
from connectors.settings import Settings
from premia_runtime.consumer import Consumer
from premia_runtime.dead_letters import dead_letter_router
from premia_runtime.operations import operations_router
from premia_runtime.relay import OutboxRelay
from premia_runtime.runtime import Runtime
from premia_runtime.web import ServiceInfo, create_app
from premia_runtime.wiring import open_runtime

INFO = ServiceInfo(
    name="connectors",
    title="Premia connectors",
    description=(
        "Takes in what Salesforce, billing systems and files say, keeps it as received, and "
        "publishes it as facts; hands approved invoices to SAP."
    ),
    tags=(
        {"name": "salesforce", "description": "Orders that Salesforce pushes."},
        {"name": "billing", "description": "Billing events and measurements."},
        {"name": "files", "description": "Files of many rows."},
        {"name": "sources", "description": "Sources, mappings, watermarks."},
        {"name": "orders", "description": "Orders as told."},
        {"name": "messages", "description": "Messages as received."},
        {"name": "quarantine", "description": "Records that could not be read."},
        {"name": "sap", "description": "The invoice feed, OData V2."},
        {"name": "operations", "description": "Events that could not be worked on."},
    ),
    large_bodies={"/v1/sources/": files.LARGEST_FILE},
)


def build_app(settings: Settings, *, runtime: Runtime[DatabaseWork] | None = None) -> FastAPI:
    """Return the application on the real adapters, or on a runtime made for a test."""
    ports = runtime or open_runtime(settings, DatabaseWork, name="connectors")
    doors = Doors(
        read_outbound_message=read_outbound_message,
        write_wsdl=write_wsdl,
        read_records=read_records,
        rows=CsvRows(ports.store),
        open_batch_file=ParquetBatchFiles(ports.store),
        list_due=DueTasks(ports.system_database),
    )
    runner = TaskRunner(ports, doors)
    consumer = Consumer(
        CONSUMER,
        bus=ports.bus,
        open_work=ports.open_work,
        store=ports.store,
        reactions=REACTIONS,
        clock=ports.clock,
        ids=ports.ids,
    )
    relay = OutboxRelay(ports.system_database, ports.bus)
    app = create_app(
        INFO,
        runtime=ports,
        routers=[
            salesforce_outbound.router,
            salesforce_json.router,
            billing.router,
            files.router,
            sources.router,
            messages.router,
            orders.router,
            quarantine.router,
            sap_alarms.router,
            feed.router,
            dead_letter_router(consumer, service="connectors"),
            operations_router(relay, service="connectors"),
        ],
        problems=PROBLEMS,
        background={
            "relay": relay.run,
            "consumer": consumer.run,
            "tasks": runner.run,
        },
    )
    app.state.doors = doors
    app.state.task_runner = runner
    return app
