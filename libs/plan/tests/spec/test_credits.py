"""Credits of every kind, with the figures worked out by hand."""

from decimal import Decimal

import pytest

SPLIT = "[{to: order.partner, share: 1/3}, {to: order.seller, share: rest}]"
ALONE = "[{to: order.seller, share: rest}]"


def test_the_base_the_pay_or_each_part_of_it_is_divided(written) -> None:
    half = "[{to: order.partner, share: 50 %}, {to: order.seller, share: rest}]"
    base, pay, each = (
        written.paid(
            written.calculated(
                written.text_of(
                    f"divides: {divides}\nshares: {half}", amount="credit.amount * 50 %"
                )
            )
        )
        for divides in ("base", "commission", "each")
    )

    assert base == written.march(B1="25.01", A1="25.00")  # 50.01 and 50.00, then half of each
    assert pay == written.march(B1="25.01", A1="25.00")  # 50.01 divided
    assert each == written.march(B1="25.01", A1="25.01")  # 50.005 each is 50.01


def test_dividing_the_pay_keeps_it_to_the_pay_on_the_whole(written) -> None:
    half = "[{to: order.partner, share: 50 %}, {to: order.seller, share: rest}]"
    order = written.one.replace("100.01", "10.10")
    base, pay = (
        written.paid(
            written.calculated(
                written.text_of(
                    f"divides: {divides}\nshares: {half}", order, amount="credit.amount * 10 %"
                )
            )
        )
        for divides in ("base", "commission")
    )

    assert base == written.march(B1="0.51", A1="0.51")  # 10 % of 5.05, rounded up twice
    assert pay == written.march(B1="0.51", A1="0.50")  # 1.01 on the whole, divided


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ("[{to: order.partner, share: 1/3}, {to: order.seller, share: rest}]", ("33.34", "66.67")),
        (
            "[{to: order.partner, share: weight 1}, {to: order.seller, share: weight 3}]",
            ("25.00", "75.01"),
        ),
        (
            "[{to: order.partner, share: order.part}, {to: order.seller, share: rest}]",
            ("40.00", "60.01"),
        ),
        (
            "[{to: order.partner, share: 25 %}, {to: order.seller, share: weight 3}]",
            ("25.00", "75.01"),
        ),
    ],
)
def test_shares_are_parts_weights_or_values(
    written, shares: str, expected: tuple[str, str]
) -> None:
    order = written.one.replace("amount: 100.01 EUR", "part: 40 %, amount: 100.01 EUR")
    extra = "attributes: {order: {part: percent}}"
    text = written.text_of(
        f"divides: base\nshares: {shares}", order, extra=extra, amount="credit.amount * 1"
    )

    assert written.paid(written.calculated(text)) == written.march(B1=expected[0], A1=expected[1])


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ("[{to: order.partner, share: 25 %}, {to: order.seller, share: 50 %}]", ("25.00", "50.01")),
        (
            "[{to: order.partner, share: 25 %}, {to: order.seller, share: 100 %}]",
            ("25.00", "100.01"),
        ),
    ],
)
def test_shares_may_add_up_to_less_or_more_where_the_plan_says_so(
    written, shares: str, expected: tuple[str, str]
) -> None:
    rule = f"divides: base\nshares: {shares}"

    assert written.codes(written.text_of(rule)) in ({"shares.no_rest"}, {"shares.too_much"})
    result = written.calculated(
        written.text_of(f"{rule}\nsums_to: any", amount="credit.amount * 1")
    )
    assert written.paid(result) == written.march(B1=expected[0], A1=expected[1])


def test_shares_that_do_not_add_up_are_an_exception_on_the_order(written) -> None:
    shares = "[{to: order.partner, share: order.part}, {to: order.seller, share: 50 %}]"
    order = written.one.replace("amount: 100.01 EUR", "part: 40 %, amount: 100.01 EUR")
    extra = "attributes: {order: {part: percent}}"
    result = written.calculated(
        written.text_of(f"divides: base\nshares: {shares}\nsums_to: 100 %", order, extra=extra)
    )

    assert written.paid(result) == {}
    assert [found.code for found in result.exceptions] == ["shares_do_not_add_up"]
    assert "40 %, 50 %" in result.exceptions[0].message


def test_an_overlay_is_credited_on_top_of_the_whole(written) -> None:
    overlay = "extra: {overlay: {of: sale, to: order.specialist, share: 10 %, when: order.specialist is known}}"
    order = written.one.replace("amount: 100.01 EUR", "specialist: C1, amount: 100.01 EUR")
    text = written.text_of(
        f"divides: base\nshares: {SPLIT}",
        order,
        credits=overlay,
        of="extra",
        amount="credit.amount * 1",
    )

    assert written.paid(written.calculated(text)) == written.march(C1="10.00")
    assert written.paid(written.calculated(text.replace(", specialist: C1", ""))) == {}


def test_a_roll_up_takes_a_share_at_every_level(written) -> None:
    rollup = "team: {rollup: {of: sale, along: sales, levels: all, dated_by: order.signed_on, share: 1 / credit.level else 0}}"
    text = written.text_of(
        f"divides: base\nshares: {ALONE}", credits=rollup, of="team", amount="credit.amount * 1"
    )

    assert written.paid(written.calculated(text)) == written.march(B1="100.01", C1="50.01")
    one = text.replace("levels: all", "levels: 1")
    assert written.paid(written.calculated(one)) == written.march(B1="100.01")


def test_a_deal_is_credited_up_to_its_cap(written) -> None:
    cap = "cap: {amount: 60 EUR, surplus: lost}"
    text = written.text_of(f"divides: base\nshares: {SPLIT}\n{cap}", amount="credit.amount * 1")

    assert written.paid(written.calculated(text)) == written.march(B1="20.00", A1="40.00")


def test_only_the_first_two_orders_of_a_month_count_in_order_of_day_and_id(written) -> None:
    orders = """orders:
  - {id: O3, signed_on: 2026-02-01, seller: A1, amount: 100 EUR, states: {activated: 2026-03-04, cancelled: 2026-03-09}}
  - {id: O2, signed_on: 2026-02-02, seller: A1, amount: 10 EUR, states: {activated: 2026-03-04}}
  - {id: O1, signed_on: 2026-02-02, seller: A1, amount: 1 EUR, states: {activated: 2026-03-04}}
  - {id: O4, signed_on: 2026-03-01, seller: A1, amount: 1000 EUR, states: {}}"""
    storno = """  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect: {base: {takes: 100 %, out_of: released, unreleased: dropped}}
"""
    first = "first: {count: 2, per: payee and month, dated_by: order.signed_on, reversal: keeps}"
    text = written.text_of(
        f"divides: base\nshares: {ALONE}\n{first}", orders, amount="credit.amount * 1"
    )
    text = text.replace("examples:\n", f"{storno}examples:\n")

    result = written.calculated(text)
    assert written.paid(result) == written.march(A1="1")  # O3 came and went, O1 before O2 by its id
    (left_out,) = [line for line in result.lines if line.what == "not_paid"]
    assert left_out.order_id == "O2"
    assert left_out.reason == "not paid, because all 2 places of 2026-02 are taken"
    assert written.paid(written.calculated(text.replace("keeps", "frees"))) == written.march(
        A1="11"
    )
    taken = text.replace("reversal: keeps", "taken: order.amount < 50 EUR, reversal: keeps")
    assert written.paid(written.calculated(taken)) == written.march(
        A1="11"
    )  # O1 and O2 take the two places


YEARS = """amount: if credit.year = 1 then order.amount else order.amount / 2
each_year: {count: order.years, from: day of activated}
divides: base
shares: [{to: order.seller, share: rest}]"""
OF_YEARS = "attributes: {order: {years: count}}"


def test_a_deal_earns_for_each_contract_year_on_its_first_day(written) -> None:
    order = written.one.replace("amount: 100.01 EUR", "years: 3, amount: 100.00 EUR")
    text = written.text_of(
        YEARS, order, extra=OF_YEARS, amount="credit.amount * 10 %", at="{date: credit.year_starts}"
    )

    assert written.paid(written.calculated(text)) == {
        ("A1", "2026-03"): Decimal("10.00"),
        ("A1", "2027-03"): Decimal("5.00"),
        ("A1", "2028-03"): Decimal("5.00"),
    }
    up_front = text.replace("{date: credit.year_starts}", "activated")
    assert written.paid(written.calculated(up_front)) == written.march(A1="20.00")


def test_contract_years_that_are_no_whole_number_are_an_exception(written) -> None:
    order = written.one.replace("amount: 100.01 EUR", "years: 2.5, amount: 100.00 EUR")
    result = written.calculated(written.text_of(YEARS, order, extra=OF_YEARS))

    assert written.paid(result) == {}
    assert [found.code for found in result.exceptions] == ["contract_years"]


def test_a_storno_leaves_what_earlier_contract_years_earned(written) -> None:
    order = written.one.replace("amount: 100.01 EUR", "years: 2, amount: 100.00 EUR").replace(
        "activated: 2026-03-04", "activated: 2026-03-04, cancelled: 2027-09-04"
    )
    storno = """  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect:
      base:
        takes: {in_proportion_to: 12, elapsed: completed months, since: activated, each: contract year}
        out_of: released
        unreleased: dropped
"""
    text = written.text_of(YEARS, order, extra=OF_YEARS, amount="credit.amount * 10 %")
    text = text.replace("examples:\n", f"{storno}examples:\n")

    assert written.paid(
        written.calculated(text)
    ) == {  # 10 and 5 up front; the second year was half over
        ("A1", "2026-03"): Decimal("15.00"),
        ("A1", "2027-09"): Decimal("-2.50"),
    }


def test_quota_credit_is_apart_from_money_credit(written) -> None:
    rule = f"divides: base\nshares: {SPLIT}\nquota: order.amount * 2\nquantity: order.kwp"
    order = written.one.replace("amount: 100.01 EUR", "kwp: 6 kWp, amount: 90.00 EUR")
    extra = "attributes: {order: {kwp: kWp}}"
    text = written.text_of(
        rule, order, extra=extra, amount="credit.quota * 10 % + credit.quantity * 1 EUR/kWp"
    )

    assert written.paid(written.calculated(text)) == written.march(B1="8.00", A1="16.00")


def test_only_what_where_says_is_credited(written) -> None:
    rule = f"divides: base\nshares: {ALONE}\nwhere: order.amount > 100.01 EUR"

    assert written.paid(written.calculated(written.text_of(rule))) == {}
    assert written.paid(
        written.calculated(written.text_of(rule.replace(">", ">=")))
    ) == written.march(A1="3.00")


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("divides: base\nshares: [{to: order.seller, share: rest}, {to: order.partner, share: weight 2}]", "shares.rest_and_weights"),
        ("divides: base\nshares: [{to: order.seller, share: rest}]\nsums_to: any", "shares.rest_of_any"),
        ("divides: base\nshares: [{to: order.seller, share: weight 0}]", "shares.no_weight"),
        ("divides: base\nshares: [{to: line.seller, share: rest}]", "credit.other_fact"),
    ],
)  # fmt: skip
def test_rules_without_one_meaning_are_refused(written, rule: str, code: str) -> None:
    assert written.codes(written.text_of(rule)) == {code}
