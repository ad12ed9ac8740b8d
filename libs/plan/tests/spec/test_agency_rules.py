"""The agency plan, rule by rule, as examples a plan designer would draw."""

from collections.abc import Callable

import pytest

Holds = Callable[[str, str], None]

PAYEES = "payees: [{id: A1, kind: agency, channel: field}, {id: B1, kind: agency, channel: field}]"


def example(given: str, expect: str, more: str = "") -> str:
    return f"  - name: case\n    given:\n      {PAYEES}\n{given}\n    expect: {{{expect}}}\n{more}"


def order(amount: str, states: str, more: str = "", order_id: str = "O1") -> str:
    return (
        f"        - {{id: {order_id}, signed_on: 2026-02-20, seller: A1, category: gas, "
        f"territory: nord, amount: {amount}, states: {{{states}}}{more}}}\n"
    )


TARGET = (
    "      targets: [{payee: A1, month: 2026-03, activated_value: 1 000 EUR}]\n"
    "      kpis: [{payee: A1, month: 2026-03, first_time_right: KPI}]\n"
)


@pytest.mark.parametrize(
    ("amount", "first", "rest"),
    [
        ("1 200 EUR", "23.40", "12.60"),
        ("0.50 EUR", "0.01", "0.01"),
        ("1 EUR", "0.02", "0.01"),
        ("-1 200 EUR", "-23.40", "-12.60"),
    ],
)
def test_the_last_share_takes_what_is_left(
    holds: Holds, amount: str, first: str, rest: str
) -> None:
    given = (
        "      targets: [{payee: A1, month: 2026-03, activated_value: 50 000 EUR}]\n      orders:\n"
    )
    holds(
        "agency-energy",
        example(
            given + order(amount, "activated: 2026-03-04, first_bill_paid: 2026-04-10"),
            f"A1: {{2026-03: {{base: {first} EUR}}, 2026-04: {{base: {rest} EUR}}}}",
        ),
    )


@pytest.mark.parametrize(
    ("cancelled", "taken"),
    [
        ("2026-08-31", "2026-08: {base: -23.40 EUR}"),
        ("2026-09-01", ""),
    ],
    ids=["day 180 is inside", "day 181 is outside"],
)
def test_the_window_includes_its_last_day(holds: Holds, cancelled: str, taken: str) -> None:
    given = (
        "      targets: [{payee: A1, month: 2026-03, activated_value: 50 000 EUR}]\n      orders:\n"
    )
    holds(
        "agency-energy",
        example(
            given + order("1 200 EUR", f"activated: 2026-03-04, cancelled: {cancelled}"),
            f"A1: {{2026-03: {{base: 23.40 EUR}}, {taken}}}",
        ),
    )


def test_an_order_cancelled_before_it_was_activated_pays_nothing(holds: Holds) -> None:
    given = "      targets: [{payee: A1, month: 2026-03, activated_value: 50 000 EUR}]\n"
    states = "cancelled: 2026-03-01, activated: 2026-03-04, first_bill_paid: 2026-04-10"
    holds("agency-energy", example(f"{given}      orders:\n" + order("1 200 EUR", states), ""))


def test_a_bill_paid_after_a_void_storno_pays_nothing_twice(holds: Holds) -> None:
    given = (
        "      targets: [{payee: A1, month: 2026-03, activated_value: 50 000 EUR}]\n"
        "      reversals: [{order: O1, imputable_to: principal}]\n      orders:\n"
        + order(
            "1 200 EUR", "activated: 2026-03-04, cancelled: 2026-04-02, first_bill_paid: 2026-05-10"
        )
    )
    holds(
        "agency-energy",
        example(given, "A1: {2026-03: {base: 23.40 EUR}, 2026-04: {base: 12.60 EUR}}"),
    )


def test_a_voided_storno_of_an_order_never_activated_pays_it_whole(holds: Holds) -> None:
    given = "      reversals: [{order: O1, imputable_to: principal}]\n      orders:\n" + order(
        "1 200 EUR", "cancelled: 2026-04-02"
    )
    holds("agency-energy", example(given, "A1: {2026-04: {base: 36.00 EUR}}"))


def test_a_storno_imputable_to_the_payee_takes_back(holds: Holds) -> None:
    given = (
        "      targets: [{payee: A1, month: 2026-03, activated_value: 50 000 EUR}]\n"
        "      reversals: [{order: O1, imputable_to: payee}]\n      orders:\n"
        + order("1 200 EUR", "activated: 2026-03-04, churned: 2026-04-02")
    )
    holds(
        "agency-energy",
        example(given, "A1: {2026-03: {base: 23.40 EUR}, 2026-04: {base: -23.40 EUR}}"),
    )


@pytest.mark.parametrize(
    ("amount", "kpi", "bonus"),
    [
        ("999.99 EUR", "95 %", ""),
        ("1 000 EUR", "95 %", ""),
        ("1 000.33 EUR", "95 %", ""),
        ("1 001 EUR", "95 %", ", accelerator: 0.02 EUR"),
        ("1 150 EUR", "95 %", ", accelerator: 2.25 EUR"),
        ("1 250 EUR", "92 %", ", accelerator: 5.25 EUR"),
        ("1 250 EUR", "91.99 %", ""),
        ("90 000 EUR", "95 %", ", accelerator: 2 500.00 EUR"),
    ],
)
def test_the_accelerator_pays_each_band_then_the_gate_then_the_cap(
    holds: Holds, amount: str, kpi: str, bonus: str
) -> None:
    base = {
        "999.99 EUR": "19.50",
        "1 000 EUR": "19.50",
        "1 000.33 EUR": "19.51",
        "1 001 EUR": "19.52",
        "1 150 EUR": "22.43",
        "1 250 EUR": "24.38",
        "90 000 EUR": "1 755.00",
    }[amount]
    given = TARGET.replace("KPI", kpi) + "      orders:\n" + order(amount, "activated: 2026-03-04")
    holds("agency-energy", example(given, f"A1: {{2026-03: {{base: {base} EUR{bonus}}}}}"))


def test_an_order_that_leaves_takes_the_accelerator_of_its_month_along(holds: Holds) -> None:
    given = (
        TARGET.replace("KPI", "95 %")
        + "      orders:\n"
        + order("1 100 EUR", "activated: 2026-03-04")
        + order("100 EUR", "activated: 2026-03-05, cancelled: 2026-05-05", order_id="O2")
        + order("60 EUR", "activated: 2026-03-06, cancelled: 2026-06-05", order_id="O3")
    )
    holds(
        "agency-energy",
        example(
            given,
            # 1 260: 150 x 1.5 % + 110 x 3 % = 5.55; 1 160: 2.25 + 0.30 = 2.55; 1 100: 1.50
            "A1: {2026-03: {base: 24.57 EUR, accelerator: 5.55 EUR}, "
            "2026-05: {base: -1.95 EUR, accelerator: -3.00 EUR}, "
            "2026-06: {base: -1.17 EUR, accelerator: -1.05 EUR}}",
        ),
    )


def test_an_order_cancelled_in_its_own_month_never_counts(holds: Holds) -> None:
    given = (
        TARGET.replace("KPI", "95 %")
        + "      orders:\n"
        + order("1 100 EUR", "activated: 2026-03-04")
        + order("100 EUR", "activated: 2026-03-05, cancelled: 2026-03-30", order_id="O2")
    )
    holds(
        "agency-energy",
        example(given, "A1: {2026-03: {base: 21.45 EUR, accelerator: 1.50 EUR}}"),
    )


@pytest.mark.parametrize(
    ("amount", "partner", "seller"),
    [("100.00 EUR", "0.49", "1.46"), ("0.02 EUR", "", ""), ("-100.00 EUR", "-0.49", "-1.46")],
)
def test_a_partner_takes_its_quarter_and_the_seller_the_rest(
    holds: Holds, amount: str, partner: str, seller: str
) -> None:
    given = (
        "      targets: [{payee: A1, month: 2026-03, activated_value: 50 000 EUR}, "
        "{payee: B1, month: 2026-03, activated_value: 50 000 EUR}]\n      orders:\n"
        + order(amount, "activated: 2026-03-04", ", partner: B1")
    )
    expect = (
        f"B1: {{2026-03: {{base: {partner} EUR}}}}, A1: {{2026-03: {{base: {seller} EUR}}}}"
        if partner
        else ""
    )
    holds("agency-energy", example(given, expect))


@pytest.mark.parametrize(
    ("territory", "category", "base"),
    [
        ("torino", "gas", "19.50"),
        ("torino", "power", "16.25"),
        ("bari", "gas", "16.25"),
        ("nord", "gas_home", "19.50"),
    ],
)
def test_the_nearest_rate_row_counts(
    holds: Holds, territory: str, category: str, base: str
) -> None:
    given = (
        "      targets: [{payee: A1, month: 2026-03, activated_value: 50 000 EUR}]\n"
        "      trees: {territory: [{code: torino, parent: nord}, {code: nord, parent: italia}, "
        "{code: bari, parent: sud}, {code: sud, parent: italia}], "
        "category: [{code: gas_home, parent: gas}]}\n      orders:\n"
        f"        - {{id: O1, signed_on: 2026-02-20, seller: A1, category: {category}, "
        f"territory: {territory}, amount: 1 000 EUR, states: {{activated: 2026-03-04}}}}\n"
    )
    holds("agency-energy", example(given, f"A1: {{2026-03: {{base: {base} EUR}}}}"))


def test_a_territory_without_a_rate_is_an_exception(holds: Holds) -> None:
    given = (
        "      targets: [{payee: A1, month: 2026-03, activated_value: 50 000 EUR}]\n      orders:\n"
        "        - {id: O1, signed_on: 2026-02-20, seller: A1, category: gas, territory: wien, "
        "amount: 1 000 EUR, states: {activated: 2026-03-04}}\n"
    )
    holds("agency-energy", example(given, "", "    exceptions: [rate_missing]\n"))


def test_a_superior_of_the_superior_takes_the_second_level_and_nobody_a_third(
    holds: Holds,
) -> None:
    people = ", ".join(f"{{id: {name}, kind: agency, channel: field}}" for name in "ABCD")
    holds(
        "agency-energy",
        f"""
  - name: levels
    given:
      payees: [{people}]
      hierarchy:
        sales:
          - {{payee: A, reports_to: B}}
          - {{payee: B, reports_to: C}}
          - {{payee: C, reports_to: D}}
      targets: [{{payee: A, month: 2026-03, activated_value: 50 000 EUR}}]
      orders:
        - id: O1
          signed_on: 2026-02-20
          seller: A
          category: gas
          territory: nord
          amount: 1 000 EUR
          states: {{activated: 2026-03-04, first_bill_paid: 2026-03-05}}
    expect:
      A: {{2026-03: {{base: 30.00 EUR}}}}
      B: {{2026-03: {{override: 5.00 EUR}}}}
      C: {{2026-03: {{override: 2.00 EUR}}}}
""",
    )
