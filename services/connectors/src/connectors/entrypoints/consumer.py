"""Reactions to events from the topic."""

from collections.abc import Sequence
from typing import Any

from connectors.application.ports import ConnectorsWork
from connectors.application.serve_invoices import offer_invoice
from premia_common.contracts.invoices import InvoiceApproved
from premia_runtime.consumer import Reaction, ReactionContext

CONSUMER = "connectors"


async def on_invoice_approved(
    event: InvoiceApproved, work: ConnectorsWork, _: ReactionContext
) -> None:
    """Offer the invoice to SAP."""
    await offer_invoice(work, event)


REACTIONS: Sequence[Reaction[Any]] = (Reaction(InvoiceApproved, on_invoice_approved),)
