"""Calculating tax for amounts that nobody owes yet."""

from collections.abc import Sequence

from invoicing.domain.fiscal_identity import LegalForm, Role, TaxRegimeCode
from invoicing.domain.regime_choice import NoRegimeForProfile, find_regime
from invoicing.domain.tax import TaxableAmount, TaxDates, TaxResult, calculate_tax
from invoicing.domain.tax_regime import TaxRegime


def preview_tax(
    regimes: Sequence[TaxRegime],
    *,
    role: Role,
    legal_form: LegalForm,
    residence: str,
    tax_regime: TaxRegimeCode,
    employees_declared: bool,
    dates: TaxDates,
    amounts: Sequence[TaxableAmount],
) -> tuple[TaxRegime, TaxResult]:
    """Return the regime and the items that such a payee would be answered.

    Raises:
        NoRegimeForProfile: if no regime is written for such a payee.
        ParameterNotSet: if the law's numbers of those days are not known.
        ParameterInOtherCurrency: if the law's amounts are of another currency.
        CurrencyMismatch: if the amounts are of several currencies.
        AmountTooLarge: if they add up to more than any ledger holds.
    """
    regime = find_regime(
        regimes, role=role, legal_form=legal_form, residence=residence, tax_regime=tax_regime
    )
    if regime is None:
        raise NoRegimeForProfile(role, legal_form, residence, tax_regime)
    result = calculate_tax(
        regime,
        amounts,
        currency=amounts[0].amount.currency,
        dates=dates,
        employees_declared=employees_declared,
    )
    return regime, result
