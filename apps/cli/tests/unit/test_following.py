"""A run's events are followed to their end, over as many connections as it takes."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from premia_cli.demo.following import Followed, follow
from premia_cli.demo.step import NotVerified


def event(number: int, stage: str, name: str = "progress") -> str:
    return f"id: {number}\nevent: {name}\ndata: {json.dumps({'stage': stage})}\n\n"


@contextmanager
def service(*answers: tuple[int, str]) -> Iterator[tuple[str, list[str | None]]]:
    """Serve each answer to one connection, which ends with it; note where clients resume."""
    waiting = list(answers)
    resumed: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            resumed.append(self.headers["Last-Event-ID"])
            status, text = waiting.pop(0)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/events", resumed
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_a_stream_that_ends_early_is_resumed_after_the_last_event_seen() -> None:
    first = event(1, "queued") + ": the run goes on\n\n" + event(2, "sealing facts")
    told: list[str] = []

    with service((200, first), (503, ""), (200, event(3, "completed", "ended"))) as (at, resumed):
        found = await follow(at, "token", lambda data: told.append(data["stage"]), seconds=10)

    assert found == Followed(events=3, last_number=3, ended=True)
    assert told == ["queued", "sealing facts", "completed"]
    assert resumed == [None, "2", "2"]


async def test_a_missing_event_is_noticed() -> None:
    text = event(1, "queued") + event(3, "completed", "ended")

    with service((200, text)) as (at, _), pytest.raises(NotVerified) as failed:
        await follow(at, "token", lambda _: None, seconds=10)

    assert str(failed.value) == "2 events were told, the last is number 3"


async def test_a_refused_stream_is_not_asked_for_again() -> None:
    with service((403, "")) as (at, resumed), pytest.raises(NotVerified) as failed:
        await follow(at, "token", lambda _: None, seconds=10)

    assert "was answered 403" in str(failed.value)
    assert len(resumed) == 1
