"""Structured logs: one JSON object a line, with correlation ids and without personal data."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import orjson
import structlog

from premia_runtime.correlation import current_trace

ALLOWED = frozenset(
    {
        "attempts",
        "batch",
        "bytes",
        "causation_id",
        "code",
        "consumer",
        "correlation_id",
        "count",
        "dead_letter_id",
        "duration_ms",
        "error",
        "error_type",
        "event",
        "event_id",
        "event_type",
        "exception",
        "file_id",
        "invoice_id",
        "job_id",
        "level",
        "logger",
        "message_id",
        "method",
        "payee_id",
        "period",
        "plan_id",
        "point",
        "port",
        "reason",
        "revision",
        "route",
        "rows",
        "run_id",
        "sequence",
        "service",
        "source",
        "state",
        "statement_id",
        "status",
        "step",
        "subject",
        "tenant_id",
        "timestamp",
        "url",
        "version",
    }
)
"""The only keys that reach a log line: ids and figures, no names, tax numbers or bank details."""


def _add_trace(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    trace = current_trace.get()
    if trace is not None:
        line.setdefault("correlation_id", str(trace.correlation_id))
        if trace.causation_id is not None:
            line.setdefault("causation_id", str(trace.causation_id))
    return line


def _keep_allowed(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    refused = sorted(set(line) - ALLOWED)
    for key in refused:
        del line[key]
    if refused:
        line["reason"] = f"keys left out of the log: {', '.join(refused)}"
    return line


def shown(error: BaseException) -> dict[str, str]:
    """Return what a log line may say of an error: its type, never the values in its text."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return {"error_type": type(error).__name__, **({"code": str(state)} if state else {})}


def _places_only(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Tell where an exception went through, without its text and its variables."""
    given = line.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        line["error_type"] = type(error).__name__
        line["exception"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames[-12:]]
    return line


def _dumps(value: Any, **_: Any) -> str:
    return orjson.dumps(value, default=str).decode()


def configure_logging(service: str, level: str = "info") -> None:
    """Send this process's logs, and those of its libraries, to standard output as JSON."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
    ]
    last: list[Any] = [
        _places_only,
        _keep_allowed,
        structlog.processors.JSONRenderer(serializer=_dumps),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("uvicorn.access", "httpx", "httpcore", "nats", "alembic"):
        logging.getLogger(noisy).setLevel("WARNING")
    structlog.contextvars.bind_contextvars(service=service)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger; give facts as keywords, `log.info("order stored", message_id=…)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
