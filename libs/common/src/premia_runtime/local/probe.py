"""Asking a process on this machine over HTTP, with nothing but the standard library."""

import asyncio
import http.client
from collections.abc import Mapping
from dataclasses import dataclass

from premia_runtime.local.ports import HOST

_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


async def ask(
    port: int,
    path: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer | None:
    """Return the answer of whoever listens on the loopback port, None if nobody answers."""
    return await asyncio.to_thread(_ask, port, path, method, body, dict(headers or {}))


def _ask(
    port: int, path: str, method: str, body: bytes | None, headers: dict[str, str]
) -> Answer | None:
    connection = http.client.HTTPConnection(HOST, port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        return Answer(response.status, response.read())
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
