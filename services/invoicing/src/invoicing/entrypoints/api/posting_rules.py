"""Posting rules of a principal: accounts, cost centre, tax and withholding codes."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from invoicing.application.keep_posting_rules import keep_posting_rules
from invoicing.application.ports import InvoicingWork
from invoicing.application.queries import ReadingWork
from invoicing.domain.party import PrincipalNotKnown
from invoicing.domain.posting_rules import PostingRules, WithholdingPosting
from invoicing.domain.tax_regime import LineKind
from invoicing.entrypoints.api.dependencies import (
    OccasionOf,
    PortsOf,
    ProfileReader,
    ProfileWriter,
)
from invoicing.entrypoints.api.profile_schemas import In
from premia_runtime.dependencies import IfMatch, OnceFor, OpenWorkOf, etag
from premia_runtime.problems import documented

router = APIRouter(tags=["posting rules"])
Code = Annotated[str, StringConstraints(pattern="^[0-9A-Z]{1,10}$")]
Reason = Annotated[str, StringConstraints(pattern="^[A-Z][A-Z0-9]?$")]
VatKey = Annotated[str, StringConstraints(pattern=r"^([0-9]{1,2}(\.[0-9]+)?|N[1-7](\.[0-9])?)$")]
_EXAMPLE: dict[str, Any] = {
    "cost_center": "SALES",
    "gl_accounts": {"commission": "620100", "bonus": "620200"},
    "vat_codes": {"22": "V2", "N2.2": "V0"},
    "withholding_codes": {"R": {"type_code": "RA", "tax_code": "R1"}},
}


class WithholdingCodes(In):
    """SAP's withholding type and code."""

    type_code: Code
    tax_code: Code


class PostingRulesIn(In):
    """Everything an invoice needs: VAT by rate or exemption, withholding by its reason."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    cost_center: Code
    gl_accounts: dict[LineKind, Code]
    vat_codes: dict[VatKey, Code]
    withholding_codes: dict[Reason, WithholdingCodes]


class PostingRulesOut(BaseModel):
    """The rules of a principal; version 0 are those that hold without rules of its own."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 1, **_EXAMPLE}]})

    version: int
    cost_center: str
    gl_accounts: dict[LineKind, str]
    vat_codes: dict[str, str]
    withholding_codes: dict[str, WithholdingCodes]

    @classmethod
    def of(cls, rules: PostingRules) -> "PostingRulesOut":
        """Write rules."""
        return cls(
            version=rules.version,
            cost_center=rules.cost_center,
            gl_accounts=dict(rules.gl_accounts),
            vat_codes=dict(rules.vat_codes),
            withholding_codes={
                reason: WithholdingCodes(type_code=codes.type_code, tax_code=codes.tax_code)
                for reason, codes in rules.withholding_codes.items()
            },
        )


@router.get(
    "/v1/posting-rules/{principal_id}",
    operation_id="get_posting_rules",
    summary="Show a principal's posting rules",
    responses=documented(404),
)
async def get_posting_rules(
    principal_id: UUID,
    caller: ProfileReader,
    open_work: OpenWorkOf,
    ports: PortsOf,
    response: Response,
) -> PostingRulesOut:
    """Show the rules in force; those of the package while the principal has none of its own."""
    async with open_work(caller.tenant_id) as work:
        if await work.parties.principal(principal_id) is None:
            raise PrincipalNotKnown(principal_id)
        reading: ReadingWork = work
        own = await reading.queries.posting_rules(principal_id)
    rules = own or ports.data.default_posting_rules
    response.headers["ETag"] = etag(rules.version)
    return PostingRulesOut.of(rules)


@router.put(
    "/v1/posting-rules/{principal_id}",
    operation_id="put_posting_rules",
    summary="Replace a principal's posting rules",
    response_model=PostingRulesOut,
    responses=documented(404, 409, 412, 428),
)
async def put_posting_rules(
    *,
    principal_id: UUID,
    body: PostingRulesIn,
    version: IfMatch,
    caller: ProfileWriter,
    once: OnceFor,
    occasion: OccasionOf,
) -> Response:
    """Write a new version of the rules; invoices approved from now on are posted by it."""
    rules = PostingRules(
        version=version + 1,
        cost_center=body.cost_center,
        gl_accounts=dict(body.gl_accounts),
        vat_codes=dict(body.vat_codes),
        withholding_codes={
            reason: WithholdingPosting(codes.type_code, codes.tax_code)
            for reason, codes in body.withholding_codes.items()
        },
    )

    async def effect(work: InvoicingWork) -> PostingRules:
        return await keep_posting_rules(
            work, principal_id=principal_id, rules=rules, by=caller.user_id, occasion=occasion
        )

    return await once(
        effect, answer=PostingRulesOut.of, headers=lambda kept: {"ETag": etag(kept.version)}
    )
