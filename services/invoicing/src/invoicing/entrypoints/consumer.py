"""What invoicing does when something happens elsewhere."""

from typing import Any
from zoneinfo import ZoneInfo

from invoicing.application.answer_statement import record_statement
from invoicing.application.approve_invoice import record_posting, record_rejection
from invoicing.application.ports import InvoicingWork, Occasion, Posting, Rejection, TaxData
from invoicing.application.prepare_pro_forma import prepare_waiting_statements, record_approval
from invoicing.domain.party import Mandate, Payee, Principal
from invoicing.domain.statement import StatementRevision, StatementTotal
from premia_common.contracts.envelope import Event
from premia_common.contracts.orders import SapDocumentPosted, SapDocumentRejected
from premia_common.contracts.plans import MandateChanged, PayeeChanged, PrincipalChanged
from premia_common.contracts.statements import StatementApproved, StatementCalculated
from premia_runtime.consumer import Reaction, ReactionContext

NAME = "invoicing"


class InvoicingReactions:
    """The reactions, with the tax data and the time zone they work with."""

    def __init__(self, data: TaxData, zone: ZoneInfo) -> None:
        self._data = data
        self._zone = zone

    def all(self) -> list[Reaction[Any]]:
        """Return one reaction per event type."""
        return [
            Reaction(PrincipalChanged, self.on_principal_changed),
            Reaction(PayeeChanged, self.on_payee_changed),
            Reaction(MandateChanged, self.on_mandate_changed),
            Reaction(StatementCalculated, self.on_statement_calculated),
            Reaction(StatementApproved, self.on_statement_approved),
            Reaction(SapDocumentPosted, self.on_sap_document_posted),
            Reaction(SapDocumentRejected, self.on_sap_document_rejected),
        ]

    async def on_principal_changed(
        self, event: PrincipalChanged, work: InvoicingWork, context: ReactionContext
    ) -> None:
        """Keep the snapshot and prepare what waited for the principal."""
        await work.parties.record(
            Principal(
                event.principal_id, event.version, event.code, event.name, event.country,
                event.vat_number,
            )
        )  # fmt: skip
        await prepare_waiting_statements(
            work,
            principal_id=event.principal_id,
            data=self._data,
            occasion=self._occasion(event, context),
        )

    async def on_payee_changed(
        self, event: PayeeChanged, work: InvoicingWork, _: ReactionContext
    ) -> None:
        """Keep the snapshot."""
        await work.parties.record(Payee(event.payee_id, event.version, event.code, event.name))

    async def on_mandate_changed(
        self, event: MandateChanged, work: InvoicingWork, _: ReactionContext
    ) -> None:
        """Keep the snapshot."""
        await work.parties.record(
            Mandate(
                event.mandate_id, event.version, event.principal_id, event.payee_id,
                event.valid_from, event.valid_to,
            )
        )  # fmt: skip

    async def on_statement_calculated(
        self, event: StatementCalculated, work: InvoicingWork, context: ReactionContext
    ) -> None:
        """Answer the revision with its tax items, once."""
        await record_statement(
            work, _statement(event), data=self._data, occasion=self._occasion(event, context)
        )

    async def on_statement_approved(
        self, event: StatementApproved, work: InvoicingWork, context: ReactionContext
    ) -> None:
        """Prepare the pro-forma, once."""
        await record_approval(
            work,
            _statement(event),
            approved_by=event.approved_by,
            approved_at=event.approved_at,
            data=self._data,
            occasion=self._occasion(event, context),
        )

    async def on_sap_document_posted(
        self, event: SapDocumentPosted, work: InvoicingWork, context: ReactionContext
    ) -> None:
        """Mark the invoice posted, once."""
        await record_posting(
            work,
            document_id=event.invoice_id,
            posting=Posting(event.accounting_document, event.fiscal_year, event.posting_date),
            occasion=self._occasion(event, context),
        )

    async def on_sap_document_rejected(
        self, event: SapDocumentRejected, work: InvoicingWork, _: ReactionContext
    ) -> None:
        """Keep what SAP said; the invoice shows it until SAP has posted it."""
        await record_rejection(
            work,
            document_id=event.invoice_id,
            event_id=event.event_id,
            rejection=Rejection(
                event.message_class, event.message_number, event.text, event.retryable,
                event.occurred_at,
            ),
        )  # fmt: skip

    def _occasion(self, event: Event, context: ReactionContext) -> Occasion:
        return Occasion(
            now=context.now,
            today=context.now.astimezone(self._zone).date(),
            correlation_id=context.correlation_id,
            ids=context.ids,
            causation_id=event.event_id,
        )


def _statement(event: StatementCalculated | StatementApproved) -> StatementRevision:
    return StatementRevision(
        statement_id=event.statement_id,
        revision=event.revision,
        digest=event.digest,
        payee_id=event.payee_id,
        principal_id=event.principal_id,
        period=event.period,
        currency=event.currency,
        totals=tuple(
            StatementTotal(
                plan=total.plan,
                component=total.component,
                kind=total.kind,
                competence=total.competence,
                amount=total.amount.money(),
                corrects=total.corrects,
            )
            for total in event.totals
        ),
        brought_forward=event.brought_forward.money(),
        payable=event.payable.money(),
    )
