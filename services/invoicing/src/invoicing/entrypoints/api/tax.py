"""Tax: what was answered to statements, what would be, and by which rules."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from invoicing.application.preview_tax import preview_tax
from invoicing.application.queries import ReadingWork
from invoicing.application.tax_records import TaxRecord
from invoicing.domain.tax import TaxableAmount, TaxDates
from invoicing.entrypoints.api.dependencies import PortsOf, StatementReader, visible_payee
from invoicing.entrypoints.api.tax_schemas import (
    RegimesOut,
    TaxAnswerOut,
    TaxAnswersOut,
    TaxPreviewIn,
    TaxPreviewOut,
)
from premia_runtime.dependencies import OpenWorkOf
from premia_runtime.problems import documented

router = APIRouter(tags=["tax"])


@router.get(
    "/v1/tax-items",
    operation_id="list_tax_items",
    summary="Show the tax items of a statement",
    responses=documented(),
)
async def list_tax_items(
    caller: StatementReader,
    open_work: OpenWorkOf,
    statement_id: Annotated[UUID, Query(description="The statement that was answered.")],
) -> TaxAnswersOut:
    """Show every answer to a statement; empty while none was given, or for another's statement."""
    own = visible_payee(caller)
    async with open_work(caller.tenant_id) as work:
        reading: ReadingWork = work
        found = await reading.queries.tax_answers(statement_id)
    shown = [TaxAnswerOut.of(view) for view in found if own in (None, view.payee_id)]
    return TaxAnswersOut(items=shown, next_cursor=None)


@router.post(
    "/v1/tax:preview",
    operation_id="preview_tax",
    summary="Calculate tax for amounts without storing anything",
    responses=documented(),
)
async def post_tax_preview(body: TaxPreviewIn, _: StatementReader, ports: PortsOf) -> TaxPreviewOut:
    """Calculate as a statement would be answered, with the same explanation."""
    regime, result = preview_tax(
        ports.data.regimes,
        role=body.role,
        legal_form=body.legal_form,
        residence=body.residence,
        tax_regime=body.tax_regime,
        employees_declared=body.employees_declared,
        dates=TaxDates(body.invoice_on, body.payment_on),
        amounts=[TaxableAmount(item.ref, item.kind, item.amount.money()) for item in body.amounts],
    )
    return TaxPreviewOut.of(regime, TaxRecord.of(result))


@router.get(
    "/v1/tax-regimes",
    operation_id="list_tax_regimes",
    summary="List tax regimes and their parameters",
    responses=documented(),
)
async def list_tax_regimes(_: StatementReader, ports: PortsOf) -> RegimesOut:
    """List every regime with its rules, and every dated number with its reference."""
    return RegimesOut.of(ports.data.regimes)
