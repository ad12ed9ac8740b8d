"""A run's server-sent events, read as they come and resumed by number when a connection ends."""

import asyncio
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

from premia_cli.demo.step import NotVerified

SILENCE_SECONDS = 30
"""Longer than a service is silent while a run goes on."""
PAUSE_SECONDS = 0.2

Told: TypeAlias = Callable[[dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Followed:
    """How a run was followed to its end."""

    events: int
    last_number: int
    ended: bool


async def follow(address: str, token: str, told: Told, *, seconds: float) -> Followed:
    """Return when the stream at an address has told that its run ended.

    `told` is called in this loop with the data of each event.  A connection that ends early, with
    the service or by time, is opened again after the last event seen.

    Raises:
        NotVerified: if the run has not ended in time, or an event is missing or comes twice.
    """
    loop = asyncio.get_running_loop()

    def tell(data: dict[str, Any]) -> None:
        loop.call_soon_threadsafe(told, data)

    return await asyncio.to_thread(partial(_follow, address, token, tell, seconds))


def _follow(address: str, token: str, told: Told, seconds: float) -> Followed:
    deadline = time.monotonic() + seconds
    found = Followed(0, 0, ended=False)
    while not found.ended:
        if time.monotonic() > deadline:
            raise NotVerified(f"{address} did not tell the end within {seconds:.0f} s")
        try:
            found = _read(address, token, told, found)
        except urllib.error.HTTPError as refused:
            if refused.code < 500:
                raise NotVerified(f"{address} was answered {refused.code}") from None
        except (OSError, http.client.HTTPException):
            pass  # the service went away; the next turn resumes where this one ended
        if not found.ended:
            time.sleep(PAUSE_SECONDS)
    if found.events != found.last_number:
        raise NotVerified(
            f"{found.events} events were told, the last is number {found.last_number}"
        )
    return found


def _read(address: str, token: str, told: Told, found: Followed) -> Followed:
    """Return how far the stream was followed over one connection, however that ends."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    if found.last_number:
        headers["Last-Event-ID"] = str(found.last_number)
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - a service's address
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=SILENCE_SECONDS) as stream:
        try:
            for event in _events(stream):
                told(json.loads(event["data"]))
                found = replace(
                    found,
                    events=found.events + 1,
                    last_number=int(event["id"]),
                    ended=event["event"] == "ended",
                )
        except (OSError, http.client.HTTPException):
            pass  # what was told before the connection broke stays told
    return found


def _events(lines: Iterator[bytes]) -> Iterator[dict[str, str]]:
    """Yield each event's fields; comments, which only show that the stream lives, are left out."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode().rstrip("\r\n").partition(": ")
        if name and not line.startswith(b":"):
            fields[name] = value
        elif not name and fields:
            yield fields
            fields = {}
