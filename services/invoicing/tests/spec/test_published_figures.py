"""The examples that regime files carry; figures are those of their sources."""

from datetime import date
from decimal import Decimal

import pytest

from invoicing.adapters.regime_files import load_regimes, load_regimes_with_cases
from invoicing.domain.tax import TaxableAmount, TaxDates, calculate_tax
from invoicing.domain.tax_regime import parameters_of
from premia_common.money import Money

CASES = [
    pytest.param(regime, case, id=f"{regime.id}: {case.case}")
    for regime, cases in load_regimes_with_cases()
    for case in cases
]


@pytest.mark.parametrize(("regime", "case"), CASES)
def test_a_regime_gives_the_figures_of_its_file(regime, case):
    line = TaxableAmount("case", "commission", Money(case.amount, "EUR"))

    result = calculate_tax(
        regime,
        [line],
        currency="EUR",
        dates=TaxDates(case.on, case.on),
        employees_declared=case.employees,
    )

    stamp = sum((item.amount.amount for item in result.of("stamp")), Decimal("0.00"))
    given = (result.vat.amount, result.withholding.amount, result.net.amount, stamp)
    assert given == (case.vat, case.withholding, case.net, case.stamp)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
@pytest.mark.parametrize("regime", load_regimes(), ids=lambda regime: regime.id)
def test_every_parameter_has_a_value_on_every_day_of_the_year(regime, year):
    for rule in regime.rules:
        for name in parameters_of(rule):
            for day in (date(year, 1, 1), date(year, 12, 31)):
                assert regime.parameters[name].on(day).value > 0
