"""One tenant's main job: who acts, where, and what is known so far."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from premia_cli.api import Api
from premia_cli.demo.identities import identity
from premia_cli.demo.step import NotVerified, Reporter, verify
from premia_doubles.sample.shape import PLANS_FROM
from premia_doubles.sample.tenant import Sample
from premia_doubles.sap import Books
from premia_runtime.http import HttpClient
from premia_runtime.local.supervisor import Supervisor

LARGEST_BATCH = 500
PATIENCE_SECONDS = 60.0


@dataclass
class Known:
    """Ids and figures that later steps need."""

    principals: dict[str, UUID] = field(default_factory=dict)
    payees: dict[str, UUID] = field(default_factory=dict)
    mandates: dict[tuple[str, str], UUID] = field(default_factory=dict)
    """By payee code and principal code."""
    plans: dict[str, UUID] = field(default_factory=dict)
    source_tokens: dict[str, str] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    """Address of each file that was handed in, and its rows."""
    runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The completed run of each month."""
    statements: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """The approved statements of each month."""
    shown: dict[str, Any] = field(default_factory=dict)
    """Figures for the summary."""


@dataclass
class Job:
    """The job of one tenant on a running platform."""

    platform: Supervisor
    http: HttpClient
    tenant: UUID
    sample: Sample
    reporter: Reporter
    agency_plan: str
    """Name of the plan of the first principal."""
    installer_plan: str | None
    organisation_id: str
    plans_from: date = PLANS_FROM
    """First day of the agency plan and of every assignment."""
    known: Known = field(default_factory=Known)
    books: Books = field(default_factory=Books)
    _tokens: dict[str, str] = field(default_factory=dict)

    async def api(self, name: str, service: str) -> Api:
        """Return a service as one of the eight identities sees it."""
        if name not in self._tokens:
            self._tokens[name] = await self.platform.issuer.token(
                identity(name, self.tenant).client_id
            )
        return Api(
            self.platform.services[service].base_url,
            self._tokens[name],
            self.http,
            patience_seconds=PATIENCE_SECONDS,
        )

    async def token(self, name: str) -> str:
        """Return the token of an identity."""
        await self.api(name, "plans-api")
        return self._tokens[name]

    def register(self, *names: str, payee_ids: dict[str, UUID] | None = None) -> None:
        """Let identities log in at the issuer; a partner's with the payee it is."""
        for name in names:
            payee_id = (payee_ids or {}).get(name)
            self.platform.issuer.register(identity(name, self.tenant, payee_id=payee_id))


async def send_batch(
    api: Api,
    path: str,
    items: Sequence[Any],
    *,
    refused: Callable[[dict[str, Any]], bool] = lambda item: item.get("problem") is not None,
) -> list[dict[str, Any]]:
    """Send items in batches of up to 500 and return the result of each, in order.

    Raises:
        NotVerified: if one was refused.
    """
    results: list[dict[str, Any]] = []
    for start in range(0, len(items), LARGEST_BATCH):
        answer = await api.post(path, {"items": list(items[start : start + LARGEST_BATCH])})
        results.extend(answer["items"])
    bad = [item for item in results if refused(item)]
    verify(not bad, f"{len(bad)} of {len(items)} items of {path} were refused: {bad[:2]}")
    return results


async def wait_for(
    look: Callable[[], Awaitable[bool]], what: str, *, seconds: float = 60, every: float = 0.1
) -> None:
    """Return once a look says yes.

    Raises:
        NotVerified: if it does not within the time.
    """
    deadline = time.monotonic() + seconds
    while not await look():
        if time.monotonic() > deadline:
            raise NotVerified(f"{what} did not happen within {seconds:.0f} s")
        await asyncio.sleep(every)
