"""Around every request: its trace, its size, its log line and its metrics."""

import re
import time
from collections.abc import Callable
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from premia_runtime.correlation import Trace, current_trace
from premia_runtime.database import is_retryable, is_unstorable
from premia_runtime.ids import Ids
from premia_runtime.logging import get_logger, shown
from premia_runtime.problems import problem_response, standard_problem

_log = get_logger(__name__)
_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
QUIET = frozenset({"/livez", "/readyz", "/startupz", "/metrics"})
LARGEST_BODY = 4 * 1024 * 1024


class RequestMetrics:
    """Rate, errors and duration by route template; never by tenant or payee."""

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ("method", "route", "status")
        self.requests = Counter(
            "premia_http_requests_total", "Answers given.", labels, registry=registry
        )
        self.seconds = Histogram(
            "premia_http_request_seconds",
            "Time to answer.",
            ("method", "route"),
            registry=registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )


def _header(scope: Scope, name: bytes) -> str | None:
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return None


def unexpected_problem(error: Exception, path: str) -> Response:
    """Answer what no table of problems knows.

    An outage may pass, a character that cannot be stored is the client's to leave out; anything
    else is our mistake.
    """
    if is_retryable(error):
        _log.warning("not ready", **shown(error))
        return problem_response(
            standard_problem(503),
            "The database does not answer now; repeat the request in a moment.",
            instance=path,
            headers={"Retry-After": "1"},
        )
    if is_unstorable(error):
        return problem_response(
            standard_problem(422),
            "The request holds a character that cannot be stored: U+0000, or half of a surrogate "
            "pair; leave it out.",
            instance=path,
        )
    _log.error("unexpected error", **shown(error), exc_info=error)
    detail = "This was our mistake; the trace id finds it in our logs."
    return problem_response(standard_problem(500), detail, instance=path)


class RequestContext:
    """Gives each request a correlation id, logs its end and counts it."""

    def __init__(self, app: ASGIApp, *, ids: Ids, metrics: RequestMetrics) -> None:
        self._app = app
        self._ids = ids
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace = self._trace(scope)
        token = current_trace.set(trace)
        started = time.perf_counter()
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = list(message.get("headers", []))
                headers.append((b"x-correlation-id", str(trace.correlation_id).encode()))
                headers.append((b"x-content-type-options", b"nosniff"))
                message = {**message, "headers": headers}
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            if status:
                raise
            await unexpected_problem(error, scope["path"])(scope, receive, answer)
        finally:
            self._record(scope, status, time.perf_counter() - started)
            current_trace.reset(token)

    def _trace(self, scope: Scope) -> Trace:
        try:
            correlation_id = UUID(_header(scope, b"x-correlation-id") or "")
        except ValueError:
            correlation_id = self._ids.new()
        traceparent = _header(scope, b"traceparent")
        if traceparent is not None and _TRACEPARENT.fullmatch(traceparent) is None:
            traceparent = None
        return Trace(correlation_id, None, traceparent)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        if scope["path"] in QUIET:
            return
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"]
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(method, route).observe(seconds)
        _log.info(
            "answered",
            method=method,
            route=route,
            status=status,
            duration_ms=round(seconds * 1000, 1),
        )


class _BodyTooLarge(Exception):
    pass


class BodyLimit:
    """Refuses bodies above a size, counted while they arrive."""

    def __init__(self, app: ASGIApp, *, limit_of: Callable[[str], int]) -> None:
        self._app = app
        self._limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        taken = 0
        answered = False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise _BodyTooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        declared = _header(scope, b"content-length") or "0"
        try:
            if declared.isdecimal() and int(declared) > limit:
                raise _BodyTooLarge  # noqa: TRY301 - one place answers both ways
            await self._app(scope, counted, watched)
        except _BodyTooLarge:
            if answered:
                raise
            refused = problem_response(
                standard_problem(413),
                f"A body here may have {limit} bytes; send less at once.",
                instance=scope["path"],
            )
            await refused(scope, receive, send)
