"""Bodies of the tax routes."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from invoicing.application.queries import TaxAnswerView
from invoicing.application.tax_records import TaxItemRecord, TaxRecord
from invoicing.domain.fiscal_identity import LegalForm, Role, TaxRegimeCode
from invoicing.domain.tax_regime import TaxRegime
from invoicing.entrypoints.api.profile_schemas import Country, In
from premia_common.contracts.fields import DecimalText, MoneyOut

_EUR: dict[str, Any] = {"amount": "5000.00", "currency": "EUR"}
ITEM_EXAMPLE: dict[str, Any] = {
    "code": "vat",
    "rule": "it-agent-individual@1/vat",
    "base": _EUR,
    "rate": "0.22",
    "amount": {"amount": "1100.00", "currency": "EUR"},
    "effect": "added",
    "formula": "5000.00 x 22 %",
    "inputs": ["energia/gettone/2026-03"],
    "parameters": [
        {
            "name": "vat.standard",
            "unit": "percent",
            "day": "2026-04-01",
            "value": "22",
            "valid_from": "2013-10-01",
            "status": "final",
            "reference": "DPR 633/1972 art. 16; DL 98/2011 art. 40",
        }
    ],
    "unrounded": "1100.0000",
    "legal_code": None,
    "text_key": None,
}
_TOTALS: dict[str, Any] = {
    "items": [ITEM_EXAMPLE],
    "taxable": _EUR,
    "vat": {"amount": "1100.00", "currency": "EUR"},
    "withholding": {"amount": "575.00", "currency": "EUR"},
    "net": {"amount": "5525.00", "currency": "EUR"},
}


class TaxAnswerOut(BaseModel):
    """What was answered to a statement revision; the last answer of a revision counts."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "statement_id": "0193a000-0000-8000-8000-000000000601",
                    "revision": 2,
                    "answer_no": 1,
                    "statement_digest": "9f86d081884c7d659a2feaa0c55ad015"
                    "a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    "status": "ok",
                    "reasons": [],
                    **_TOTALS,
                    "assumed_payment_on": "2026-05-01",
                    "regime": "it-agent-individual@1",
                    "answered_at": "2026-04-02T08:00:00Z",
                }
            ]
        }
    )

    statement_id: UUID
    revision: int
    answer_no: int
    statement_digest: str
    status: Literal["ok", "blocked"]
    reasons: list[str]
    items: list[TaxItemRecord]
    taxable: MoneyOut
    vat: MoneyOut
    withholding: MoneyOut
    net: MoneyOut
    assumed_payment_on: date
    regime: str | None
    answered_at: datetime

    @classmethod
    def of(cls, view: TaxAnswerView) -> "TaxAnswerOut":
        """Write an answer."""
        record = view.record
        return cls(
            statement_id=view.statement_id,
            revision=view.revision,
            answer_no=view.answer_no,
            statement_digest=view.statement_digest,
            status=view.status,
            reasons=list(view.reasons),
            items=list(record.items),
            taxable=record.taxable,
            vat=record.vat,
            withholding=record.withholding,
            net=record.net,
            assumed_payment_on=view.assumed_payment_on,
            regime=view.regime,
            answered_at=view.answered_at,
        )


class TaxAnswersOut(BaseModel):
    """Every answer to a statement, the last one last."""

    items: list[TaxAnswerOut]
    next_cursor: str | None


class AmountIn(In):
    """An amount and what kind of pay it is."""

    ref: Annotated[str, StringConstraints(min_length=1, max_length=100)] = "amount"
    kind: Literal["commission", "bonus", "advance", "recovery", "refund", "balance"] = "commission"
    amount: MoneyOut


class TaxPreviewIn(In):
    """Amounts and who would invoice them: nothing is stored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "role": "agent",
                    "legal_form": "individual",
                    "residence": "IT",
                    "tax_regime": "RF01",
                    "employees_declared": False,
                    "invoice_on": "2026-04-01",
                    "payment_on": "2026-05-01",
                    "amounts": [{"ref": "march", "kind": "commission", "amount": _EUR}],
                }
            ]
        }
    )

    role: Role
    legal_form: LegalForm
    residence: Country = "IT"
    tax_regime: TaxRegimeCode
    employees_declared: bool = False
    invoice_on: date
    payment_on: date
    amounts: Annotated[list[AmountIn], Field(min_length=1, max_length=500)]


class TaxPreviewOut(BaseModel):
    """The items that would be answered, with their explanation."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"regime": "it-agent-individual@1", **_TOTALS}]}
    )

    regime: str
    items: list[TaxItemRecord]
    taxable: MoneyOut
    vat: MoneyOut
    withholding: MoneyOut
    net: MoneyOut

    @classmethod
    def of(cls, regime: TaxRegime, record: TaxRecord) -> "TaxPreviewOut":
        """Write a preview."""
        return cls(
            regime=f"{regime.id}@{regime.version}",
            items=list(record.items),
            taxable=record.taxable,
            vat=record.vat,
            withholding=record.withholding,
            net=record.net,
        )


class RegimeOut(BaseModel):
    """A regime: for whom it is, and the names of its rules."""

    regime: str
    version: int
    roles: list[Role]
    residence: str
    legal_forms: list[LegalForm]
    tax_regimes: list[TaxRegimeCode]
    rules: list[str]

    @classmethod
    def of(cls, regime: TaxRegime) -> "RegimeOut":
        """Write a regime."""
        when = regime.applies_when
        return cls(
            regime=regime.id,
            version=regime.version,
            roles=sorted(when.roles),
            residence=when.residence,
            legal_forms=sorted(when.legal_forms),
            tax_regimes=sorted(when.tax_regimes),
            rules=[regime.name_of(rule) for rule in regime.rules],
        )


class DatedValueOut(BaseModel):
    """One value of a parameter, from a day on."""

    valid_from: date
    value: DecimalText
    status: Literal["provisional", "final"]
    reference: str


class ParameterOut(BaseModel):
    """A number of the law with all its values."""

    name: str
    unit: Literal["percent", "EUR"]
    values: list[DatedValueOut]


class RegimesOut(BaseModel):
    """Every regime and every parameter in use."""

    regimes: list[RegimeOut]
    parameters: list[ParameterOut]

    @classmethod
    def of(cls, regimes: tuple[TaxRegime, ...]) -> "RegimesOut":
        """Write the regimes and the parameters they share."""
        parameters = {
            name: parameter for regime in regimes for name, parameter in regime.parameters.items()
        }
        return cls(
            regimes=[RegimeOut.of(regime) for regime in regimes],
            parameters=[
                ParameterOut(
                    name=name,
                    unit=parameter.unit,
                    values=[
                        DatedValueOut(
                            valid_from=value.valid_from,
                            value=value.value,
                            status=value.status,
                            reference=value.reference,
                        )
                        for value in parameter.values
                    ],
                )
                for name, parameter in sorted(parameters.items())
            ],
        )
