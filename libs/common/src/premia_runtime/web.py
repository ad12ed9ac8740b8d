"""The HTTP side of a service: one way to answer, to fail and to tell its health."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from prometheus_client import CollectorRegistry, generate_latest
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from premia_runtime.background import Background, end_all, start_all, within
from premia_runtime.middleware import LARGEST_BODY, BodyLimit, RequestContext, RequestMetrics
from premia_runtime.openapi_examples import complete_examples
from premia_runtime.problems import (
    MEDIA_TYPE,
    ProblemOut,
    ProblemTable,
    RequestProblem,
    problem_response,
    standard_problem,
)
from premia_runtime.runtime import Runtime

CLOSED_WITHIN_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class ServiceInfo:
    """What a service says of itself."""

    name: str
    title: str
    description: str
    version: str = "0.1.0"
    tags: Sequence[Mapping[str, str]] = ()
    large_bodies: Mapping[str, int] = field(default_factory=dict)
    """Path prefix → bytes, for routes that take more than the usual 4 MiB."""


@dataclass
class _Health:
    started: bool = False
    draining: bool = False
    failures: dict[str, str] = field(default_factory=dict)


def create_app(
    info: ServiceInfo,
    *,
    runtime: Runtime[Any],
    routers: Sequence[APIRouter],
    problems: ProblemTable,
    background: Mapping[str, Background] | None = None,
    starting: Sequence[Callable[[], Awaitable[None]]] = (),
    stopping: Sequence[Callable[[], Awaitable[None]]] = (),
) -> FastAPI:
    """Return the application of a service.

    Args:
        info: its name and description.
        runtime: its ports.
        routers: its routes.
        problems: how each of its errors is answered.
        background: tasks that run as long as it does: relay, consumer, …
        starting: awaited before the first request.
        stopping: awaited after the last one.
    """
    health = _Health()
    app = FastAPI(
        title=info.title,
        description=info.description,
        version=info.version,
        openapi_tags=[dict(tag) for tag in info.tags],
        docs_url="/docs",
        redoc_url=None,
        lifespan=_lifespan(runtime, health, background or {}, starting, stopping),
        separate_input_output_schemas=False,
    )
    app.state.runtime = runtime
    registry = CollectorRegistry()
    for router in routers:
        app.include_router(router)
    app.include_router(_health_router(runtime, health, registry))
    _answer_problems(app, problems)
    app.add_middleware(BodyLimit, limit_of=_limits(info.large_bodies))
    app.add_middleware(RequestContext, ids=runtime.ids, metrics=RequestMetrics(registry))
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _limits(large: Mapping[str, int]) -> Callable[[str], int]:
    def limit_of(path: str) -> int:
        fitting = [size for prefix, size in large.items() if path.startswith(prefix)]
        return max(fitting, default=LARGEST_BODY)

    return limit_of


def _lifespan(
    runtime: Runtime[Any],
    health: _Health,
    background: Mapping[str, Background],
    starting: Sequence[Callable[[], Awaitable[None]]],
    stopping: Sequence[Callable[[], Awaitable[None]]],
) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        for start in starting:
            await start()
        tasks = start_all(background, health.failures)
        health.started = True
        try:
            yield
        finally:
            health.draining = True
            await end_all(tasks)
            for stop in stopping:
                await stop()
            await within(CLOSED_WITHIN_SECONDS, "topic", runtime.bus.close())
            await within(CLOSED_WITHIN_SECONDS, "database", runtime.database.close())
            await within(CLOSED_WITHIN_SECONDS, "system database", runtime.system_database.close())

    return lifespan


def _health_router(
    runtime: Runtime[Any], health: _Health, registry: CollectorRegistry
) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> Response:
        return JSONResponse({"status": "ok"})

    @router.get("/startupz")
    async def startupz() -> Response:
        return _told({} if health.started else {"start": "not finished"})

    @router.get("/readyz")
    async def readyz() -> Response:
        failing = dict(health.failures)
        if health.draining:
            failing["drain"] = "stopping"
        for name, check in (("database", runtime.database.check), ("topic", runtime.bus.check)):
            try:
                await asyncio.wait_for(check(), timeout=2)
            except Exception as error:  # noqa: BLE001 - any failure means: not ready
                failing[name] = type(error).__name__
        return _told(failing)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")

    return router


def _told(failing: Mapping[str, str]) -> Response:
    if not failing:
        return JSONResponse({"status": "ok"})
    detail = "; ".join(f"{name}: {reason}" for name, reason in sorted(failing.items()))
    return problem_response(standard_problem(503), detail)


def _answer_problems(app: FastAPI, problems: ProblemTable) -> None:
    async def request_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestProblem)  # noqa: S101 - registered for this type
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
        return problem_response(
            error.problem, error.detail, instance=request.url.path, headers=headers
        )

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type
        errors = [_detail(item) for item in error.errors()]
        unreadable = any(item["type"] == "json_invalid" for item in error.errors())
        problem = standard_problem(400 if unreadable else 422)
        shown = "; ".join(f"{item['pointer']}: {item['message']}" for item in errors[:3])
        return problem_response(problem, shown, instance=request.url.path, errors=errors)

    async def framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type
        problem = standard_problem(error.status_code)
        detail = str(error.detail)
        if error.status_code == HTTPStatus.NOT_FOUND and detail == HTTPStatus.NOT_FOUND.phrase:
            detail = f"There is nothing at {request.url.path}; /docs lists what this service has."
        return problem_response(problem, detail, instance=request.url.path, headers=error.headers)

    async def of_service(request: Request, error: Exception) -> Response:
        for kind in type(error).__mro__:
            if kind in problems:
                problem = problems[kind]
                break
        else:
            problem = standard_problem(500)
        errors = getattr(error, "errors", ())
        return problem_response(
            problem,
            str(error),
            instance=request.url.path,
            errors=errors if isinstance(errors, (list, tuple)) else (),
        )

    app.add_exception_handler(RequestProblem, request_problem)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, framework)
    for kind in problems:
        app.add_exception_handler(kind, of_service)


def _detail(item: Mapping[str, Any]) -> dict[str, Any]:
    place, *path = item["loc"]
    pointer = "/" + "/".join(str(part) for part in path)
    message = str(item["msg"]).removeprefix("Value error, ")
    shown: dict[str, Any] = {"pointer": pointer, "in": place, "message": message}
    value = item.get("input")
    if isinstance(value, (str, int, float, bool)):
        shown["value"] = str(value)[:100]
    return shown


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            tags=app.openapi_tags,
            routes=app.routes,
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(_problem_schemas())
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        complete_examples(schemas)
        for path in document["paths"].values():
            for operation in path.values():
                _problems_only(operation)
                _ask_for_headers(operation)
        app.openapi_schema = document
    return app.openapi_schema


def _problem_schemas() -> dict[str, Any]:
    schema = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = schema.pop("$defs", {})
    return {**parts, "ProblemOut": schema}


def _ask_for_headers(operation: dict[str, Any]) -> None:
    """Say which headers a request cannot do without: their absence has problems of its own."""
    for parameter in operation.get("parameters", []):
        if parameter["name"] in {"Idempotency-Key", "If-Match"}:
            parameter["required"] = True
            parameter["schema"] = {"type": "string"}


def _problems_only(operation: dict[str, Any]) -> None:
    """Leave problem+json as the only form of the answers that are not a success."""
    for status, response in operation.get("responses", {}).items():
        content = response.get("content", {})
        if int(status) >= 400 and MEDIA_TYPE in content:
            response["content"] = {MEDIA_TYPE: content[MEDIA_TYPE]}
