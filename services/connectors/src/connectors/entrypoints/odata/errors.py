"""Errors in the form that OData V2 clients read."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from connectors.domain.feed import (
    ContentDiffers,
    InvoiceNotInFeed,
    LeaseNotHeld,
    OtherCompanyCode,
    PostedTwice,
)
from connectors.entrypoints.odata.query_options import BadOption
from premia_runtime.database import is_retryable
from premia_runtime.logging import get_logger, shown
from premia_runtime.problems import RequestProblem

_log = get_logger(__name__)

HEADERS = {"DataServiceVersion": "2.0"}

_ERRORS: dict[type[Exception], tuple[int, str]] = {
    BadOption: (400, "bad-option"),
    InvoiceNotInFeed: (404, "invoice-not-in-feed"),
    LeaseNotHeld: (409, "lease-not-held"),
    ContentDiffers: (409, "content-differs"),
    OtherCompanyCode: (409, "other-company-code"),
    PostedTwice: (409, "posted-twice"),
}


class ODataMessage(BaseModel):
    """The text of an error."""

    lang: str
    value: str


class ODataError(BaseModel):
    """An error's code and text."""

    code: str
    message: ODataMessage


class ODataErrorOut(BaseModel):
    """The body of every answer of the feed that is not a success."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "error": {
                        "code": "lease-not-held",
                        "message": {"lang": "en", "value": "the invoice is not held"},
                    }
                }
            ]
        }
    )

    error: ODataError


def documented_odata(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of a route of the feed: OData errors instead of problem+json."""
    every = sorted({400, 401, 403, 413, 422, 500, 503, *statuses})
    return {status: {"model": ODataErrorOut, "description": "OData error"} for status in every}


def odata_error(status: int, code: str, text: str) -> Response:
    """Write an error."""
    body = {"error": {"code": code, "message": {"lang": "en", "value": text}}}
    headers = {**HEADERS, "WWW-Authenticate": "Bearer"} if status == 401 else HEADERS
    return Response(
        json.dumps(body), status_code=status, media_type="application/json", headers=headers
    )


class ODataRoute(APIRoute):
    """A route whose errors are written as OData V2 clients read them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with every error turned into an OData error."""
        handle = super().get_route_handler()

        async def handle_odata(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestProblem as error:
                return odata_error(error.problem.status, error.problem.slug, error.detail)
            except RequestValidationError as error:
                return odata_error(422, "invalid", "; ".join(e["msg"] for e in error.errors()))
            except HTTPException as error:
                return odata_error(error.status_code, "http-error", str(error.detail))
            except Exception as error:  # noqa: BLE001 - a client of the feed reads no other form
                return _answer_to(error)

        return handle_odata


def _answer_to(error: Exception) -> Response:
    for kind, (status, code) in _ERRORS.items():
        if isinstance(error, kind):
            return odata_error(status, code, str(error))
    if is_retryable(error):
        _log.warning("feed not ready", **shown(error))
        return odata_error(503, "not-ready", "Repeat the request in a moment.")
    _log.error("feed failed", **shown(error), exc_info=error)
    return odata_error(500, "internal-error", "Something went wrong here.")
