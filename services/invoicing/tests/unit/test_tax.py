from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoicing.adapters.regime_files import load_regimes
from invoicing.domain.parameters import DatedValue, Parameter, ParameterNotSet
from invoicing.domain.tax import TaxableAmount, TaxDates, calculate_tax
from premia_common.money import Money

REGIMES = {regime.id: regime for regime in load_regimes()}
ON = TaxDates(date(2026, 4, 1), date(2026, 5, 1))
amounts = st.decimals(Decimal("-9999.99"), Decimal("99999.99"), places=2)


def tax(regime, *values, employees=False, dates=ON):
    lines = [
        TaxableAmount(f"line {number}", "commission", Money(value, "EUR"))
        for number, value in enumerate(values)
    ]
    return calculate_tax(
        REGIMES[regime], lines, currency="EUR", dates=dates, employees_declared=employees
    )


def test_an_agent_is_charged_vat_and_withheld_a_share():
    result = tax("it-agent-individual", "4000.00", "1000.00")

    assert str(result.vat.amount) == "1100.00"
    assert str(result.withholding.amount) == "575.00"
    assert str(result.gross.amount) == "6100.00"
    assert str(result.net.amount) == "5525.00"


def test_declared_employees_lower_the_withheld_share():
    result = tax("it-agent-individual", "5000.00", employees=True)

    assert str(result.withholding.amount) == "230.00"


def test_half_a_cent_is_rounded_up_once_and_on_the_total():
    # 22 % of 0.25 is 0.055; of twice 0.25 it is 0.11, and not twice 0.06.
    assert str(tax("it-agent-individual", "0.25").vat.amount) == "0.06"
    assert str(tax("it-agent-individual", "0.25", "0.25").vat.amount) == "0.11"


def test_nothing_is_due_on_a_total_of_zero_or_less():
    for values in (("100.00", "-100.00"), ("-5.00",)):
        result = tax("it-agent-individual", *values)
        assert result.items == ()
        assert not result.net


def test_an_item_tells_its_rule_numbers_and_inputs():
    [vat, withholding] = tax("it-agent-individual", "100.05").items

    assert vat.rule == "it-agent-individual@1/vat"
    assert withholding.formula == "100.05 x 50 % x 23 %"
    assert withholding.inputs == ("line 0",)
    assert withholding.unrounded == Decimal("11.50575")
    assert str(withholding.amount.amount) == "11.51"
    assert [(used.name, str(used.value.value)) for used in withholding.parameters] == [
        ("withholding.commission.rate", "23"),
        ("withholding.commission.share", "50"),
    ]
    assert "25-bis" in withholding.parameters[0].value.reference
    assert withholding.parameters[0].day == date(2026, 5, 1)
    assert vat.parameters[0].day == date(2026, 4, 1)


@given(values=st.lists(amounts, min_size=1, max_size=6), regime=st.sampled_from(sorted(REGIMES)))
def test_the_net_is_what_the_items_leave(values, regime):
    result = tax(regime, *values)
    total = sum(values)

    added = sum(item.amount.amount for item in result.items if item.effect == "added")
    deducted = sum(item.amount.amount for item in result.items if item.effect == "deducted")
    assert result.taxable.amount == max(total, 0)
    assert result.vat.amount == added
    assert result.withholding.amount == deducted
    assert result.net.amount == result.taxable.amount + added - deducted


@given(values=st.lists(amounts, min_size=1, max_size=6))
def test_an_item_is_within_half_a_cent_of_the_exact_figure(values):
    for item in tax("it-agent-individual", *values).items:
        assert abs(item.amount.amount - item.unrounded) <= Decimal("0.005")
        assert item.amount.amount >= item.unrounded or item.unrounded % Decimal("0.01") < Decimal(
            "0.005"
        )


def test_a_parameter_has_no_value_before_its_first_day():
    rate = Parameter(
        "vat.standard",
        "percent",
        (
            DatedValue(date(2011, 9, 17), Decimal(21), "final", "DL 138/2011"),
            DatedValue(date(2013, 10, 1), Decimal(22), "final", "DL 98/2011"),
        ),
    )

    assert rate.on(date(2013, 9, 30)).value == 21
    assert rate.on(date(2013, 10, 1)).value == 22
    with pytest.raises(ParameterNotSet, match="add a dated value"):
        rate.on(date(2011, 9, 16))
