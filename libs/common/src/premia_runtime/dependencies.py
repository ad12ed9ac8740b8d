"""What routes ask for, as annotated types."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from premia_runtime.auth import Caller
from premia_runtime.correlation import current_trace
from premia_runtime.ids import Ids
from premia_runtime.once import Once
from premia_runtime.problems import BadRequest, NotAuthenticated, PreconditionRequired
from premia_runtime.runtime import Runtime
from premia_runtime.work import OpenWork, Work

W = TypeVar("W", bound=Work)

_bearer = HTTPBearer(
    auto_error=False, bearerFormat="JWT", description="Access token of the OpenID provider."
)


def runtime_of(request: Request) -> Runtime[Any]:
    """Return the service's ports."""
    runtime: Runtime[Any] = request.app.state.runtime
    return runtime


async def current_caller(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """Return who calls.

    Raises:
        NotAuthenticated: if there is no valid token.
    """
    if credentials is None:
        raise NotAuthenticated("Send an access token: `Authorization: Bearer …`.")
    return await runtime_of(request).verifier.verify(credentials.credentials)


CurrentCaller = Annotated[Caller, Depends(current_caller)]
"""Any caller with a valid token."""


def require(permission: str) -> Any:
    """Return a dependency: the caller, who must have a permission.

    Use it as `caller: Annotated[Caller, require("statements:approve")]`.
    """

    async def permitted(caller: CurrentCaller) -> Caller:
        caller.require(permission)
        return caller

    return Depends(permitted)


def _now(request: Request) -> datetime:
    return runtime_of(request).clock.now()


def _ids(request: Request) -> Ids:
    return runtime_of(request).ids


def _correlation_id(request: Request) -> UUID:
    trace = current_trace.get()
    return trace.correlation_id if trace else runtime_of(request).ids.new()


def _open_work(request: Request) -> OpenWork[Any]:
    return runtime_of(request).open_work


Now = Annotated[datetime, Depends(_now)]
NewIds = Annotated[Ids, Depends(_ids)]
CorrelationId = Annotated[UUID, Depends(_correlation_id)]
OpenWorkOf = Annotated[OpenWork[Any], Depends(_open_work)]
"""The service's unit-of-work factory; name the concrete type where it is used."""
RuntimeOf = Annotated[Runtime[Any], Depends(runtime_of)]


def etag(version: int) -> str:
    """Write a version as an entity tag.

    >>> etag(3)
    '"3"'
    """
    return f'"{version}"'


def _if_match(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description='The `ETag` of the version you saw, like `"3"`. Missing: 428; stale: 412.',
        ),
    ] = None,
) -> int:
    if if_match is None:
        raise PreconditionRequired('Send the ETag you saw: `If-Match: "3"`.')
    text = if_match.strip()
    digits = text[1:-1]
    quoted = len(text) > 2 and text[0] == text[-1] == '"'
    if not quoted or not digits.isascii() or not digits.isdecimal() or len(digits) > 9:
        raise BadRequest(f'If-Match must be a version in quotes, like "3"; got {text[:40]}.')
    return int(digits)


IfMatch = Annotated[int, Depends(_if_match)]
"""The version the caller saw."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list is asked for."""

    limit: int
    after: list[Any] | None
    """Sort key of the last row of the page before, or None for the first page."""


def page_of(kind: str) -> Any:
    """Return a dependency: limit and decoded cursor of the list called `kind`."""

    def page(
        request: Request,
        limit: Annotated[int, Query(ge=1, le=500, description="Items a page.")] = 100,
        cursor: Annotated[
            str | None, Query(max_length=1000, description="`next_cursor` of the page before.")
        ] = None,
    ) -> PageRequest:
        after = runtime_of(request).cursors.read(kind, cursor) if cursor else None
        return PageRequest(limit, after)

    return Depends(page)


async def _once(
    request: Request,
    caller: CurrentCaller,
    open_work: OpenWorkOf,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            max_length=255,
            description="Your name for this request. Repeat the request with the same key after "
            "a lost answer: it has one effect, and the answer is the first one.",
        ),
    ] = None,
) -> Once[Any]:
    key = (idempotency_key or "").strip()
    if not key:
        raise BadRequest(
            "Send an Idempotency-Key: any text that is new for each new request.",
            slug="idempotency-key-missing",
        )
    hasher = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    hasher.update((request.headers.get("if-match") or "").encode() + b"\n")
    hasher.update(await request.body())
    return Once(open_work, caller, key=key, request_digest=hasher.hexdigest())


OnceFor = Annotated[Once[Any], Depends(_once)]
"""Runs this request's effect once; see premia_runtime.once."""
