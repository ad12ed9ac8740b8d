"""Facts beyond orders: lines, activities, bills, payments and credit notes, and their states."""

from decimal import Decimal

import pytest

ALONE = "[{to: order.seller, share: rest}]"
LINES = """orders:
  - id: O1
    signed_on: 2026-02-20
    seller: A1
    amount: 100 EUR
    states: {activated: 2026-03-04}
    lines:
      - {id: L1, category: boiler, amount: 60 EUR, installer: B1, states: {fitted: 2026-03-10}}
      - {id: L2, category: filter, amount: 40 EUR, installer: C1}"""
MODELS = """{models: {
      deal: {of: order, states: [signed, activated, cancelled]},
      work: {of: line, states: [ordered, fitted]}}}"""


def test_a_line_is_credited_by_its_own_payee_and_released_at_its_own_state(written) -> None:
    rule = """from: line
amount: line.amount
divides: base
shares: [{to: order.seller, share: 50 %}, {to: line.installer, share: rest}]"""
    text = written.text_of(rule, LINES, amount="credit.amount * 10 %", states=MODELS, at="fitted")

    result = written.calculated(text)
    assert written.paid(result) == written.march(A1="3.00", B1="3.00")
    assert {line.order_id for line in result.lines} == {"O1"}
    assert sorted({line.credit_id for line in result.lines}) == [
        "O1/L1/sale.0", "O1/L1/sale.1", "O1/L2/sale.0", "O1/L2/sale.1",
    ]  # fmt: skip
    held = [line.credit_id for line in result.lines if line.what == "held"]
    assert sorted(held) == ["O1/L2/sale.0", "O1/L2/sale.1"]
    at_order = text.replace("at: fitted", "at: activated")
    assert written.paid(written.calculated(at_order)) == written.march(
        A1="5.00", B1="3.00", C1="2.00"
    )


def test_formulas_ask_for_the_states_of_a_line_and_of_its_order(written) -> None:
    rule = f"""from: line
where: line reached fitted and order reached activated
amount: if day of line fitted > day of activated then line.amount else 0 EUR
divides: base
shares: {ALONE}"""
    lines = LINES.replace(", installer: B1", "").replace(", installer: C1", "")
    text = written.text_of(rule, lines, amount="credit.amount * 10 %", states=MODELS)

    assert written.paid(written.calculated(text)) == written.march(A1="6.00")
    never = text.replace("line reached fitted and", "not line reached fitted and")
    assert written.paid(written.calculated(never)) == {}


def test_an_activity_without_an_order_is_paid_on_its_own(written) -> None:
    rule = """from: activity
amount: activity.quantity * 5 EUR
divides: base
shares: [{to: activity.caller, share: rest}]"""
    calls = """activities:
  - {id: C7, day: 2026-02-27, caller: B1, quantity: 3, states: {done: 2026-03-02}}
  - {id: C8, day: 2025-12-31, caller: B1, quantity: 9, states: {done: 2026-03-02}}"""
    states = """{models: {
      deal: {of: order, states: [signed]},
      call: {of: activity, states: [done]}}}"""
    text = written.text_of(rule, calls, amount="credit.amount", states=states, at="done")

    result = written.calculated(text)
    assert written.paid(result) == written.march(B1="15.00")
    (line,) = result.lines  # C8 is before the plan
    assert (line.order_id, line.credit_id) == (None, "activity:C7/sale.0")


@pytest.mark.parametrize(
    ("section", "kind", "amount"),
    [
        ("bills", "bill", "bill.amount - bill.tax"),
        ("payments", "payment", "payment.amount - payment.tax"),
        ("credit_notes", "credit note", "0 EUR - credit_note.amount + credit_note.tax"),
    ],
)
def test_bills_payments_and_credit_notes_are_credited_with_their_order(
    written, section: str, kind: str, amount: str
) -> None:
    rule = f"from: {kind}\namount: {amount}\ndivides: base\nshares: {ALONE}"
    rows = f"""{written.one}
{section}:
  - {{id: X1, order: O1, day: 2026-03-20, amount: 50 EUR, tax: 5 EUR}}
  - {{id: X2, order: O1, day: 2026-04-20, amount: 20 EUR}}"""
    name = kind.replace(" ", "_")
    day = f"{{date: {name}.day}}"
    text = written.text_of(rule, rows, amount="credit.amount * 10 %", at=day)

    sign = -1 if kind == "credit note" else 1
    assert written.paid(written.calculated(text)) == {
        ("A1", "2026-03"): sign * Decimal("4.50"),
        ("A1", "2026-04"): sign * Decimal("2.00"),
    }


def test_quantities_carry_their_unit_and_prices_all_their_decimals(written) -> None:
    rule = f"""from: bill
amount: bill.quantity * bill.price
divides: base
shares: {ALONE}"""
    rows = f"""{written.one}
bills:
  - {{id: X1, order: O1, day: 2026-03-20, quantity: 1200 kWh, price: 0.012345 EUR/kWh}}
  - {{id: X2, order: O1, day: 2026-03-20, quantity: 7 kWp, price: 0.012345 EUR/kWh}}"""
    extra = "attributes: {bill: {quantity: kWh, price: money per kWh}}"
    text = written.text_of(rule, rows, amount="credit.amount", extra=extra)

    result = written.calculated(text)
    assert written.paid(result) == written.march(A1="14.81")  # 14.814
    assert {found.code for found in result.exceptions} == {"attribute_unreadable", "fact_missing"}


def test_typed_attributes_are_dates_and_flags_too(written) -> None:
    rule = f"amount: if order.fixed and order.ends_on >= day of activated then order.amount else 0 EUR\ndivides: base\nshares: {ALONE}"
    order = written.one.replace("amount:", "fixed: true, ends_on: 2026-12-31, amount:")
    extra = "attributes: {order: {fixed: bool, ends_on: date}}"
    text = written.text_of(rule, order, extra=extra)

    assert written.paid(written.calculated(text)) == written.march(A1="3.00")
    assert written.paid(written.calculated(text.replace("fixed: true", "fixed: false"))) == {}


def test_a_later_state_implies_earlier_ones_only_if_the_model_says_so(written) -> None:
    rule = f"divides: base\nshares: {ALONE}"
    order = written.one.replace(
        "{activated: 2026-03-04}", "{activated: 2026-03-04, paid: 2026-05-02}"
    )
    models = "{{models: {{deal: {{of: order, states: [accepted, activated, paid]{more}}}}}}}"
    silent, implied = (
        written.text_of(rule, order, states=models.format(more=more), at="accepted")
        for more in ("", ", implies: {paid: [activated], activated: [accepted]}")
    )

    assert written.paid(written.calculated(silent)) == {}
    assert written.paid(written.calculated(implied)) == written.march(A1="3.00")


def test_states_that_nobody_mapped_and_moves_that_cannot_be_are_exceptions(written) -> None:
    rule = f"divides: base\nshares: {ALONE}"
    models = "{models: {deal: {of: order, states: [signed, activated, cancelled], unmapped: exception, moves: {cancelled: [signed]}}}}"
    order = written.one.replace("{activated", "{cancelled: 2026-03-01, activated")
    text = written.text_of(rule, order, states=models)

    result = written.calculated(text)
    assert [found.code for found in result.exceptions] == ["state_move_not_allowed"]
    assert "activated cannot follow cancelled" in result.exceptions[0].message


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("of: line, states", "of: order, states", "state_model.twice"),
        ("at: activated", "at: tested", "state.unknown"),
        ("amount: line.amount", "amount: line.price", "name.unknown"),
        ("from: line", "from: bill", "name.unknown"),
    ],
)
def test_facts_that_the_plan_does_not_know_are_refused(
    written, old: str, new: str, code: str
) -> None:
    rule = f"from: line\namount: line.amount\ndivides: base\nshares: {ALONE}"
    facts = LINES.replace(", installer: B1, states: {fitted: 2026-03-10}", "").replace(
        ", installer: C1", ""
    )
    text = written.text_of(rule, facts, states=MODELS)
    text = text.replace(old, new)

    assert code in written.codes(text)


def test_a_share_is_released_while_a_state_of_its_own_line_still_holds(written) -> None:
    # Both lines are due when the order is activated: L1 was returned before, and loses its half.
    rule = """from: line
amount: line.amount
divides: base
shares: [{to: line.installer, share: rest}]"""
    models = MODELS.replace("[ordered, fitted]", "[ordered, fitted, returned]")
    lines = LINES.replace("fitted: 2026-03-10", "returned: RETURNED")
    text = written.text_of(rule, lines, amount="credit.amount * 10 %", states=models)
    text = text.replace(
        "{share: rest, at: activated}",
        "{share: 50 %, at: activated, while: not line reached returned}, {share: rest, at: activated}",
    )

    before = written.calculated(text.replace("RETURNED", "2026-03-03"))
    assert written.paid(before) == written.march(B1="3.00", C1="4.00")
    [dropped] = [line for line in before.lines if line.what == "not_paid"]
    assert (dropped.credit_id, str(dropped.amount)) == ("O1/L1/sale.0", "3.00")
    # Returned on the day after, it is due all the same.
    after = written.calculated(text.replace("RETURNED", "2026-03-05"))
    assert written.paid(after) == written.march(B1="6.00", C1="4.00")


def test_a_release_asks_no_fact_that_its_pay_is_not_for(written) -> None:
    rule = f"amount: order.amount\ndivides: base\nshares: {ALONE}"
    text = written.text_of(rule, LINES, amount="credit.amount * 10 %", states=MODELS)
    text = text.replace("at: activated}", "at: activated, while: line reached fitted}")

    assert "fact.unknown" in written.codes(text)
