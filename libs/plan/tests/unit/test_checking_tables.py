"""What the checker says of tables: gaps, overlaps and what nothing fits."""

from collections.abc import Callable

from premia_plan.checking import Finding
from premia_plan.library import library_plan

Findings = Callable[[str, str, str], tuple[Finding, ...]]
AGENCY = library_plan("agency-energy")
INSTALLER = library_plan("installer-fee")
NORD = "- {territory: nord, category: gas, from: 2026-01-01, to: 2027-01-01, gives: 3 %}"
GROUND = "- {product: ground, kwp: 0, from: 2026-01-01, to: 2026-07-01, gives: 38 EUR}"


def row(start: str, end: str) -> str:
    return f"- {{territory: nord, category: gas, from: {start}, to: {end}, gives: 3 %}}"


def test_a_gap_between_two_rates_is_an_error_with_a_counter_example(findings: Findings) -> None:
    new = f"{row('2026-01-01', '2026-06-30')}\n      {row('2026-07-01', '2027-01-01')}"

    [found] = findings(AGENCY, NORD, new)

    assert (found.severity, found.code, found.path) == (
        "error",
        "rates.gap",
        "/tables/commission_rate/rows/1",
    )
    assert found.counter_example == "an order of 2026-06-30 for nord, gas"
    assert "let the row before end on 2026-07-01" in found.hint


def test_a_gap_that_a_row_for_more_fills_is_a_warning(findings: Findings) -> None:
    wide = "- {territory: any, category: gas, from: 2026-01-01, to: 2027-01-01, gives: 1 %}"
    new = f"{row('2026-01-01', '2026-06-30')}\n      {row('2026-07-01', '2027-01-01')}"

    [found] = findings(AGENCY, NORD, f"{new}\n      {wide}")

    assert (found.severity, found.code) == ("warning", "rates.gap")
    assert found.message == (
        "no row for nord, gas is valid from 2026-06-30 to 2026-07-01; "
        "a row for more than that fits then"
    )


def test_a_gap_that_a_row_for_more_fills_only_in_part_is_an_error(findings: Findings) -> None:
    wide = "- {territory: any, category: gas, from: 2026-07-01, to: 2027-01-01, gives: 1 %}"
    new = f"{row('2026-01-01', '2026-06-29')}\n      {row('2026-07-02', '2027-01-01')}"

    found = findings(AGENCY, NORD, f"{new}\n      {wide}")

    assert ("error", "/tables/commission_rate/rows/1") in [
        (item.severity, item.path) for item in found
    ]


def test_two_rates_for_one_day_are_an_error(findings: Findings) -> None:
    new = f"{row('2026-01-01', '2026-07-02')}\n      {row('2026-07-01', '2027-01-01')}"

    [found] = findings(AGENCY, NORD, new)

    assert (found.severity, found.code) == ("error", "rates.overlap")
    assert found.counter_example == "on 2026-07-01 two rows fit nord, gas"


def test_the_same_keys_twice_without_dates_are_an_error(findings: Findings) -> None:
    undated = "- {territory: nord, category: gas, gives: 3 %}"

    [found] = findings(AGENCY, NORD, f"{undated}\n      {undated.replace('3 %', '4 %')}")

    assert (found.severity, found.code) == ("error", "rates.overlap")


def test_rows_that_touch_leave_neither_gap_nor_overlap(findings: Findings) -> None:
    new = f"{row('2026-01-01', '2026-07-01')}\n      {row('2026-07-01', '2027-01-01')}"

    assert findings(AGENCY, NORD, new) == ()


def test_rates_that_start_late_are_a_warning_where_the_plan_says_what_happens(
    findings: Findings,
) -> None:
    [found] = findings(AGENCY, NORD, row("2026-02-01", "2027-01-01"))

    assert (found.severity, found.code) == ("warning", "rates.gap")


def test_rates_that_start_late_are_an_error_where_nothing_says_what_happens(
    findings: Findings,
) -> None:
    text = AGENCY.replace("    missing: exception               # exception", "    #", 1)

    found = findings(text, NORD, row("2026-02-01", "2027-01-01"))

    assert [(item.severity, item.code) for item in found] == [
        ("error", "table.no_outcome"),
        ("error", "rates.gap"),
    ]


def test_a_table_that_leaves_products_open_must_say_what_happens(findings: Findings) -> None:
    [found] = findings(INSTALLER, "    missing: exception\n", "")

    assert (found.code, found.path) == ("table.no_outcome", "/tables/fee_per_kwp")


def test_bands_of_a_table_that_start_above_zero_leave_a_gap(findings: Findings) -> None:
    [found] = findings(INSTALLER, "product: rooftop, kwp: 0,", "product: rooftop, kwp: 2,")

    assert (found.severity, found.code) == ("warning", "rates.band_gap")
    assert found.counter_example == "kwp just below 2"


def test_an_overlap_between_bands_is_found(findings: Findings) -> None:
    [found] = findings(INSTALLER, GROUND, GROUND.replace("to: 2026-07-01", "to: 2026-08-01"))

    assert (found.severity, found.code) == ("error", "rates.overlap")


def test_a_roll_up_to_a_level_without_a_rate_is_a_gap(findings: Findings) -> None:
    [found] = findings(AGENCY, "levels: 2", "levels: 3")

    assert (found.severity, found.code) == ("error", "rates.gap")
    assert found.message == "no row gives anything at level 3"
