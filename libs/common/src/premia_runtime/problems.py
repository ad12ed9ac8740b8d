"""Every answer that is not a success: RFC 9457 problem+json."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from premia_runtime.correlation import current_trace

BASE = "https://premia.dev/problems/"
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """How an error of a service is answered."""

    status: int
    slug: str
    title: str


class ProblemDetail(BaseModel):
    """One field or item that is wrong."""

    model_config = ConfigDict(extra="allow")

    pointer: str = Field(examples=["/items/0/amount"])
    message: str = Field(examples=['write 1.5 as text, like "123.45"'])


class ProblemOut(BaseModel):
    """The body of every answer that is not a success (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": f"{BASE}not-found",
                    "title": "Not found",
                    "status": 404,
                    "code": "not-found",
                    "detail": "There is no such thing here.",
                    "instance": "/v1/things/1",
                    "trace_id": "0193a000-0000-7000-8000-00000000000a",
                    "errors": [],
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str | None
    trace_id: str | None
    errors: list[ProblemDetail]


ProblemTable = Mapping[type[Exception], Problem]
"""How each error of a service is answered."""

STANDARD: dict[int, tuple[str, str]] = {
    400: ("bad-request", "The request cannot be read"),
    401: ("not-authenticated", "A valid access token is needed"),
    403: ("not-permitted", "Not permitted"),
    404: ("not-found", "Not found"),
    405: ("method-not-allowed", "Method not allowed"),
    406: ("not-acceptable", "Not acceptable"),
    409: ("conflict", "Conflict with the current state"),
    412: ("changed-meanwhile", "It was changed meanwhile"),
    413: ("too-large", "The request is too large"),
    415: ("unsupported-media-type", "Unsupported media type"),
    422: ("invalid", "The request is understood and refused"),
    428: ("precondition-required", "If-Match is required"),
    429: ("too-many-requests", "Too many requests"),
    500: ("internal-error", "Something went wrong here"),
    503: ("not-ready", "Not ready"),
}


def problem_response(
    problem: Problem,
    detail: str,
    *,
    instance: str | None = None,
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Write a problem as a response."""
    trace = current_trace.get()
    body = {
        "type": BASE + problem.slug,
        "title": problem.title,
        "status": problem.status,
        "code": problem.slug,
        "detail": detail,
        "instance": instance,
        "trace_id": str(trace.correlation_id) if trace else None,
        "errors": list(errors),
    }
    # What a client sent may be half a surrogate pair, which has no UTF-8: it is shown as `?`.
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=str)
    return Response(
        content.encode(errors="replace"),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=dict(headers) if headers else None,
    )


def standard_problem(status: int) -> Problem:
    """Return the problem that stands for a bare HTTP status."""
    slug, title = STANDARD.get(status, (f"http-{status}", "The request failed"))
    return Problem(status, slug, title)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of a route that may answer with these problems.

    400, 401, 403, 413, 422, 500 and 503 are added: any route may meet them.
    """
    every = sorted({400, 401, 403, 413, 422, 500, 503, *statuses})
    return {
        status: {
            "model": ProblemOut,
            "description": standard_problem(status).title,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
        }
        for status in every
    }


class RequestProblem(Exception):
    """Raised by the runtime for what is wrong with a request itself."""

    status = 400

    def __init__(self, detail: str, *, slug: str | None = None, title: str | None = None) -> None:
        self.detail = detail
        standard = standard_problem(self.status)
        self.problem = Problem(self.status, slug or standard.slug, title or standard.title)
        super().__init__(detail)


class BadRequest(RequestProblem):
    """Raised when a header or a cursor cannot be read."""


class NotAuthenticated(RequestProblem):
    """Raised when there is no token, or one that must not be trusted."""

    status = 401


class NotPermitted(RequestProblem):
    """Raised when the caller's roles do not allow the operation."""

    status = 403


class NotFound(RequestProblem):
    """Raised when the caller can see no such thing; services may use it for plain look-ups."""

    status = 404


class KeyInProgress(RequestProblem):
    """Raised when a request with the same idempotency key is still running."""

    status = 409


class KeyReused(RequestProblem):
    """Raised when an idempotency key comes again with another request."""

    status = 422


class PreconditionRequired(RequestProblem):
    """Raised when `If-Match` is missing."""

    status = 428


class TooLarge(RequestProblem):
    """Raised when a body is larger than the route takes."""

    status = 413


class NotReady(RequestProblem):
    """Raised when something this service needs does not answer now."""

    status = 503
