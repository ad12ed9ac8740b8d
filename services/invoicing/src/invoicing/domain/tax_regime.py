"""A tax regime: typed rules over dated parameters.  There is no expression language."""

from dataclasses import dataclass
from typing import Literal

from invoicing.domain.fiscal_identity import LegalForm, Role, TaxRegimeCode
from invoicing.domain.parameters import Parameter

LineKind = Literal["commission", "bonus", "advance", "recovery", "refund", "balance"]
DateBasis = Literal["invoice", "payment"]


@dataclass(frozen=True, slots=True)
class Exemption:
    """Why no VAT is charged: the code of the invoice format and the sentence to print."""

    code: str
    text_key: str


@dataclass(frozen=True, slots=True)
class VatByRate:
    """VAT at one rate on the document's total, or none with a reason.

    `rate` names a parameter; without it the regime is exempt.
    """

    id: str
    base_tags: frozenset[LineKind]
    date_basis: DateBasis
    rate: str | None
    exemption: Exemption | None

    def __post_init__(self) -> None:
        if (self.rate is None) == (self.exemption is None):
            raise ValueError(f"rule {self.id} needs either a rate or an exemption")


@dataclass(frozen=True, slots=True)
class PercentOfShare:
    """A percentage of a share of the base, such as 23 % on half of it.

    `reduced_share` holds instead of `share` when the payee declared employees.
    """

    id: str
    base_tags: frozenset[LineKind]
    date_basis: DateBasis
    rate: str
    share: str
    reduced_share: str
    withholding_type: Literal["RT01", "RT02"]


@dataclass(frozen=True, slots=True)
class FixedOver:
    """A fixed amount when the base exceeds a threshold; the payee bears it."""

    id: str
    base_tags: frozenset[LineKind]
    date_basis: DateBasis
    amount: str
    over: str


Rule = VatByRate | PercentOfShare | FixedOver


@dataclass(frozen=True, slots=True)
class AppliesWhen:
    """The profiles a regime is for."""

    roles: frozenset[Role]
    residence: str
    legal_forms: frozenset[LegalForm]
    tax_regimes: frozenset[TaxRegimeCode]


@dataclass(frozen=True, slots=True)
class TaxRegime:
    """One regime in one version, with every parameter its rules name."""

    id: str
    version: int
    applies_when: AppliesWhen
    rules: tuple[Rule, ...]
    parameters: dict[str, Parameter]

    def __post_init__(self) -> None:
        ids = [rule.id for rule in self.rules]
        if len(ids) != len(set(ids)):
            raise ValueError(f"regime {self.id} has two rules of one id")
        missing = {name for rule in self.rules for name in parameters_of(rule)} - set(
            self.parameters
        )
        if missing:
            raise ValueError(f"regime {self.id} names unknown parameters: {sorted(missing)}")

    def name_of(self, rule: Rule) -> str:
        """Return how documents and events name a rule: regime, version and rule."""
        return f"{self.id}@{self.version}/{rule.id}"


def parameters_of(rule: Rule) -> tuple[str, ...]:
    """Return the names of the parameters a rule reads."""
    if isinstance(rule, VatByRate):
        return () if rule.rate is None else (rule.rate,)
    if isinstance(rule, PercentOfShare):
        return (rule.rate, rule.share, rule.reduced_share)
    return (rule.amount, rule.over)
