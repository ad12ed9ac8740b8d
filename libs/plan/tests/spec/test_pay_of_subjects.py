"""What teams and the plan earn: who owes it, when it is asked, and what nobody shares."""

from decimal import Decimal
from uuid import UUID

import pytest

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.reference import PAID, Calculation, calculate

from ..small_plans import checked  # noqa: TID252

PLAN = """plan: subjects
language: 1
title: {it: Squadre, en: Teams}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {from: 2026-01-01, to: 2026-04-01, by: order.signed_on}
participants: payee.kind = "agency"
populations: {all: {who: payee.kind = "agency"}}
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: WHOSE}
  own: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}
components:
  bonus:
    per: WHOSE and month
    when: WHEN
    amount: AMOUNT
    steps: [{round: cent, mode: half_up, each: sum}STEPS]
    given_to: GIVEN
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release: {bonus: [{share: rest, at: close of the measured month}]}
  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect: {bonus: {recount: the measured period}}
examples:
  - name: two principals
    given:
      payees: [{id: A1, kind: agency}, {id: A2, kind: agency}, {id: M1, kind: agency}]
      hierarchy: {sales: [{payee: A1, reports_to: M1}, {payee: A2, reports_to: M1}]}
      trees: {territory: [{code: north}]}
      orders: ORDERS
    expect: {}
"""
TEAM = "team along sales"
HEAD = "the head of the team"
BY_OWN = "{among: the team, weights: own}"
EQUALLY = "{among: all, weights: equally}"
ZETA = "{id: O1, principal: zeta, signed_on: 2026-02-05, seller: A1, amount: 600 EUR}"
BETA = "{id: O2, principal: beta, signed_on: 2026-02-05, seller: A2, amount: 300 EUR}"
CANCELLED = BETA.replace("}", ", states: {cancelled: 2026-03-10}}")


def worked_out(
    whose: str = TEAM,
    *,
    amount: str = "sold * 10 %",
    given: str = HEAD,
    steps: str = "",
    orders: tuple[str, ...] = (ZETA, BETA),
) -> Calculation:
    text = PLAN.replace("WHOSE", whose).replace("AMOUNT", amount).replace("GIVEN", given)
    text = text.replace("WHEN", "team.size > 1" if whose == TEAM else "0 < 1")
    text = text.replace("STEPS", steps).replace("ORDERS", f"[{', '.join(orders)}]")
    plan = checked(text)
    relations = plan.examples[0].relations
    found = calculate(plan, relations, until=Month.parse("2026-03"))
    nodes = {node.node_id: node for node in found.nodes}
    assert not any(check_tree(nodes[line.node_id], nodes) for line in found.lines)
    return found


def owed(found: Calculation, month: str) -> dict[tuple[str | None, str], Decimal]:
    """Return what lands in a month by payee and principal."""
    lines = [line for line in found.lines if line.what in PAID and line.month == month]
    whose = {(line.payee_id, line.principal) for line in lines}
    return {
        key: sum(
            (line.amount for line in lines if (line.payee_id, line.principal) == key), Decimal()
        )
        for key in sorted(whose, key=str)
    }


def amounts(**texts: str) -> dict[tuple[str | None, str], Decimal]:
    """Return amounts by `payee_principal`."""
    return {(key.split("_")[0], key.split("_")[1]): Decimal(text) for key, text in texts.items()}


@pytest.mark.parametrize(
    ("whose", "given", "amount", "expected"),
    [
        (TEAM, HEAD, "sold * 10 %", amounts(M1_beta="30.00", M1_zeta="60.00")),
        (TEAM, BY_OWN, "sold * 10 %", amounts(A1_zeta="60.00", A2_beta="30.00")),
        (
            "plan",
            EQUALLY,
            "sum of own among all * 10 %",
            {
                (payee_id, principal): Decimal(text)
                for payee_id in ("A1", "A2", "M1")
                for principal, text in (("beta", "10.00"), ("zeta", "20.00"))
            },
        ),
    ],
)
def test_what_a_subject_earns_is_owed_by_those_for_whom_its_orders_were_made(
    whose: str,
    given: str,
    amount: str,
    expected: dict[tuple[str | None, str], Decimal],
) -> None:
    assert owed(worked_out(whose, amount=amount, given=given), "2026-02") == expected


def test_each_part_is_divided_to_the_cent() -> None:
    found = worked_out("plan", amount="sold * 1 % + 1.01 EUR", given=EQUALLY)
    parts = owed(found, "2026-02")
    payees = {
        payee_id: sum(units for (whose, _), units in parts.items() if whose == payee_id)
        for payee_id in ("A1", "A2", "M1")
    }
    assert payees == {"A1": Decimal("3.34"), "A2": Decimal("3.34"), "M1": Decimal("3.33")}
    assert parts["A1", "zeta"] == Decimal("2.23")
    assert parts["A1", "beta"] == Decimal("1.11")


def test_a_reversed_order_gives_back_to_its_own_principal() -> None:
    found = worked_out(given=HEAD, orders=(ZETA, CANCELLED))
    assert owed(found, "2026-02") == amounts(M1_beta="30.00", M1_zeta="60.00")
    assert owed(found, "2026-03") == amounts(M1_beta="-30.00")


def test_a_leftover_cent_of_a_heads_pay_goes_to_the_first_or_the_last_principal() -> None:
    even = BETA.replace("300", "600")
    for taker, expected in (
        ("first", amounts(M1_beta="0.01")),
        ("last", amounts(M1_zeta="0.01")),
    ):
        given = f"{HEAD}\n    leftover: {taker}"
        found = worked_out(amount="0.01 EUR + sold * 0 %", given=given, orders=(ZETA, even))
        paid = {key: units for key, units in owed(found, "2026-02").items() if units}
        assert paid == expected


@pytest.mark.parametrize(
    ("whose", "given", "each"),
    [(TEAM, HEAD, {"M1": "90.00"}), ("territory", EQUALLY, dict.fromkeys(("A1", "M1"), "30.00"))],
)
def test_a_fixed_amount_needs_no_order(whose: str, given: str, each: dict[str, str]) -> None:
    found = worked_out(whose, amount="90 EUR", given=given, orders=())
    for month in ("2026-01", "2026-02", "2026-03"):
        paid = {payee_id: units for (payee_id, _), units in owed(found, month).items()}
        assert {payee_id: str(paid[payee_id]) for payee_id in each} == each
    assert not found.exceptions


def test_what_is_carried_to_a_month_in_which_nobody_shares_is_told_with_its_amount() -> None:
    carried = ", {cap: 50 EUR, over: own period, surplus: carried}"
    found = worked_out(given=BY_OWN, steps=carried)
    assert sum(owed(found, "2026-02").values()) == Decimal("50.00")
    assert not owed(found, "2026-03")
    (told,) = found.exceptions
    assert (told.code, told.month, told.blocks) == ("nobody_to_give", "2026-03", True)
    assert told.message.endswith("earns by bonus in 2026-03: 40.00")


def test_a_cap_over_a_payees_month_explains_each_principals_part_counted_again() -> None:
    cap = ", {cap: 60 EUR, over: payee and month, surplus: lost, pushed_back: by amount}"
    found = worked_out(steps=cap, orders=(ZETA, CANCELLED))
    assert owed(found, "2026-02") == amounts(M1_beta="20.00", M1_zeta="40.00")
    assert owed(found, "2026-03") == amounts(M1_beta="-20.00", M1_zeta="20.00")
    assert {(line.amount, node_value(found, line.node_id)) for line in found.lines} >= {
        (Decimal("-20.00"), "-20.00"),
        (Decimal("20.00"), "20.00"),
    }


def node_value(found: Calculation, node_id: UUID) -> str:
    return next(node.value for node in found.nodes if node.node_id == node_id)


@pytest.mark.parametrize(
    ("whose", "given", "payee"), [(TEAM, HEAD, "M1"), ("plan", "{among: all, weights: own}", "A2")]
)
def test_what_is_carried_is_owed_by_those_who_owed_the_month_that_made_it(
    whose: str, given: str, payee: str
) -> None:
    # February: 90.00 for zeta, 50.00 paid, 40.00 carried. March: 30.00 for beta and zeta's 40.00:
    # 50.00 are paid, of zeta 28.57 and of beta 21.43, and 20.00 are left: 11.43 and 8.57.
    first = ZETA.replace("600", "900").replace("A1", "A2")
    second = BETA.replace("2026-02", "2026-03")
    steps = ", {cap: 50 EUR, over: own period, surplus: carried}"
    found = worked_out(whose, given=given, steps=steps, orders=(first, second))

    assert owed(found, "2026-02") == amounts(**{f"{payee}_zeta": "50.00"})
    assert owed(found, "2026-03") == amounts(**{f"{payee}_beta": "21.43", f"{payee}_zeta": "28.57"})


def test_what_is_left_of_a_carried_surplus_is_told_by_principal() -> None:
    first, second = ZETA.replace("600", "900"), BETA.replace("2026-02", "2026-03")
    steps = ", {cap: 50 EUR, over: own period, surplus: carried}"
    found = worked_out(steps=steps, orders=(first, second))

    left = [line for line in found.lines if line.what == "not_paid"]
    assert {(line.principal, line.amount) for line in left} == {
        ("beta", Decimal("8.57")),
        ("zeta", Decimal("11.43")),
    }
    assert len({line.line_id for line in left}) == 2


def test_a_month_without_orders_pays_what_was_carried_by_its_own_principal() -> None:
    # Nothing is sold in March: February's 40.00 are zeta's, not of whom the payee is assigned to.
    steps = ", {cap: 50 EUR, over: own period, surplus: carried}"
    found = worked_out(steps=steps, orders=(ZETA.replace("600", "900"),))

    assert owed(found, "2026-03") == amounts(M1_zeta="40.00")
