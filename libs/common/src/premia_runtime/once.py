"""Writes that can be repeated: the answer to an idempotency key is stored with its effect."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy import insert, select, text
from starlette.responses import Response

from premia_runtime.auth import Caller
from premia_runtime.plumbing import RUNTIME
from premia_runtime.problems import KeyInProgress, KeyReused
from premia_runtime.work import OpenWork, Work, in_work

W = TypeVar("W", bound=Work)
R = TypeVar("R")

REPLAYED = "Idempotency-Replayed"


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: str
    replayed: bool = False

    def response(self) -> Response:
        headers = dict(self.headers)
        if self.replayed:
            headers[REPLAYED] = "true"
        return Response(
            self.body, status_code=self.status, media_type="application/json", headers=headers
        )


class Once(Generic[W]):
    """Runs one request's effect once, whoever repeats it.

    Effect, events and answer are committed in one transaction, so a repeat finds either
    everything or nothing.  An effect that raises stores nothing, and may be tried again.
    """

    def __init__(
        self, open_work: OpenWork[W], caller: Caller, *, key: str, request_digest: str
    ) -> None:
        self._open_work = open_work
        self._caller = caller
        self._key = key
        self._digest = request_digest

    async def __call__(
        self,
        effect: Callable[[W], Awaitable[R]],
        *,
        answer: Callable[[R], BaseModel],
        status: int | Callable[[R], int] = 200,
        headers: Callable[[R], Mapping[str, str]] | None = None,
    ) -> Response:
        """Run the effect and answer, or answer as the first time.

        Raises:
            KeyInProgress: if the first request with this key is still running.
            KeyReused: if the key came before with another request.
        """

        async def attempt(work: W) -> _Answer:
            await self._claim(work)
            stored = await self._stored(work)
            if stored is not None:
                return stored
            result = await effect(work)
            given = headers(result) if headers else {}
            code = status(result) if callable(status) else status
            made = _Answer(code, given, answer(result).model_dump_json())
            await self._keep(work, made)
            return made

        made = await in_work(self._open_work, self._caller.tenant_id, attempt)
        return made.response()

    async def _claim(self, work: W) -> None:
        name = f"{self._caller.tenant_id}/{self._caller.user_id}/{self._key}"
        lock = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        free = await work.connection.scalar(
            text("select pg_try_advisory_xact_lock(:lock)"), {"lock": lock}
        )
        if not free:
            raise KeyInProgress(
                "A request with this Idempotency-Key is still running; repeat it in a moment.",
                slug="idempotency-key-in-progress",
            )

    async def _stored(self, work: W) -> _Answer | None:
        keys = RUNTIME.idempotency_key.c
        found = await work.connection.execute(
            select(keys.request_digest, keys.status, keys.headers, keys.body)
            .where(keys.tenant_id == self._caller.tenant_id)
            .where(keys.user_id == self._caller.user_id)
            .where(keys.key == self._key)
        )
        row = found.one_or_none()
        if row is None:
            return None
        if row.request_digest != self._digest:
            raise KeyReused(
                "This Idempotency-Key was used for another request; use a new key.",
                slug="idempotency-key-reused",
            )
        return _Answer(row.status, row.headers, row.body, replayed=True)

    async def _keep(self, work: W, answer: _Answer) -> None:
        await work.connection.execute(
            insert(RUNTIME.idempotency_key).values(
                tenant_id=self._caller.tenant_id,
                user_id=self._caller.user_id,
                key=self._key,
                request_digest=self._digest,
                status=answer.status,
                headers=dict(answer.headers),
                body=answer.body,
            )
        )
