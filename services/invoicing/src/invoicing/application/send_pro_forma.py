"""Sending pro-formas: first the number, then the PDF, then the word that it is sent."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from invoicing.application.document_payload import IssuedPayload, PreparedPayload, issue_payload
from invoicing.application.ports import (
    InvoicingWork,
    Issue,
    Occasion,
    RenderedFile,
    Step,
    TaxData,
)
from invoicing.domain.fiscal_profile import ApprovedProfile, NoProfileOnDate, profile_on
from invoicing.domain.numbering import SERIES, DocumentNumber
from invoicing.domain.parameters import ParameterInOtherCurrency, ParameterNotSet
from invoicing.domain.pro_forma import (
    Document,
    DocumentChanged,
    DocumentNotFound,
    DocumentStatus,
    StepNotPossible,
)
from invoicing.domain.regime_choice import NoRegimeForProfile, regime_for
from invoicing.domain.statement import dates_from
from invoicing.domain.tax import TaxableAmount, TaxDates, TaxResult, calculate_tax
from premia_common.contracts.invoices import ProFormaSent

REFUSALS = (
    DocumentNotFound,
    DocumentChanged,
    StepNotPossible,
    NoProfileOnDate,
    NoRegimeForProfile,
    ParameterNotSet,
    ParameterInOtherCurrency,
)


@dataclass(frozen=True, slots=True)
class DocumentVersion:
    """A document in the version the caller saw."""

    id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class _Ready:
    """A document that may be numbered, with its profile and tax of the day."""

    document: Document
    version: int
    prepared: PreparedPayload
    profile: ApprovedProfile
    regime: str
    result: TaxResult


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of the documents that are to be numbered."""

    documents: Mapping[UUID, Document]
    prepared: Mapping[UUID, PreparedPayload]
    profiles: Mapping[UUID, Sequence[ApprovedProfile]]
    """By payee."""


async def number_pro_formas(
    work: InvoicingWork,
    wanted: Sequence[DocumentVersion],
    *,
    by: UUID,
    data: TaxData,
    occasion: Occasion,
) -> list[Document | Exception]:
    """Give prepared documents their numbers, their date and their final tax.

    The payee is written down, and taxed, as the fiscal profile says that holds on the document's
    day, which need not be the one it was prepared with.

    Numbers and contents commit together, so a rollback leaves no gap.  A document is sent once
    `finish_sending` has kept its PDF.

    Returns:
        For each the numbered document, or why it was refused: DocumentNotFound, DocumentChanged,
        StepNotPossible, NoProfileOnDate, NoRegimeForProfile, ParameterNotSet or
        ParameterInOtherCurrency.
    """
    found = await _find(work, [one.id for one in wanted])
    dates = dates_from(occasion.today)
    judged: list[_Ready | Exception] = []
    seen: set[UUID] = set()
    for one in wanted:
        try:
            ready = _judge(one, found, by=by, data=data, dates=dates)
            if one.id in seen:
                raise DocumentChanged(one.id, one.version + 1)
        except REFUSALS as refusal:
            judged.append(refusal)
        else:
            seen.add(one.id)
            judged.append(ready)
    return await _number(work, judged, by=by, dates=dates, occasion=occasion)


async def finish_sending(
    work: InvoicingWork, files: Mapping[UUID, RenderedFile], *, occasion: Occasion
) -> None:
    """Keep the PDFs of numbered documents and announce that they were sent; once only."""
    documents = await work.documents.get_many(list(files))
    waiting = {
        document_id: document
        for document_id, document in documents.items()
        if document.status is DocumentStatus.PREPARED
    }
    if not waiting:
        return
    payloads = await work.documents.issued_many(list(waiting))
    moves = [
        (document.send(), Step(occasion.now, document.sent_by)) for document in waiting.values()
    ]
    await work.documents.keep_files(
        {document_id: files[document_id] for document_id in waiting}, occasion.now
    )
    await work.documents.move(moves)
    for sent, _ in moves:
        event = _event(work.tenant_id, sent, payloads[sent.id], files[sent.id], occasion)
        work.outbox.add(event)


async def _find(work: InvoicingWork, document_ids: Sequence[UUID]) -> _Found:
    documents = await work.documents.get_many(document_ids)
    prepared = await work.documents.prepared(list(documents))
    profiles = await work.profiles.approved_of_all(
        {document.payee_id for document in documents.values()}
    )
    return _Found(documents, prepared, profiles)


def _judge(
    wanted: DocumentVersion, found: _Found, *, by: UUID, data: TaxData, dates: TaxDates
) -> _Ready:
    """Return a document with its final tax, or raise why it cannot be numbered."""
    document = found.documents.get(wanted.id)
    if document is None:
        raise DocumentNotFound(wanted.id)
    # Refuses before a number is taken: a number that is taken must be used.
    document.number_it("", version=wanted.version, by=by)
    prepared = found.prepared[wanted.id]
    profile = profile_on(found.profiles.get(document.payee_id, ()), dates.invoice)
    if profile is None:
        raise NoProfileOnDate(document.payee_id, dates.invoice)
    regime = regime_for(profile.content, data.regimes)
    amounts = [
        TaxableAmount(f"line {line.item_no}", line.kind, line.amount.money())
        for line in prepared.lines
    ]
    result = calculate_tax(
        regime,
        amounts,
        currency=prepared.currency,
        dates=dates,
        employees_declared=profile.content.employees_declared,
    )
    name = f"{regime.id}@{regime.version}"
    return _Ready(document, wanted.version, prepared, profile, name, result)


async def _number(
    work: InvoicingWork,
    judged: Sequence[_Ready | Exception],
    *,
    by: UUID,
    dates: TaxDates,
    occasion: Occasion,
) -> list[Document | Exception]:
    counts = Counter(one.document.principal_id for one in judged if isinstance(one, _Ready))
    numbers: dict[UUID, Iterator[DocumentNumber]] = {}
    for principal_id, count in sorted(counts.items()):
        taken = await work.numbers.take(principal_id, SERIES, dates.invoice.year, count)
        numbers[principal_id] = iter(taken)
    outcomes: list[Document | Exception] = []
    issues: list[Issue] = []
    for one in judged:
        if isinstance(one, Exception):
            outcomes.append(one)
            continue
        number = next(numbers[one.document.principal_id])
        numbered = one.document.number_it(str(number), version=one.version, by=by)
        payload = issue_payload(
            one.prepared, number, dates, one.result, profile=one.profile, regime=one.regime
        )
        issues.append(Issue(numbered, number, payload))
        outcomes.append(numbered)
    if issues:
        await work.documents.issue(issues, occasion.now)
    return outcomes


def _event(
    tenant_id: UUID, sent: Document, payload: IssuedPayload, file: RenderedFile, occasion: Occasion
) -> ProFormaSent:
    return ProFormaSent(
        event_id=occasion.ids.new(),
        occurred_at=occasion.now,
        tenant_id=tenant_id,
        correlation_id=occasion.correlation_id,
        causation_id=occasion.causation_id,
        invoice_id=sent.id,
        number=payload.number,
        payee_id=sent.payee_id,
        principal_id=sent.principal_id,
        statement_id=sent.statement_id,
        statement_revision=sent.statement_revision,
        period=sent.period,
        net=payload.tax.net,
        pdf_sha256=file.sha256,
    )
