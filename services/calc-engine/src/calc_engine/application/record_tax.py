"""Keep invoicing's answer to a statement revision."""

from calc_engine.application.ports import CalcWork
from calc_engine.domain.statement import TaxAnswer
from premia_common.canonical import canonical_json
from premia_common.contracts.invoices import TaxItemsCalculated


async def record_tax(work: CalcWork, event: TaxItemsCalculated) -> None:
    """Store the answer with the revision it speaks of; of several the latest counts.

    Raises:
        StatementNotFound: if the tenant has no such statement revision.
    """
    answer = TaxAnswer(event.revision, event.status, event.reasons, event.net.money())
    items = [item.model_dump(mode="json") for item in event.items]
    await work.statements.add_tax(
        event.statement_id,
        answer,
        event_id=event.event_id,
        occurred_at=event.occurred_at,
        body=canonical_json(
            {
                "items": items,
                "taxable": event.taxable.model_dump(mode="json"),
                "vat": event.vat.model_dump(mode="json"),
                "withholding": event.withholding.model_dump(mode="json"),
                "assumed_payment_on": event.assumed_payment_on,
                "statement_digest": event.statement_digest,
            }
        ).decode(),
    )
