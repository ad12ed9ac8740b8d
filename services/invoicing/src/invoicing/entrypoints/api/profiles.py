"""Fiscal profiles: recorded by one person, in force once a second one approved them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ValidationError

from invoicing.application.keep_fiscal_profile import (
    approve_fiscal_profile,
    record_fiscal_profile,
    revise_fiscal_profile,
)
from invoicing.application.ports import InvoicingWork, Occasion
from invoicing.application.queries import ReadingWork
from invoicing.domain.fiscal_profile import FiscalProfile, FiscalProfileNotFound
from invoicing.entrypoints.api.dependencies import (
    OccasionOf,
    PortsOf,
    ProfileApprover,
    ProfileReader,
    ProfileWriter,
    visible_payee,
)
from invoicing.entrypoints.api.problems import PROBLEMS, ItemProblemOut
from invoicing.entrypoints.api.profile_schemas import (
    FiscalContentIn,
    FiscalProfileBatchIn,
    FiscalProfileIn,
    FiscalProfileOut,
    FiscalProfilePageOut,
    FiscalProfileResultOut,
    FiscalProfileResultsOut,
    ProfileApprovalsIn,
)
from premia_runtime.dependencies import (
    IfMatch,
    OnceFor,
    OpenWorkOf,
    PageRequest,
    RuntimeOf,
    etag,
    page_of,
)
from premia_runtime.problems import documented

router = APIRouter(tags=["fiscal profiles"])
_ERRORS = tuple(PROBLEMS)


def _tag(profile: FiscalProfile) -> dict[str, str]:
    return {"ETag": etag(profile.version)}


@router.post(
    "/v1/fiscal-profiles",
    operation_id="create_fiscal_profile",
    summary="Record a payee's fiscal profile",
    status_code=201,
    response_model=FiscalProfileOut,
    responses=documented(409),
)
async def create_fiscal_profile(
    body: FiscalProfileIn, caller: ProfileWriter, once: OnceFor, occasion: OccasionOf
) -> Response:
    """Record a profile from a day on; the same profile again gives the same profile."""

    async def effect(work: InvoicingWork) -> FiscalProfile:
        profile, _ = await record_fiscal_profile(
            work, payee_id=body.payee_id, valid_from=body.valid_from, content=body.content(),
            by=caller.user_id, occasion=occasion,
        )  # fmt: skip
        return profile

    return await once(effect, answer=FiscalProfileOut.of, status=201, headers=_tag)


@router.post(
    "/v1/fiscal-profiles:batch",
    operation_id="create_fiscal_profiles",
    summary="Record up to 500 fiscal profiles",
    response_model=FiscalProfileResultsOut,
    responses=documented(409),
)
async def create_fiscal_profiles(
    body: FiscalProfileBatchIn, caller: ProfileWriter, once: OnceFor, occasion: OccasionOf
) -> Response:
    """Record each profile on its own: one that is refused does not hold up the others."""

    async def effect(work: InvoicingWork) -> FiscalProfileResultsOut:
        return FiscalProfileResultsOut(
            items=[
                await _record(work, index, item, caller.user_id, occasion)
                for index, item in enumerate(body.items)
            ]
        )

    return await once(effect, answer=lambda results: results)


async def _record(
    work: InvoicingWork, index: int, item: object, by: UUID, occasion: Occasion
) -> FiscalProfileResultOut:
    try:
        given = FiscalProfileIn.model_validate(item)
        profile, outcome = await record_fiscal_profile(
            work, payee_id=given.payee_id, valid_from=given.valid_from, content=given.content(),
            by=by, occasion=occasion,
        )  # fmt: skip
    except ValidationError as error:
        return _refused(index, _invalid(error))
    except _ERRORS as error:
        return _refused(index, ItemProblemOut.of(error))
    return FiscalProfileResultOut(
        index=index, result=outcome, profile_id=profile.id, version=profile.version, problem=None
    )


def _invalid(error: ValidationError) -> ItemProblemOut:
    reasons = "; ".join(
        f"/{'/'.join(str(part) for part in detail['loc'])}: "
        f"{detail['msg'].removeprefix('Value error, ')}"
        for detail in error.errors(include_url=False, include_input=False)[:5]
    )
    return ItemProblemOut(
        code="invalid", title="The request is understood and refused", status=422, detail=reasons
    )


def _refused(index: int, problem: ItemProblemOut) -> FiscalProfileResultOut:
    return FiscalProfileResultOut(
        index=index, result="refused", profile_id=None, version=None, problem=problem
    )


@router.get(
    "/v1/fiscal-profiles",
    operation_id="list_fiscal_profiles",
    summary="List fiscal profiles",
    responses=documented(),
)
async def list_fiscal_profiles(
    caller: ProfileReader,
    open_work: OpenWorkOf,
    runtime: RuntimeOf,
    page: Annotated[PageRequest, page_of("fiscal-profiles")],
    payee_id: UUID | None = None,
) -> FiscalProfilePageOut:
    """List profiles in their newest revision, in a stable order."""
    own = visible_payee(caller)
    after = UUID(page.after[0]) if page.after else None
    async with open_work(caller.tenant_id) as work:
        reading: ReadingWork = work
        found = await reading.queries.fiscal_profiles(
            payee_id=own or payee_id, after=after, limit=page.limit + 1
        )
    shown = found[: page.limit]
    more = len(found) > page.limit
    return FiscalProfilePageOut(
        items=[FiscalProfileOut.of(profile) for profile in shown],
        next_cursor=runtime.cursors.write("fiscal-profiles", shown[-1].id) if more else None,
    )


@router.get(
    "/v1/fiscal-profiles/{profile_id}",
    operation_id="get_fiscal_profile",
    summary="Show a fiscal profile",
    responses=documented(404),
)
async def get_fiscal_profile(
    profile_id: UUID, caller: ProfileReader, open_work: OpenWorkOf, response: Response
) -> FiscalProfileOut:
    """Show a profile in its newest revision."""
    async with open_work(caller.tenant_id) as work:
        reading: ReadingWork = work
        profile = await reading.queries.fiscal_profile(profile_id)
    if profile is None:
        raise FiscalProfileNotFound(f"There is no fiscal profile {profile_id}.  Check the id.")
    response.headers.update(_tag(profile))
    return FiscalProfileOut.of(profile)


@router.put(
    "/v1/fiscal-profiles/{profile_id}",
    operation_id="revise_fiscal_profile",
    summary="Give a fiscal profile a new revision",
    response_model=FiscalProfileOut,
    responses=documented(404, 409, 412, 428),
)
async def put_fiscal_profile(
    *,
    profile_id: UUID,
    body: FiscalContentIn,
    version: IfMatch,
    caller: ProfileWriter,
    once: OnceFor,
    occasion: OccasionOf,
) -> Response:
    """Write a new draft revision; the approved one stays in force until this one is approved."""

    async def effect(work: InvoicingWork) -> FiscalProfile:
        return await revise_fiscal_profile(
            work, profile_id=profile_id, version=version, content=body.content(),
            by=caller.user_id, occasion=occasion,
        )  # fmt: skip

    return await once(effect, answer=FiscalProfileOut.of, headers=_tag)


@router.post(
    "/v1/fiscal-profiles/{profile_id}/approve",
    operation_id="approve_fiscal_profile",
    summary="Approve a fiscal profile",
    response_model=FiscalProfileOut,
    responses=documented(404, 409, 412, 428),
)
async def post_fiscal_profile_approval(
    *,
    profile_id: UUID,
    version: IfMatch,
    caller: ProfileApprover,
    once: OnceFor,
    occasion: OccasionOf,
    ports: PortsOf,
) -> Response:
    """Put the newest revision in force, as a second person; statements that waited move on."""

    async def effect(work: InvoicingWork) -> FiscalProfile:
        return await approve_fiscal_profile(
            work, profile_id=profile_id, version=version, by=caller.user_id, data=ports.data,
            occasion=occasion,
        )  # fmt: skip

    return await once(effect, answer=FiscalProfileOut.of, headers=_tag)


@router.post(
    "/v1/fiscal-profiles:approve",
    operation_id="approve_fiscal_profiles",
    summary="Approve up to 500 fiscal profiles",
    response_model=FiscalProfileResultsOut,
    responses=documented(409),
)
async def approve_fiscal_profiles(
    body: ProfileApprovalsIn,
    caller: ProfileApprover,
    once: OnceFor,
    occasion: OccasionOf,
    ports: PortsOf,
) -> Response:
    """Approve each profile on its own; one that is refused does not hold up the others."""

    async def approve(
        work: InvoicingWork, index: int, profile_id: UUID, version: int
    ) -> FiscalProfileResultOut:
        try:
            profile = await approve_fiscal_profile(
                work, profile_id=profile_id, version=version, by=caller.user_id, data=ports.data,
                occasion=occasion,
            )  # fmt: skip
        except _ERRORS as error:
            return _refused(index, ItemProblemOut.of(error))
        return FiscalProfileResultOut(
            index=index, result="approved", profile_id=profile.id, version=profile.version,
            problem=None,
        )  # fmt: skip

    async def effect(work: InvoicingWork) -> FiscalProfileResultsOut:
        # In the order of ids, so that two batches never wait for each other's rows in a circle.
        ordered = sorted(enumerate(body.items), key=lambda pair: pair[1].profile_id)
        done = [
            await approve(work, index, item.profile_id, item.version) for index, item in ordered
        ]
        return FiscalProfileResultsOut(items=sorted(done, key=lambda result: result.index))

    return await once(effect, answer=lambda results: results)
