"""Both services on their databases, started once and without a topic between them."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from calc_engine import main as calc
from calc_engine.adapters.files.batch_files import HandoverBatches
from calc_engine.entrypoints.consumer import reactions
from calc_engine.entrypoints.worker import Worker
from calc_engine.settings import Settings as CalcSettings
from invoicing import main as invoicing
from invoicing.adapters.database.unit_of_work import DatabaseWork
from invoicing.entrypoints.consumer import InvoicingReactions
from invoicing.settings import Settings as InvoicingSettings
from premia_runtime.auth import FixedKeys
from premia_runtime.consumer import Reaction
from premia_runtime.settings import ServiceSettings
from premia_runtime.testing.databases import ServiceDatabases
from premia_runtime.testing.tokens import AUDIENCE, ISSUER, TokenMint
from premia_runtime.testing.topic import QuietBus
from premia_runtime.wiring import open_runtime

from .two_services import Service, TwoServices


@pytest.fixture(scope="session")
async def services(
    service_databases: ServiceDatabases,
    make_token: TokenMint,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Service, Worker, Service]]:
    """Return calc-engine, its worker, and invoicing."""
    store_dir, keys = tmp_path_factory.mktemp("store"), FixedKeys(make_token.key_set)

    def settings_of(kind: type[ServiceSettings], name: str) -> ServiceSettings:
        database = service_databases[name]
        return kind(
            environment="test",
            database_url=database.app,
            system_database_url=database.system,
            nats_url="nats://127.0.0.1:1",
            issuer_url=ISSUER,
            jwks_url=f"{ISSUER}/jwks.json",
            audience=AUDIENCE,
            store_dir=store_dir,
            public_base_url=f"http://{name}.test",
            cursor_secret="a secret of the tests",
        )

    calc_settings = settings_of(CalcSettings, "calc-engine")
    assert isinstance(calc_settings, CalcSettings)
    calc_app = calc.create_app(calc_settings, bus=QuietBus(), keys=keys)
    calc_runtime = calc_app.state.runtime
    settings = settings_of(InvoicingSettings, "invoicing")
    assert isinstance(settings, InvoicingSettings)
    runtime = open_runtime(settings, DatabaseWork, name="invoicing", bus=QuietBus(), keys=keys)
    app = invoicing.create_app(settings, runtime=runtime, background=False)
    data = app.state.invoicing.data

    async with AsyncExitStack() as opened:

        async def client(served: httpx.ASGITransport, name: str) -> httpx.AsyncClient:
            return await opened.enter_async_context(
                httpx.AsyncClient(transport=served, base_url=f"http://{name}.test")
            )

        yield (
            Service(
                calc_app,
                calc_runtime,
                calc.create_consumer(calc_runtime),
                _types(reactions(HandoverBatches(calc_runtime.store))),
                await client(httpx.ASGITransport(app=calc_app), "calc-engine"),
            ),
            calc.create_worker(calc_settings, calc_runtime),
            Service(
                app,
                runtime,
                invoicing.create_consumer(runtime, settings, data),
                _types(InvoicingReactions(data, settings.zone).all()),
                await client(httpx.ASGITransport(app=app), "invoicing"),
            ),
        )
    for each in (calc_runtime, runtime):
        await each.database.close()
        await each.system_database.close()


def _types(read: Iterable[Reaction[Any]]) -> frozenset[str]:
    return frozenset(reaction.event.type for reaction in read)


@pytest.fixture
def two(services: tuple[Service, Worker, Service], make_token: TokenMint) -> TwoServices:
    """Return a tenant of the test's own in both."""
    calc_engine, worker, invoices = services
    return TwoServices(calc_engine, worker, invoices, make_token)
