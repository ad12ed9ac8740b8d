"""Sources, their mappings and watermarks."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from connectors.application.announce_watermark import announce_watermark
from connectors.application.create_source import create_source, revise_mapping
from connectors.application.errors import SourceNotFound
from connectors.application.ports import ConnectorsWork, Watermark
from connectors.application.queries import ReadingWork
from connectors.domain.source import Source, SourceKind
from connectors.entrypoints.api.exact_json import documented_body, read_exact
from connectors.entrypoints.api.intake import require_media_type
from connectors.entrypoints.api.schemas import Code
from connectors.entrypoints.api.source_schemas import (
    AnnounceWatermark,
    CreateSource,
    DriftItemOut,
    DriftOut,
    MappingOut,
    ReviseMapping,
    SourceCreatedOut,
    SourceOut,
    SourcesOut,
    WatermarkOut,
)
from connectors.entrypoints.api.source_tokens import new_token, token_digest
from premia_runtime.auth import Caller
from premia_runtime.dependencies import (
    CorrelationId,
    IfMatch,
    NewIds,
    Now,
    RuntimeOf,
    etag,
    require,
)
from premia_runtime.problems import documented
from premia_runtime.runtime import Runtime
from premia_runtime.work import in_work

router = APIRouter(prefix="/v1/sources", tags=["sources"])

SourceCode = Annotated[Code, Path(examples=["salesforce"])]
Reader = Annotated[Caller, require("sources:read")]
Writer = Annotated[Caller, require("sources:write")]


@router.post(
    "",
    operation_id="create_source",
    summary="Set up a source",
    status_code=201,
    responses=documented(409),
)
async def create(
    *,
    body: CreateSource,
    runtime: RuntimeOf,
    caller: Writer,
    now: Now,
    ids: NewIds,
    correlation_id: CorrelationId,
) -> SourceCreatedOut:
    """Set up a source.  Its token is shown this once; a lost one is replaced, not recovered."""
    token = new_token(caller.tenant_id)
    source_id = ids.new()

    async def effect(work: ConnectorsWork) -> Source:
        return await create_source(
            work,
            source_id=source_id,
            code=body.code,
            kind=SourceKind(body.kind),
            org_id=body.org_id,
            time_zone=body.time_zone,
            token_hash=token_digest(token),
            by=caller.user_id,
            now=now,
            correlation_id=correlation_id,
        )

    source = await in_work(runtime.open_work, caller.tenant_id, effect)
    return _created(runtime, source, None, token)


@router.post(
    "/{source}/token",
    operation_id="replace_source_token",
    summary="Replace the token of a source",
    responses=documented(404),
)
async def replace_token(source: SourceCode, runtime: RuntimeOf, caller: Writer) -> SourceCreatedOut:
    """Give the source a new token, shown this once.  The one before stops working at once."""
    token = new_token(caller.tenant_id)
    async with runtime.open_work(caller.tenant_id) as work:
        known = await work.sources.get(source)
        await work.sources.replace_token(known.id, token_digest(token))
        mark = await work.facts.latest_watermark(known.id)
    return _created(runtime, known, mark, token)


@router.get("", operation_id="list_sources", summary="List sources", responses=documented())
async def list_sources(runtime: RuntimeOf, caller: Reader) -> SourcesOut:
    """List the tenant's sources, by code."""
    async with runtime.open_work(caller.tenant_id) as work:
        items = [await _shown(work, source) for source in await work.sources.every()]
    return SourcesOut(items=items, next_cursor=None)


@router.get(
    "/{source}", operation_id="get_source", summary="Show a source", responses=documented(404)
)
async def get_source(source: SourceCode, runtime: RuntimeOf, caller: Reader) -> SourceOut:
    """Show a source with its last watermark."""
    async with runtime.open_work(caller.tenant_id) as work:
        return await _shown(work, await work.sources.get(source))


@router.get(
    "/{source}/mapping",
    operation_id="get_mapping",
    summary="Show the mapping in use",
    responses=documented(404),
)
async def get_mapping(
    source: SourceCode, runtime: RuntimeOf, caller: Reader, response: Response
) -> MappingOut:
    """Show the mapping in use; the ETag is its version."""
    async with runtime.open_work(caller.tenant_id) as work:
        known = await work.sources.get(source)
        document = await work.queries.mapping_document(known.id, known.mapping_version)
    if document is None:
        raise SourceNotFound(f"source {source!r} has no mapping")
    response.headers["ETag"] = etag(known.mapping_version)
    return MappingOut(version=known.mapping_version, document=document)


@router.put(
    "/{source}/mapping",
    operation_id="revise_mapping",
    summary="Give a source its next mapping version",
    responses=documented(404, 412, 415, 428),
    openapi_extra=documented_body(ReviseMapping),
)
async def put_mapping(
    *,
    source: SourceCode,
    request: Request,
    runtime: RuntimeOf,
    caller: Writer,
    version: IfMatch,
    now: Now,
    correlation_id: CorrelationId,
    response: Response,
) -> MappingOut:
    """Use this mapping from now on.  Replay messages or quarantine entries to read them with it."""
    require_media_type(request, "application/json")
    body = read_exact(ReviseMapping, await request.body())

    async def effect(work: ConnectorsWork) -> int:
        return await revise_mapping(
            work,
            code=source,
            document=body.document,
            expected_version=version,
            by=caller.user_id,
            now=now,
            correlation_id=correlation_id,
        )

    made = await in_work(runtime.open_work, caller.tenant_id, effect)
    response.headers["ETag"] = etag(made)
    return MappingOut(version=made, document=body.document)


@router.get(
    "/{source}/drift",
    operation_id="list_drift",
    summary="List fields without a mapping",
    responses=documented(404),
)
async def list_drift(source: SourceCode, runtime: RuntimeOf, caller: Reader) -> DriftOut:
    """List the fields that the source sends and no mapping speaks of."""
    async with runtime.open_work(caller.tenant_id) as work:
        known = await work.sources.get(source)
        rows = await work.queries.drift(known.id)
    return DriftOut(
        items=[DriftItemOut.model_validate(dict(row)) for row in rows], next_cursor=None
    )


@router.post(
    "/{source}/watermarks",
    operation_id="announce_watermark",
    summary="Say up to when everything was sent",
    responses=documented(404),
)
async def watermark(
    source: SourceCode,
    body: AnnounceWatermark,
    runtime: RuntimeOf,
    caller: Annotated[Caller, require("intake:write")],
    correlation_id: CorrelationId,
) -> WatermarkOut:
    """Announce that everything the source knew up to an instant has been sent and published.

    Saying the same, or an earlier instant, again changes nothing: the latest is answered.
    """

    async def effect(work: ConnectorsWork) -> Watermark:
        known = await work.sources.get(source)
        await work.sources.lock_for_watermark(known.id)
        return await announce_watermark(
            work,
            known,
            known_up_to=body.known_up_to,
            now=runtime.clock.now(),
            correlation_id=correlation_id,
        )

    made = await in_work(runtime.open_work, caller.tenant_id, effect)
    return _watermark_out(made)


async def _shown(work: ReadingWork, source: Source) -> SourceOut:
    return _source_out(source, await work.facts.latest_watermark(source.id))


def _source_out(source: Source, mark: Watermark | None) -> SourceOut:
    return SourceOut(
        id=source.id,
        code=source.code,
        kind=source.kind.value,
        org_id=source.org_id,
        time_zone=source.time_zone,
        mapping_version=source.mapping_version,
        created_at=source.created_at,
        watermark=None if mark is None else _watermark_out(mark),
    )


def _watermark_out(mark: Watermark) -> WatermarkOut:
    return WatermarkOut(known_up_to=mark.known_up_to, count=mark.count, amount=mark.amount)


def _created(
    runtime: Runtime[Any], source: Source, mark: Watermark | None, token: str
) -> SourceCreatedOut:
    base = runtime.settings.public_base_url.rstrip("/")
    return SourceCreatedOut(
        source=_source_out(source, mark),
        source_token=token,
        outbound_message_url=f"{base}/v1/hooks/salesforce/outbound/{token}",
    )
