"""Puts invoicing together: the one place where its ports meet their adapters."""

import asyncio
from uuid import UUID

from fastapi import FastAPI

from invoicing.adapters.database.unfinished import unfinished_documents
from invoicing.adapters.database.unit_of_work import DatabaseWork
from invoicing.adapters.document_renderer import TypstRenderer
from invoicing.adapters.regime_files import load_default_posting_rules, load_regimes
from invoicing.application.finish_sending import KeepFile, Sending
from invoicing.application.ports import Occasion, RenderedFile, TaxData
from invoicing.entrypoints.api import invoices, posting_rules, pro_formas, profiles, tax
from invoicing.entrypoints.api.dependencies import Ports
from invoicing.entrypoints.api.problems import PROBLEMS
from invoicing.entrypoints.consumer import NAME, InvoicingReactions
from invoicing.settings import Settings
from premia_common.canonical import digest
from premia_runtime.consumer import Consumer
from premia_runtime.dead_letters import dead_letter_router
from premia_runtime.logging import get_logger, shown
from premia_runtime.operations import operations_router
from premia_runtime.relay import OutboxRelay
from premia_runtime.runtime import Runtime
from premia_runtime.store import Store
from premia_runtime.web import ServiceInfo
from premia_runtime.web import create_app as create_service
from premia_runtime.wiring import open_runtime

INFO = ServiceInfo(
    name="invoicing",
    title="Premia invoicing",
    description="Fiscal profiles, tax items of statements, pro-formas and approved invoices.",
    tags=(
        {"name": "fiscal profiles", "description": "Who a payee is for the tax office."},
        {"name": "tax", "description": "Tax items of statements, and the rules behind them."},
        {"name": "pro-formas", "description": "Documents sent to payees, and their answers."},
        {"name": "invoices", "description": "Accepted documents, approved by a second person."},
        {"name": "posting rules", "description": "Where a principal's books take an invoice."},
        {"name": "operations", "description": "Events that could not be worked on."},
    ),
)
SECONDS_BETWEEN_SWEEPS = 2

_log = get_logger(__name__)


def open_invoicing(settings: Settings) -> Runtime[DatabaseWork]:
    """Return the service's ports on the real adapters."""
    return open_runtime(settings, DatabaseWork, name=NAME)


def create_consumer(
    runtime: Runtime[DatabaseWork], settings: Settings, data: TaxData
) -> Consumer[DatabaseWork]:
    """Return the reader of the topic."""
    return Consumer(
        NAME,
        bus=runtime.bus,
        open_work=runtime.open_work,
        store=runtime.store,
        reactions=InvoicingReactions(data, settings.zone).all(),
        clock=runtime.clock,
        ids=runtime.ids,
    )


def create_app(
    settings: Settings,
    *,
    runtime: Runtime[DatabaseWork] | None = None,
    background: bool = True,
) -> FastAPI:
    """Return the service's application.

    Args:
        settings: what it was told.
        runtime: ports to use instead of the real ones.
        background: whether it relays, reads the topic and finishes what was left, as a running
            service does.
    """
    runtime = runtime or open_invoicing(settings)
    data = TaxData(load_regimes(), load_default_posting_rules())
    renderer = TypstRenderer()
    sending = Sending(runtime.open_work, renderer, _keep_in(runtime.store))
    consumer = create_consumer(runtime, settings, data)

    async def finish_what_was_left() -> None:
        while True:
            left = await unfinished_documents(runtime.system_database)
            for tenant_id, document_ids in left.items():
                failed = await sending.take_up(
                    tenant_id, document_ids, occasion=_occasion(runtime, settings)
                )
                for document_id, error in failed.items():
                    _log.error("document not sent", invoice_id=str(document_id), **shown(error))
            await asyncio.sleep(SECONDS_BETWEEN_SWEEPS)

    relay = OutboxRelay(runtime.system_database, runtime.bus)
    tasks = {
        "relay": relay.run,
        "consumer": consumer.run,
        "sending": finish_what_was_left,
    }
    app = create_service(
        INFO,
        runtime=runtime,
        routers=[
            profiles.router,
            tax.router,
            pro_formas.router,
            invoices.router,
            posting_rules.router,
            dead_letter_router(consumer, service=INFO.name),
            operations_router(relay, service=INFO.name),
        ],
        problems=PROBLEMS,
        background=tasks if background else {},
        stopping=[renderer.close],
    )
    app.state.invoicing = Ports(settings.zone, data, sending)
    return app


def _keep_in(store: Store) -> KeepFile:
    async def keep(tenant_id: UUID, content: bytes) -> RenderedFile:
        stored = await store.put(tenant_id, f"documents/{digest(content)}.pdf", content)
        return RenderedFile(stored.address, stored.sha256, stored.size)

    return keep


def _occasion(runtime: Runtime[DatabaseWork], settings: Settings) -> Occasion:
    now = runtime.clock.now()
    today = now.astimezone(settings.zone).date()
    return Occasion(now, today, runtime.ids.new(), runtime.ids)
