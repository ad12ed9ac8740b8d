"""What a document says: canonical JSON that is stored once and never changes."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from invoicing.application.tax_records import TaxRecord
from invoicing.domain.fiscal_identity import Language, MandateKind, Role, TaxRegimeCode
from invoicing.domain.fiscal_profile import ApprovedProfile
from invoicing.domain.numbering import DocumentNumber
from invoicing.domain.party import Principal
from invoicing.domain.statement import StatementRevision
from invoicing.domain.tax import TaxDates, TaxResult
from invoicing.domain.tax_regime import LineKind
from premia_common.canonical import canonical_json, digest
from premia_common.contracts.fields import MoneyOut, MonthText, Part


class PrincipalOnDocument(Part):
    """The company that owes."""

    code: str
    name: str
    country: str
    vat_number: str | None


class PayeeOnDocument(Part):
    """The supplier, as its approved fiscal profile describes it."""

    legal_name: str
    vat_number: str
    tax_code: str
    street: str
    postal_code: str
    city: str
    province: str
    country: str
    iban: str | None
    supplier_number: str
    role: Role
    tax_regime: TaxRegimeCode
    withholding_reason: str | None
    """CausalePagamento of the invoice format; None where nothing is withheld."""


class DocumentLine(Part):
    """One amount of the statement."""

    item_no: int
    plan: str
    component: str
    kind: LineKind
    competence: MonthText
    amount: MoneyOut
    corrects: UUID | None


class PreparedPayload(Part):
    """A pro-forma before it is issued: without number and date."""

    statement_id: UUID
    statement_revision: int
    statement_digest: str
    profile_id: UUID
    profile_revision: int
    period: MonthText
    currency: str
    language: Language
    principal: PrincipalOnDocument
    payee: PayeeOnDocument
    lines: tuple[DocumentLine, ...]
    tax: TaxRecord
    regime: str

    def content(self) -> bytes:
        """Return the canonical JSON."""
        return canonical_json(self.model_dump(mode="json"))

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical JSON."""
        return digest(self.content())


class IssuedPayload(PreparedPayload):
    """A pro-forma as issued: with its number and dates, and tax as of those dates."""

    number: str
    document_date: date
    due_on: date
    prepared_digest: str

    @property
    def gross(self) -> Decimal:
        """Taxable and VAT together."""
        return self.tax.taxable.amount + self.tax.vat.amount


def prepare_payload(
    statement: StatementRevision,
    principal: Principal,
    profile: ApprovedProfile,
    result: TaxResult,
    regime: str,
) -> PreparedPayload:
    """Return what the pro-forma of an approved statement says."""
    return PreparedPayload(
        statement_id=statement.statement_id,
        statement_revision=statement.revision,
        statement_digest=statement.digest,
        profile_id=profile.profile_id,
        profile_revision=profile.revision,
        period=statement.period,
        currency=statement.currency,
        language=profile.content.language,
        principal=PrincipalOnDocument(
            code=principal.code,
            name=principal.name,
            country=principal.country,
            vat_number=principal.vat_number,
        ),
        payee=_payee(profile, withheld=bool(result.of("withholding"))),
        lines=_lines(statement),
        tax=TaxRecord.of(result),
        regime=regime,
    )


def issue_payload(
    prepared: PreparedPayload,
    number: DocumentNumber,
    dates: TaxDates,
    result: TaxResult,
    *,
    profile: ApprovedProfile,
    regime: str,
) -> IssuedPayload:
    """Return the final document, with tax and the payee's profile as of its own dates."""
    changed = {
        "profile_id": profile.profile_id,
        "profile_revision": profile.revision,
        "language": profile.content.language,
        "payee": _payee(profile, withheld=bool(result.of("withholding"))),
        "regime": regime,
        "tax": TaxRecord.of(result),
        "number": str(number),
        "document_date": dates.invoice,
        "due_on": dates.payment,
        "prepared_digest": prepared.digest,
    }
    return IssuedPayload.model_validate({**prepared.model_dump(mode="json"), **changed})


def withholding_reason(role: Role, mandate: MandateKind) -> str:
    """Return the reason code of a commission's withholding.

    >>> withholding_reason(Role.AGENT, MandateKind.MULTI_FIRM)
    'R'
    """
    if role is Role.AGENT:
        return "Q" if mandate is MandateKind.SINGLE_FIRM else "R"
    return "U"


def _payee(profile: ApprovedProfile, *, withheld: bool) -> PayeeOnDocument:
    content, address = profile.content, profile.content.address
    return PayeeOnDocument(
        legal_name=content.legal_name,
        vat_number=content.vat_number,
        tax_code=content.tax_code,
        street=address.street,
        postal_code=address.postal_code,
        city=address.city,
        province=address.province,
        country=address.country,
        iban=content.iban,
        supplier_number=content.supplier_number,
        role=content.role,
        tax_regime=content.tax_regime,
        withholding_reason=withholding_reason(content.role, content.mandate_kind)
        if withheld
        else None,
    )


def _lines(statement: StatementRevision) -> tuple[DocumentLine, ...]:
    lines = [
        DocumentLine(
            item_no=number,
            plan=total.plan,
            component=total.component,
            kind=total.kind,
            competence=total.competence,
            amount=MoneyOut.of(total.amount),
            corrects=total.corrects,
        )
        for number, total in enumerate(statement.totals, start=1)
        if total.amount
    ]
    if statement.brought_forward:
        lines.append(
            DocumentLine(
                item_no=len(statement.totals) + 1,
                plan="",
                component="brought_forward",
                kind="balance",
                competence=statement.period,
                amount=MoneyOut.of(statement.brought_forward),
                corrects=None,
            )
        )
    return tuple(
        line.model_copy(update={"item_no": number}) for number, line in enumerate(lines, start=1)
    )
