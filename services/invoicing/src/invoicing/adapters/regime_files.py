"""Tax regimes and default posting rules as the package's data files, read strictly."""

from datetime import date
from decimal import Decimal
from importlib.abc import Traversable
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from invoicing.domain.fiscal_identity import LegalForm, Role, TaxRegimeCode
from invoicing.domain.parameters import DatedValue, Parameter
from invoicing.domain.posting_rules import PostingRules, WithholdingPosting
from invoicing.domain.tax_regime import (
    AppliesWhen,
    DateBasis,
    Exemption,
    FixedOver,
    LineKind,
    PercentOfShare,
    Rule,
    TaxRegime,
    VatByRate,
)
from premia_common.contracts.fields import DecimalText

EVERY_KIND: frozenset[LineKind] = frozenset(
    {"commission", "bonus", "advance", "recovery", "refund", "balance"}
)


class RegimeDataInvalid(Exception):
    """Raised when a data file does not fit its schema; an unknown key is such an error."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} cannot be used: {reason}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Value(_Strict):
    valid_from: date = Field(alias="from")
    value: DecimalText
    status: Literal["provisional", "final"]
    ref: str = Field(min_length=1)


class _Parameter(_Strict):
    unit: Literal["percent", "EUR"]
    values: tuple[_Value, ...]


class _Parameters(_Strict):
    version: Literal[1] = Field(alias="schema")
    parameters: dict[str, _Parameter]


class _Exemption(_Strict):
    code: str
    text_key: str


class _Rule(_Strict):
    id: str
    base_tags: Literal["all"] | frozenset[LineKind]
    date_basis: DateBasis

    @property
    def tags(self) -> frozenset[LineKind]:
        return EVERY_KIND if self.base_tags == "all" else self.base_tags


class _VatByRate(_Rule):
    kind: Literal["vat_by_rate"]
    rate: str | None = None
    exemption: _Exemption | None = None


class _PercentOfShare(_Rule):
    kind: Literal["percent_of_share"]
    rate: str
    share: str
    reduced_share: str
    withholding_type: Literal["RT01", "RT02"]


class _FixedOver(_Rule):
    kind: Literal["fixed_over"]
    amount: str
    over: str


_AnyRule = Annotated[_VatByRate | _PercentOfShare | _FixedOver, Field(discriminator="kind")]


class _AppliesWhen(_Strict):
    roles: frozenset[Role]
    residence: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    legal_forms: frozenset[LegalForm]
    tax_regimes: frozenset[TaxRegimeCode]


class RegimeCase(_Strict):
    """A worked example that a regime's file carries; figures are those of its source."""

    case: str
    on: date
    amount: DecimalText
    employees: bool
    vat: DecimalText
    withholding: DecimalText
    net: DecimalText
    stamp: DecimalText = Decimal("0.00")


class _Regime(_Strict):
    schema_version: Literal[1] = Field(alias="schema")
    regime: str
    version: Annotated[int, Field(ge=1)]
    applies_when: _AppliesWhen
    rules: tuple[_AnyRule, ...]
    cases: Annotated[tuple[RegimeCase, ...], Field(min_length=1)]


class _Withholding(_Strict):
    type_code: str
    tax_code: str


class _Posting(_Strict):
    version: Literal[1] = Field(alias="schema")
    cost_center: str
    gl_accounts: dict[LineKind, str]
    vat_codes: dict[str, str]
    withholding_codes: dict[str, _Withholding]


def load_regimes() -> tuple[TaxRegime, ...]:
    """Return every regime of the package, by id.

    Raises:
        RegimeDataInvalid: naming the file and the key.
    """
    return tuple(regime for regime, _ in load_regimes_with_cases())


def load_regimes_with_cases() -> tuple[tuple[TaxRegime, tuple[RegimeCase, ...]], ...]:
    """Return every regime with the worked examples of its file, by id.

    Raises:
        RegimeDataInvalid: naming the file and the key.
    """
    folder = files("invoicing") / "regimes" / "it"
    parameters = _parameters(folder / "parameters.yaml")
    found = [
        read_regime(entry.name, entry.read_text("utf-8"), parameters)
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml") and entry.name != "parameters.yaml"
    ]
    return tuple(sorted(found, key=lambda pair: pair[0].id))


def read_regime(
    name: str, text: str, parameters: dict[str, Parameter]
) -> tuple[TaxRegime, tuple[RegimeCase, ...]]:
    """Read one regime file.

    Raises:
        RegimeDataInvalid: naming the file and the key.
    """
    content: _Regime = _read(name, text, TypeAdapter(_Regime))
    when = content.applies_when
    try:
        regime = TaxRegime(
            content.regime,
            content.version,
            AppliesWhen(when.roles, when.residence, when.legal_forms, when.tax_regimes),
            tuple(_rule(rule) for rule in content.rules),
            parameters,
        )
    except ValueError as error:
        raise RegimeDataInvalid(name, str(error)) from error
    return regime, content.cases


def read_parameters(name: str, text: str) -> dict[str, Parameter]:
    """Read a file of dated parameters.

    Raises:
        RegimeDataInvalid: naming the file and the key.
    """
    content: _Parameters = _read(name, text, TypeAdapter(_Parameters))
    try:
        return {
            key: Parameter(
                key,
                parameter.unit,
                tuple(
                    DatedValue(value.valid_from, value.value, value.status, value.ref)
                    for value in parameter.values
                ),
            )
            for key, parameter in content.parameters.items()
        }
    except ValueError as error:
        raise RegimeDataInvalid(name, str(error)) from error


def load_default_posting_rules() -> PostingRules:
    """Return the posting rules of a principal that has none of its own.

    Raises:
        RegimeDataInvalid: if the package's file is not usable.
    """
    entry = files("invoicing") / "posting" / "default.yaml"
    content: _Posting = _read(entry.name, entry.read_text("utf-8"), TypeAdapter(_Posting))
    return PostingRules(
        version=0,
        cost_center=content.cost_center,
        gl_accounts=content.gl_accounts,
        vat_codes=content.vat_codes,
        withholding_codes={
            reason: WithholdingPosting(codes.type_code, codes.tax_code)
            for reason, codes in content.withholding_codes.items()
        },
    )


def _parameters(entry: Traversable) -> dict[str, Parameter]:
    return read_parameters(entry.name, entry.read_text("utf-8"))


def _rule(rule: _VatByRate | _PercentOfShare | _FixedOver) -> Rule:
    if isinstance(rule, _VatByRate):
        exemption = rule.exemption
        return VatByRate(
            rule.id,
            rule.tags,
            rule.date_basis,
            rule.rate,
            Exemption(exemption.code, exemption.text_key) if exemption else None,
        )
    if isinstance(rule, _PercentOfShare):
        return PercentOfShare(
            rule.id,
            rule.tags,
            rule.date_basis,
            rule.rate,
            rule.share,
            rule.reduced_share,
            rule.withholding_type,
        )
    return FixedOver(rule.id, rule.tags, rule.date_basis, rule.amount, rule.over)


def _read(name: str, text: str, adapter: TypeAdapter[Any]) -> Any:
    try:
        return adapter.validate_python(YAML(typ="safe", pure=True).load(text))
    except YAMLError as error:
        raise RegimeDataInvalid(name, f"it is not YAML: {error}") from error
    except ValidationError as error:
        reasons = "; ".join(
            f"{'/'.join(str(part) for part in detail['loc'])}: {detail['msg']}"
            for detail in error.errors(include_url=False)
        )
        raise RegimeDataInvalid(name, reasons) from error
