"""Bodies of the fiscal profile routes."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from stdnum import iban
from stdnum.it import codicefiscale, iva

from invoicing.domain.fiscal_identity import (
    Language,
    LegalForm,
    MandateKind,
    Role,
    TaxRegimeCode,
)
from invoicing.domain.fiscal_profile import FiscalContent, FiscalProfile, PostalAddress
from invoicing.entrypoints.api.problems import ItemProblemOut

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
"""No control characters: they cannot be printed, and the database takes no NUL."""
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=PRINTABLE),
]
Country = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
EXAMPLE_ADDRESS: dict[str, Any] = {
    "street": "Via Garibaldi 12",
    "postal_code": "20121",
    "city": "Milano",
    "province": "MI",
    "country": "IT",
}
EXAMPLE_CONTENT: dict[str, Any] = {
    "role": "agent",
    "legal_form": "individual",
    "residence": "IT",
    "tax_regime": "RF01",
    "mandate_kind": "multi_firm",
    "legal_name": "Agenzia Bianchi di Maria Bianchi",
    "vat_number": "00743110157",
    "tax_code": "BNCMRA80A41F205H",
    "employees_declared": False,
    "iban": "IT60X0542811101000000123456",
    "language": "it",
    "supplier_number": "0000100234",
    "address": EXAMPLE_ADDRESS,
    "valid_to": None,
}
EXAMPLE_IN: dict[str, Any] = {
    "payee_id": "0193a000-0000-7000-8000-000000000101",
    "valid_from": "2025-01-01",
    **EXAMPLE_CONTENT,
}
EXAMPLE_OUT: dict[str, Any] = {
    "id": "0193a000-0000-8000-8000-000000000201",
    **EXAMPLE_IN,
    "revision": 1,
    "status": "draft",
    "version": 1,
    "approved_revision": None,
    "made_by": "0193a000-0000-7000-8000-000000000301",
    "made_at": "2026-04-01T09:00:00Z",
    "approved_by": None,
}


class In(BaseModel):
    """A request body: a field it does not know is an error."""

    model_config = ConfigDict(extra="forbid")


class Address(In):
    """Where invoices of the payee come from."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_ADDRESS]})

    street: Text
    postal_code: Text
    city: Text
    province: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=40, pattern=PRINTABLE)
    ]
    country: Country


class FiscalContentIn(In):
    """What a profile says."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_CONTENT]})

    role: Role
    legal_form: LegalForm
    residence: Country = "IT"
    tax_regime: TaxRegimeCode
    mandate_kind: MandateKind = MandateKind.MULTI_FIRM
    legal_name: Text
    vat_number: Text
    tax_code: Text
    employees_declared: bool = False
    iban: Text | None = None
    language: Language = Language.ITALIAN
    supplier_number: Annotated[str, StringConstraints(pattern="^[0-9A-Z]{1,10}$")]
    address: Address
    valid_to: date | None = None

    @field_validator("vat_number")
    @classmethod
    def _vat_number_is_real(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("residence") == "IT" and not iva.is_valid(value):
            raise ValueError("this is no Italian VAT number: its length or check digit is wrong")
        return value

    @field_validator("tax_code")
    @classmethod
    def _tax_code_is_real(cls, value: str, info: ValidationInfo) -> str:
        real = codicefiscale.is_valid(value) or iva.is_valid(value)
        if info.data.get("residence") == "IT" and not real:
            raise ValueError("this is no codice fiscale: its length or check character is wrong")
        return value

    @field_validator("iban")
    @classmethod
    def _iban_is_real(cls, value: str | None) -> str | None:
        if value is not None and not iban.is_valid(value):
            raise ValueError("this is no IBAN: its length or check digits are wrong")
        return value

    def content(self) -> FiscalContent:
        """Read the domain's content."""
        address = self.address
        return FiscalContent(
            role=self.role,
            legal_form=self.legal_form,
            residence=self.residence,
            tax_regime=self.tax_regime,
            mandate_kind=self.mandate_kind,
            legal_name=self.legal_name,
            vat_number=iva.compact(self.vat_number),
            tax_code=self.tax_code.upper(),
            employees_declared=self.employees_declared,
            iban=None if self.iban is None else iban.compact(self.iban),
            language=self.language,
            supplier_number=self.supplier_number,
            address=PostalAddress(
                address.street, address.postal_code, address.city, address.province,
                address.country,
            ),
            valid_to=self.valid_to,
        )  # fmt: skip


class FiscalProfileIn(FiscalContentIn):
    """A payee's profile from a day on."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_IN]})

    payee_id: UUID
    valid_from: date

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("valid_to must be after valid_from")
        return self


class FiscalProfileOut(BaseModel):
    """A profile in its newest revision; `approved_revision` is the one in force."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_OUT]})

    id: UUID
    payee_id: UUID
    valid_from: date
    valid_to: date | None
    revision: int
    status: Literal["draft", "approved"]
    version: int
    approved_revision: int | None
    role: Role
    legal_form: LegalForm
    residence: str
    tax_regime: TaxRegimeCode
    mandate_kind: MandateKind
    legal_name: str
    vat_number: str
    tax_code: str
    employees_declared: bool
    iban: str | None
    language: Language
    supplier_number: str
    address: Address
    made_by: UUID
    made_at: datetime
    approved_by: UUID | None

    @classmethod
    def of(cls, profile: FiscalProfile) -> "FiscalProfileOut":
        """Write a profile."""
        content = profile.content
        address = content.address
        return cls(
            id=profile.id,
            payee_id=profile.payee_id,
            valid_from=profile.valid_from,
            valid_to=content.valid_to,
            revision=profile.revision,
            status=profile.status.value,
            version=profile.version,
            approved_revision=profile.approved_revision,
            role=content.role,
            legal_form=content.legal_form,
            residence=content.residence,
            tax_regime=content.tax_regime,
            mandate_kind=content.mandate_kind,
            legal_name=content.legal_name,
            vat_number=content.vat_number,
            tax_code=content.tax_code,
            employees_declared=content.employees_declared,
            iban=content.iban,
            language=content.language,
            supplier_number=content.supplier_number,
            address=Address(
                street=address.street,
                postal_code=address.postal_code,
                city=address.city,
                province=address.province,
                country=address.country,
            ),
            made_by=profile.made_by,
            made_at=profile.made_at,
            approved_by=profile.approved_by,
        )


class FiscalProfilePageOut(BaseModel):
    """A page of profiles."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [EXAMPLE_OUT], "next_cursor": None}]}
    )

    items: list[FiscalProfileOut]
    next_cursor: str | None


class FiscalProfileBatchIn(In):
    """Up to 500 profiles.  Each is an object like the body of a single one and is judged alone."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE_IN]}]})

    items: Annotated[list[Mapping[str, Any]], Field(min_length=1, max_length=500)]


class FiscalProfileResultOut(BaseModel):
    """What became of one profile of a batch, at the same place as in the request."""

    index: int
    result: Literal["created", "unchanged", "approved", "refused"]
    profile_id: UUID | None
    version: int | None
    problem: ItemProblemOut | None


_RESULT_EXAMPLE: dict[str, Any] = {
    "index": 0,
    "result": "created",
    "profile_id": "0193a000-0000-8000-8000-000000000201",
    "version": 1,
    "problem": None,
}


class FiscalProfileResultsOut(BaseModel):
    """One result per item, in the order of the request."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_RESULT_EXAMPLE]}]})

    items: list[FiscalProfileResultOut]


class ProfileApprovalIn(In):
    """Which profile is approved, in which version the approver saw it."""

    profile_id: UUID
    version: Annotated[int, Field(ge=1)]


class ProfileApprovalsIn(In):
    """Up to 500 approvals."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"items": [{"profile_id": "0193a000-0000-8000-8000-000000000201", "version": 1}]}
            ]
        }
    )

    items: Annotated[list[ProfileApprovalIn], Field(min_length=1, max_length=500)]
