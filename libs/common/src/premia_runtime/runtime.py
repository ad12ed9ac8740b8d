"""What a running service consists of, wired once in its `main`."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from premia_runtime.auth import TokenVerifier
from premia_runtime.bus import Bus
from premia_runtime.clock import Clock
from premia_runtime.cursor import Cursors
from premia_runtime.database import Database
from premia_runtime.ids import Ids
from premia_runtime.settings import ServiceSettings
from premia_runtime.store import Store
from premia_runtime.work import OpenWork, Work

W = TypeVar("W", bound=Work)


@dataclass(frozen=True, slots=True)
class Runtime(Generic[W]):
    """The ports of one service and what implements them."""

    settings: ServiceSettings
    clock: Clock
    ids: Ids
    database: Database
    """As the application role: everything about a tenant."""
    system_database: Database
    """As the system role: outbox, dead letters and jobs of every tenant."""
    open_work: OpenWork[W]
    store: Store
    bus: Bus
    verifier: TokenVerifier
    cursors: Cursors
