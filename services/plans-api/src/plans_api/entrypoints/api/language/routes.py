"""The language of formulas: its description, and checking one formula."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from plans_api.application.find_names import names_of_text, names_of_version
from plans_api.domain.formula_check import check_formula, names_in_scope, scopes_of_no_plan
from plans_api.entrypoints.api.caller import view_of
from plans_api.entrypoints.api.language.answers import FormulaOut
from plans_api.entrypoints.api.language.bodies import FormulaIn
from plans_api.entrypoints.api.language.description import LanguageOut
from premia_plan.language import Names
from premia_plan.language.description import language_description
from premia_runtime.auth import Caller
from premia_runtime.dependencies import RuntimeOf, require
from premia_runtime.problems import BadRequest, documented

router = APIRouter(tags=["language"])
Reader = Annotated[Caller, require("plans:read")]


@router.get(
    "/v1/language/schema",
    operation_id="get_plan_schema",
    summary="Read the JSON Schema of a plan document",
    response_class=Response,
    responses={
        **documented(),
        200: {
            "description": "JSON Schema 2020-12.",
            "content": {"application/schema+json": {"schema": {"type": "object"}}},
        },
        304: {"description": "You have it already."},
    },
)
async def get_plan_schema(
    _caller: Reader,
    if_none_match: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Response:
    """Describe the shape of a plan, for editors that complete and check while one writes.

    Every key has a `description`, and the same in Italian under `x-it`.  The answer may be kept
    for an hour, and asked for again with If-None-Match.
    """
    return _kept(_schema(), if_none_match, "application/schema+json")


@router.get(
    "/v1/language",
    operation_id="get_language",
    summary="Read the formula language",
    response_model=LanguageOut,
    responses={**documented(404), 304: {"description": "You have it already."}},
)
async def get_language(
    runtime: RuntimeOf,
    caller: Reader,
    plan_id: Annotated[UUID | None, Query(description="A plan whose names to list.")] = None,
    version: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="The plan's version, with `plan_id`.")
    ] = None,
    if_none_match: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Response:
    """Describe tokens, operators, functions with examples, and the names of each scope.

    With a plan's version the scopes hold its own names too.  The answer may be kept for an hour,
    and asked for again with If-None-Match.
    """
    if (plan_id is None) is not (version is None):
        raise BadRequest("Name a plan by plan_id and version together, or by neither.")
    scopes = scopes_of_no_plan("EUR")
    if plan_id is not None and version is not None:
        async with runtime.open_work(caller.tenant_id) as work:
            scopes = await names_of_version(work, view_of(caller), plan_id, version)
    body = _common() if plan_id is None else _described(scopes)
    return _kept(body, if_none_match, "application/json")


def _kept(body: bytes, if_none_match: str | None, media_type: str) -> Response:
    """Answer what may be kept for an hour, or that the caller has it already."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=3600", "Vary": "Authorization"}
    if if_none_match is not None and tag in (one.strip() for one in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


@lru_cache(maxsize=1)
def _schema() -> bytes:
    return (files("premia_plan") / "plan.schema.json").read_bytes()


@router.post(
    "/v1/formulas:check",
    operation_id="check_formula",
    summary="Check a formula and try it with values",
    responses=documented(404),
)
async def check(body: FormulaIn, runtime: RuntimeOf, caller: Reader) -> FormulaOut:
    """Say what is wrong with a formula and where, and what it gives; nothing is stored."""
    names = names_in_scope(await _scopes(body, runtime, caller), body.scope)
    return FormulaOut.of(check_formula(body.formula, names, body.values))


async def _scopes(body: FormulaIn, runtime: RuntimeOf, caller: Caller) -> Mapping[str, Names]:
    if body.plan is None and body.document is None:
        return scopes_of_no_plan(body.currency)
    async with runtime.open_work(caller.tenant_id) as work:
        if body.plan is not None:
            stored = body.plan
            return await names_of_version(work, view_of(caller), stored.id, stored.version)
        return await names_of_text(work, body.document or "")


@lru_cache(maxsize=1)
def _common() -> bytes:
    return _described(scopes_of_no_plan("EUR"))


def _described(scopes: Mapping[str, Names]) -> bytes:
    return LanguageOut.model_validate(language_description(scopes)).model_dump_json().encode()
