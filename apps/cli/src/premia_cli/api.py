"""Calls to the services, as any client makes them."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlencode

import orjson

from premia_runtime.http import CallFailed, HttpClient
from premia_runtime.ids import Ids, TimeOrderedIds

Body: TypeAlias = Mapping[str, Any] | Sequence[Any] | bytes


class Refused(Exception):
    """Raised when a service answers with a problem: its title, its detail, what is wrong where."""

    def __init__(self, method: str, path: str, status: int, problem: Mapping[str, Any]) -> None:
        self.method = method
        self.path = path
        self.status = status
        self.problem = problem
        self.code = str(problem.get("code", ""))
        detail = problem.get("detail") or problem.get("title") or "no detail"
        places = "; ".join(
            f"{error.get('pointer', '')}: {error.get('message', '')}"
            for error in list(problem.get("errors") or [])[:5]
        )
        super().__init__(
            f"{method} {path} was answered {status} {problem.get('title', '')}: {detail}"
            + (f" ({places})" if places else "")
        )


class Answer:
    """One answer: its status, its headers and its JSON."""

    def __init__(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        self.status = status
        self.headers = headers
        self.content = content

    @property
    def json(self) -> Any:
        """Return the body; None when it is empty."""
        return orjson.loads(self.content) if self.content else None


class Api:
    """One service as one caller sees it.

    A call that got no answer is repeated with the same idempotency key until `patience_seconds`
    are over, so that a service may be restarted meanwhile.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        http: HttpClient,
        *,
        ids: Ids | None = None,
        patience_seconds: float = 0,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._http = http
        self._ids = ids or TimeOrderedIds()
        self._patience_seconds = patience_seconds

    def address(self, path: str) -> str:
        """Return the whole address of a path, for people to look at."""
        return f"{self._base_url}{path}"

    async def get(self, path: str, **query: str | int | None) -> Any:
        """Return the JSON at a path.

        Raises:
            Refused: if the service answers with a problem.
            CallFailed: if it does not answer.
        """
        return (await self.call("GET", _with_query(path, query))).json

    async def items(self, path: str, **query: str | int | None) -> AsyncIterator[Any]:
        """Yield every item of a list, page after page."""
        cursor: str | None = None
        while True:
            page = await self.get(path, **{"limit": 500, **query, "cursor": cursor})
            for item in page["items"]:
                yield item
            cursor = page["next_cursor"]
            if cursor is None:
                return

    async def post(
        self,
        path: str,
        body: Body | None = None,
        *,
        key: str | None = None,
        version: int | None = None,
        media_type: str = "application/json",
    ) -> Any:
        """Send a body and return the JSON of the answer; see `call`."""
        answer = await self.call(
            "POST", path, body, key=key, version=version, media_type=media_type
        )
        return answer.json

    async def call(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        *,
        key: str | None = None,
        version: int | None = None,
        media_type: str = "application/json",
    ) -> Answer:
        """Send a request; `version` is the one the caller saw (If-Match).

        Raises:
            Refused: if the service answers with a problem.
            CallFailed: if it does not answer.
        """
        headers = {"Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        content = body if isinstance(body, bytes) or body is None else orjson.dumps(body)
        if content is not None:
            headers["Content-Type"] = media_type
        if method == "POST":
            headers["Idempotency-Key"] = key or str(self._ids.new())
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        deadline = time.monotonic() + self._patience_seconds
        while True:
            try:
                found = await self._http.request(
                    method, self.address(path), headers=headers, content=content
                )
            except CallFailed:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.2)
                continue
            if found.status_code in (502, 503, 504) and time.monotonic() < deadline:
                await asyncio.sleep(0.2)
                continue
            break
        if found.status_code >= 400:
            raise Refused(method, path, found.status_code, _problem(found.content))
        return Answer(found.status_code, found.headers, found.content)


def _with_query(path: str, query: Mapping[str, str | int | None]) -> str:
    given = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def _problem(content: bytes) -> Mapping[str, Any]:
    try:
        problem = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {"title": "an answer that is no problem document", "detail": content[:200].decode()}
    return problem if isinstance(problem, dict) else {"title": "an answer without a problem"}
