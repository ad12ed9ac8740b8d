"""Outgoing HTTP: the one place that knows the client library."""

import asyncio
import random
from collections.abc import Mapping
from typing import Any

import httpx
import orjson

from premia_runtime.correlation import current_trace

REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE"})
PASSING = frozenset({502, 503, 504})


class CallFailed(Exception):
    """Raised when another service does not answer, or not with a success."""

    def __init__(self, method: str, url: str, reason: str, *, status: int | None = None) -> None:
        self.status = status
        super().__init__(f"{method} {url}: {reason}")


class HttpClient:
    """A client with time limits, retries where they are safe, and correlation headers."""

    def __init__(
        self,
        *,
        timeout_seconds: float = 10.0,
        tries: int = 3,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._tries = tries
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(timeout_seconds, connect=3.0),
            transport=transport,
            trust_env=False,
            follow_redirects=False,
        )

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """Send a request; one that may be repeated is repeated after a passing failure.

        A request with an `Idempotency-Key` may be repeated whatever its method.

        Raises:
            CallFailed: if no answer came.
        """
        sent = dict(headers or {})
        trace = current_trace.get()
        if trace is not None:
            sent.setdefault("X-Correlation-Id", str(trace.correlation_id))
        repeatable = method in REPEATABLE or "Idempotency-Key" in sent
        tries = self._tries if repeatable else 1
        reason = "no answer"
        for attempt in range(tries):
            if attempt:
                pause = 0.1 * 2**attempt * (0.5 + random.random())  # noqa: S311 - jitter
                await asyncio.sleep(pause)
            try:
                answer = await self._client.request(method, url, headers=sent, content=content)
            except httpx.HTTPError as error:
                reason = repr(error)
                continue
            if answer.status_code in PASSING and attempt + 1 < tries:
                continue
            return answer
        raise CallFailed(method, url, reason)

    async def get_json(self, url: str) -> Mapping[str, Any]:
        """Return the JSON object at an address.

        Raises:
            CallFailed: if the answer is not one.
        """
        answer = await self.request("GET", url)
        if answer.status_code != 200:
            raise CallFailed("GET", url, "not found", status=answer.status_code)
        try:
            document = orjson.loads(answer.content)
        except orjson.JSONDecodeError as error:
            raise CallFailed("GET", url, "the answer is not JSON") from error
        if not isinstance(document, dict):
            raise CallFailed("GET", url, "the answer is not a JSON object")
        return document

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()
