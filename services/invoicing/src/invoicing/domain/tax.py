"""Tax items of a set of amounts: every figure with the rule and the numbers that gave it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from invoicing.domain.parameters import DatedValue, ParameterInOtherCurrency
from invoicing.domain.tax_regime import (
    DateBasis,
    FixedOver,
    LineKind,
    PercentOfShare,
    Rule,
    TaxRegime,
    VatByRate,
    parameters_of,
)
from premia_common.money import Money

Effect = Literal["added", "deducted", "information"]
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class TaxableAmount:
    """An amount of a statement and what kind it is."""

    ref: str
    kind: LineKind
    amount: Money


@dataclass(frozen=True, slots=True)
class TaxDates:
    """The days by which parameters are looked up."""

    invoice: date
    payment: date

    def of(self, basis: DateBasis) -> date:
        """Return the day of a basis.

        >>> TaxDates(date(2025, 12, 31), date(2026, 1, 30)).of("payment")
        datetime.date(2026, 1, 30)
        """
        return self.invoice if basis == "invoice" else self.payment


@dataclass(frozen=True, slots=True)
class ParameterUsed:
    """A parameter's value as a rule read it on a day."""

    name: str
    unit: str
    day: date
    value: DatedValue


@dataclass(frozen=True, slots=True)
class TaxItem:
    """One tax amount that explains itself.  `rate` is a ratio of the base."""

    code: Literal["vat", "withholding", "stamp"]
    rule: str
    base: Money
    rate: Decimal
    amount: Money
    effect: Effect
    formula: str
    inputs: tuple[str, ...]
    parameters: tuple[ParameterUsed, ...]
    unrounded: Decimal
    legal_code: str | None
    """The exemption's or the withholding's code in the invoice format."""
    text_key: str | None


@dataclass(frozen=True, slots=True)
class TaxResult:
    """The tax items of a document and its totals: net = taxable + vat - withholding."""

    items: tuple[TaxItem, ...]
    taxable: Money
    vat: Money
    withholding: Money
    net: Money

    @property
    def gross(self) -> Money:
        """Taxable and VAT together: what the supplier's invoice adds up to."""
        return self.taxable + self.vat

    def of(self, code: str) -> tuple[TaxItem, ...]:
        """Return the items of one code."""
        return tuple(item for item in self.items if item.code == code)


def calculate_tax(
    regime: TaxRegime,
    lines: Iterable[TaxableAmount],
    *,
    currency: str,
    dates: TaxDates,
    employees_declared: bool,
) -> TaxResult:
    """Return the tax items of some amounts, each rounded half up once.

    A total of zero or less bears no tax: nothing is due and no document is made.

    Raises:
        ParameterNotSet: if a rule's parameter has no value on its day.
        ParameterInOtherCurrency: if a rule's parameter is an amount of another currency.
    """
    amounts = tuple(lines)
    taxable = sum((line.amount for line in amounts), Money.zero(currency))
    zero = Money.zero(currency)
    if taxable.amount <= 0:
        return TaxResult((), zero, zero, zero, zero)
    _expect_own_currency(regime, currency)
    items = tuple(
        item
        for rule in regime.rules
        for item in _apply(
            regime,
            rule,
            amounts,
            dates,
            currency=currency,
            employees_declared=employees_declared,
        )
    )
    vat = sum((item.amount for item in items if item.effect == "added"), zero)
    withholding = sum((item.amount for item in items if item.effect == "deducted"), zero)
    return TaxResult(items, taxable, vat, withholding, taxable + vat - withholding)


def _expect_own_currency(regime: TaxRegime, currency: str) -> None:
    for rule in regime.rules:
        for name in parameters_of(rule):
            parameter = regime.parameters[name]
            if parameter.unit not in {"percent", currency}:
                raise ParameterInOtherCurrency(parameter, f"{regime.id}@{regime.version}", currency)


def _apply(
    regime: TaxRegime,
    rule: Rule,
    amounts: tuple[TaxableAmount, ...],
    dates: TaxDates,
    *,
    currency: str,
    employees_declared: bool,
) -> tuple[TaxItem, ...]:
    tagged = [line for line in amounts if line.kind in rule.base_tags]
    base = sum((line.amount for line in tagged), Money.zero(currency))
    inputs = tuple(line.ref for line in tagged)
    day = dates.of(rule.date_basis)
    if isinstance(rule, VatByRate):
        return (_vat(regime, rule, base, inputs, day),)
    if isinstance(rule, PercentOfShare):
        return (
            _withholding(regime, rule, base, inputs, day, employees_declared=employees_declared),
        )
    return _stamp(regime, rule, base, inputs, day)


def _used(regime: TaxRegime, name: str, day: date) -> ParameterUsed:
    parameter = regime.parameters[name]
    return ParameterUsed(name, parameter.unit, day, parameter.on(day))


def _vat(
    regime: TaxRegime, rule: VatByRate, base: Money, inputs: tuple[str, ...], day: date
) -> TaxItem:
    name = regime.name_of(rule)
    if rule.exemption is not None or rule.rate is None:
        exemption = rule.exemption
        return TaxItem(
            "vat",
            name,
            base,
            Decimal(0),
            Money.zero(base.currency),
            "added",
            f"no VAT ({exemption.code})" if exemption else "no VAT",
            inputs,
            (),
            Decimal(0),
            exemption.code if exemption else None,
            exemption.text_key if exemption else None,
        )
    rate = _used(regime, rule.rate, day)
    exact = base.amount * rate.value.value / HUNDRED
    return TaxItem(
        "vat",
        name,
        base,
        rate.value.value / HUNDRED,
        Money.rounded(exact, base.currency),
        "added",
        f"{base.amount} x {rate.value.value} %",
        inputs,
        (rate,),
        exact,
        None,
        None,
    )


def _withholding(
    regime: TaxRegime,
    rule: PercentOfShare,
    base: Money,
    inputs: tuple[str, ...],
    day: date,
    *,
    employees_declared: bool,
) -> TaxItem:
    rate = _used(regime, rule.rate, day)
    share = _used(regime, rule.reduced_share if employees_declared else rule.share, day)
    ratio = rate.value.value * share.value.value / HUNDRED / HUNDRED
    exact = base.amount * ratio
    return TaxItem(
        "withholding",
        regime.name_of(rule),
        base,
        ratio,
        Money.rounded(exact, base.currency),
        "deducted",
        f"{base.amount} x {share.value.value} % x {rate.value.value} %",
        inputs,
        (rate, share),
        exact,
        rule.withholding_type,
        None,
    )


def _stamp(
    regime: TaxRegime, rule: FixedOver, base: Money, inputs: tuple[str, ...], day: date
) -> tuple[TaxItem, ...]:
    over, amount = _used(regime, rule.over, day), _used(regime, rule.amount, day)
    if base.amount <= over.value.value:
        return ()
    return (
        TaxItem(
            "stamp",
            regime.name_of(rule),
            base,
            Decimal(0),
            Money(amount.value.value, base.currency),
            "information",
            f"{amount.value.value} because {base.amount} > {over.value.value}",
            inputs,
            (amount, over),
            amount.value.value,
            None,
            "stamp_borne",
        ),
    )
