"""The usual way to put a service's ports together."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from premia_runtime.auth import FetchedKeys, KeySource, TokenVerifier
from premia_runtime.bus import Bus
from premia_runtime.clock import Clock, SystemClock
from premia_runtime.cursor import Cursors
from premia_runtime.database import Database
from premia_runtime.http import HttpClient
from premia_runtime.ids import Ids, TimeOrderedIds
from premia_runtime.nats_bus import NatsBus
from premia_runtime.runtime import Runtime
from premia_runtime.settings import ServiceSettings
from premia_runtime.store import FolderStore, Store
from premia_runtime.work import Outbox, Work, WorkFactory

W = TypeVar("W", bound=Work)


def open_runtime(
    settings: ServiceSettings,
    build: Callable[[AsyncConnection, UUID, Outbox], W],
    *,
    name: str,
    clock: Clock | None = None,
    ids: Ids | None = None,
    bus: Bus | None = None,
    store: Store | None = None,
    keys: KeySource | None = None,
) -> Runtime[W]:
    """Return a service's ports on the real adapters, or on those given instead.

    Nothing is connected yet: connections are made when they are first used.
    """
    real_clock = clock or SystemClock()
    real_store = store or FolderStore(settings.store_dir)
    database = Database(settings.database_url, pool_size=settings.database_pool_size, name=name)
    system = Database(settings.system_database_url, pool_size=4, name=f"{name}-system")
    return Runtime(
        settings=settings,
        clock=real_clock,
        ids=ids or TimeOrderedIds(real_clock),
        database=database,
        system_database=system,
        open_work=WorkFactory(database, build, real_store),
        store=real_store,
        bus=bus or NatsBus(settings.nats_url, name=name, replicas=settings.nats_replicas),
        verifier=TokenVerifier(
            keys or FetchedKeys(HttpClient().get_json, settings.jwks_url),
            issuer=settings.issuer_url,
            audience=settings.audience,
            clock=real_clock,
        ),
        cursors=Cursors(settings.cursor_secret),
    )
