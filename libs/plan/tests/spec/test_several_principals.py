"""Which principal owes what of pay that is for no single order, and how each part is told apart."""

from collections import defaultdict
from decimal import Decimal

import pytest

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.paying import pay
from premia_plan.reference import PAID, calculate
from premia_plan.results import Calculation
from premia_plan.stating import state

from ..small_plans import SALE, checked, plan_of_sales  # noqa: TID252

UNTIL = Month(2026, 6)
SETTLED = """
settlement:
  states: {model: energy_order, of: order}
  release: {bonus: [{share: rest, at: close of the measured month}]}
  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect: {bonus: {recount: the measured period}}
"""
ZETA = "{id: O1, principal: zeta, signed_on: 2026-02-05, seller: A1, amount: 600 EUR}"
BETA = "{id: O2, principal: beta, signed_on: 2026-03-05, seller: A1, amount: 300 EUR}"
AT_ONCE = BETA.replace("2026-03-05", "2026-02-05")
CANCELLED = AT_ONCE.replace("}", ", states: {cancelled: 2026-03-10}}")


def worked_out(plan: str, *orders: str, given: str = "") -> Calculation:
    """Return what a plan gives, with every amount explained and every line told apart."""
    payees = given or "payees: [{id: A1, kind: agency}]"
    world = f"      {payees}\n      orders: [{', '.join(orders)}]\n    expect: {{}}\n"
    made = checked(f"{plan}examples:\n  - name: all\n    given:\n{world}")
    found = calculate(made, made.examples[0].relations, until=UNTIL)
    nodes = {node.node_id: node for node in found.nodes}
    for line in found.lines:
        assert check_tree(nodes[line.node_id], nodes) == ()
        assert nodes[line.node_id].value == str(line.amount)
    assert len({line.line_id for line in found.lines}) == len(found.lines)
    return found


def owed(found: Calculation) -> dict[str, dict[str, str]]:
    """Return what each principal owes to A1, by the month in which it lands."""
    amounts: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in found.lines:
        if line.what in PAID and line.month is not None and line.payee_id == "A1":
            amounts[line.principal, line.month] += line.amount
    return {
        principal: {
            month: str(amount)
            for (whose, month), amount in sorted(amounts.items())
            if whose == principal and amount
        }
        for principal in sorted({principal for principal, _ in amounts})
    }


def bonus(per: str, over: str, amount: str, more: str = "") -> str:
    """Return a plan that pays a payee for a period by what was sold."""
    return plan_of_sales(f"""
measures:
  sold: {{sum: credit.amount, of: sale, dated_by: order.signed_on, over: {over}, per: payee, reversed_order: leaves}}
components:
  bonus: {{per: payee and {per}, amount: {amount}, steps: [{{round: cent, mode: half_up, each: sum}}], lands_in: the measured month}}
{more}""") + SETTLED  # fmt: skip


def test_two_principals_of_one_month_have_a_line_and_a_stated_amount_each() -> None:
    """10 % of 600 and of 300; at 160 yen a euro 60.00 are 9 600, and 30.00 are 4 800."""
    plan = bonus("month", "month", "sold * 10 %").replace(SALE, f"""
attributes: {{payee: {{currency: text}}}}
currencies: {{statement: {{in: payee.currency, rate: period average}}}}
{SALE}""")  # fmt: skip
    rate = "{type: period average, from: EUR, to: JPY, period: 2026-02, rate: '160'}"
    given = f"payees: [{{id: A1, kind: agency, currency: JPY}}]\n      exchange_rates: [{rate}]"
    found = worked_out(plan, ZETA, AT_ONCE, given=given)
    assert owed(found) == {"beta": {"2026-02": "30.00"}, "zeta": {"2026-02": "60.00"}}

    made = checked(
        f"{plan}examples:\n  - name: all\n    given:\n      {given}\n"
        f"      orders: [{ZETA}, {AT_ONCE}]\n    expect: {{}}\n"
    )
    relations = made.examples[0].relations
    due = pay(made, relations, found.lines, until=UNTIL)
    stated = state(made, relations, found.lines, due, until=UNTIL)
    values = {node.node_id: node.value for node in stated.nodes}
    amounts = {item.principal: (str(item.amount), values[item.node_id]) for item in stated.amounts}
    assert amounts == {"beta": ("4800", "4800"), "zeta": ("9600", "9600")}


def test_the_second_principals_line_alone_has_an_id_that_names_it() -> None:
    """One principal's results keep their ids: beta, under whom A1 is, has the id zeta has alone."""
    alone = worked_out(bonus("month", "month", "sold * 10 %"), ZETA).lines
    both = worked_out(bonus("month", "month", "sold * 10 %"), ZETA, AT_ONCE).lines

    ids = {line.principal: line.line_id for line in both}
    assert [(line.principal, line.line_id) for line in alone] == [("zeta", ids["beta"])]


def test_each_principals_part_of_a_payees_month_under_a_cap_is_explained_counted_again() -> None:
    """60 + 30 within 60 are 40 + 20; without beta's order in March zeta's 60 have all the room."""
    plan = bonus(
        "month",
        "month",
        "sold * 10 %",
        "limits: [{cap: 60 EUR, over: payee and month, surplus: lost}]",
    )
    assert owed(worked_out(plan, ZETA, CANCELLED)) == {
        "beta": {"2026-02": "20.00", "2026-03": "-20.00"},
        "zeta": {"2026-02": "40.00", "2026-03": "20.00"},
    }


def test_two_carried_surpluses_are_each_changed_by_their_own_principals_orders() -> None:
    """80 + 80 within 50 a month: 25 + 25, then 25 + 25 of the 55 + 55 that were carried.

    O1 is cancelled in April, and zeta takes its 50 back. Alone, alpha's 80 are 50 in February, 30
    in March: of these 25 and 5 are made good in April.
    """
    plan = plan_of_sales("""
components:
  base:
    per: credit of sale
    amount: credit.amount * 10 %
    steps: [{round: cent, mode: half_up, each: line}, {cap: 50 EUR, over: payee and month, surplus: carried}]
settlement:
  states: {model: energy_order, of: order}
  release: {base: [{share: rest, at: activated}]}
  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect: {base: {takes: 100 %, out_of: released, unreleased: dropped}}
""")  # fmt: skip
    sold = "{id: %s, principal: %s, signed_on: 2026-02-02, seller: A1, amount: 800 EUR, states: {activated: 2026-02-04%s}}"
    found = worked_out(
        plan, sold % ("O1", "zeta", ", cancelled: 2026-04-10"), sold % ("O2", "alpha", "")
    )
    assert owed(found) == {
        "alpha": {"2026-02": "25.00", "2026-03": "25.00", "2026-04": "30.00"},
        "zeta": {"2026-02": "25.00", "2026-03": "25.00", "2026-04": "-50.00"},
    }


CARRIED_LATER = """
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: WHOSE, reversed_order: leaves}
  own: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee, reversed_order: stays}
populations: {everybody: {who: payee.kind = "agency"}}
components:
  bonus:
    per: WHOSE and month
    amount: sold * 10 %
    steps: [{round: cent, mode: half_up, each: sum}, {cap: 50 EUR, over: OVER, surplus: carried}]
    GIVEN
    lands_in: the measured month
LIMITS
"""  # fmt: skip
SOLD = "{id: %s, principal: %s, signed_on: 2026-%s-05, seller: A1, amount: %s EUR, states: {%s}}"
ALL_OF_ZETA = (
    SOLD % ("O1", "zeta", "02", 800, ""),
    SOLD % ("O2", "beta", "02", -500, "cancelled: 2026-04-10"),
    SOLD % ("O3", "zeta", "03", 300, "cancelled: 2026-06-10"),
)
HALF_OF_BETA = (
    SOLD % ("O1", "zeta", "02", 400, ""),
    SOLD % ("O2", "beta", "02", 400, ""),
    SOLD % ("O4", "beta", "02", -500, "cancelled: 2026-04-10"),
    SOLD % ("O3", "zeta", "03", 300, ""),
)
AT_MOST_45 = "limits: [{cap: 45 EUR, over: payee and month, surplus: lost}]"


@pytest.mark.parametrize(
    ("limits", "orders", "to_payee", "shared_in"),
    [
        # April: 20 more of February, 20 of March, and its own 10; in June March loses 20.
        ("", ALL_OF_ZETA, {"zeta": {"2026-04": "50.00", "2026-06": "-30.00"}},
         {"zeta": {"2026-04": "40.00", "2026-06": "-20.00"}}),
        # Within 45: 15 more of February, 15 of March, and April's 10; in June March is 30 again.
        (AT_MOST_45, ALL_OF_ZETA, {"zeta": {"2026-04": "40.00", "2026-06": "-25.00"}},
         {"zeta": {"2026-04": "30.00", "2026-06": "-15.00"}}),
        # February's 50 are 25 + 25, and of the 30 carried 15 + 15. March's 60 are 45 + 15, its 50
        # are 37.50 + 12.50, and April's 10 are 7.50 + 2.50: zeta -5 + 7.50 + 7.50.
        ("", HALF_OF_BETA, {"beta": {"2026-04": "40.00"}, "zeta": {"2026-04": "10.00"}},
         {"beta": {"2026-04": "37.50"}, "zeta": {"2026-04": "2.50"}}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("given_to", ["", "given_to: {among: everybody, weights: own}"])
def test_what_a_later_count_carries_in_changes_the_part_that_the_close_gave(
    limits: str,
    orders: tuple[str, ...],
    to_payee: dict[str, dict[str, str]],
    shared_in: dict[str, dict[str, str]],
    given_to: str,
) -> None:
    """300 of two principals in February and 300 of zeta in March are 30.00 each, all zeta's.

    Without the order of -500, in April, February's 80 are 50; 30 are carried to March, whose 60
    are 50, and 10 to April. Among payees by what they sold, nobody has a part of April's 10.
    """
    whose, over = ("plan", "own period") if given_to else ("payee", "payee and month")
    plan = CARRIED_LATER.replace("WHOSE", whose).replace("OVER", over).replace("GIVEN", given_to)
    found = owed(worked_out(plan_of_sales(plan.replace("LIMITS", limits)) + SETTLED, *orders))

    later = shared_in if given_to else to_payee
    at_close = {"2026-02": "30.00", "2026-03": "30.00"}
    assert found == {**later, "zeta": {**at_close, **later["zeta"]}}


@pytest.mark.parametrize(
    ("per", "over", "amount", "expected"),
    [
        ("quarter", "quarter", "sold * 10 %", {"beta": {"2026-03": "30.00"}, "zeta": {"2026-03": "60.00"}}),
        ("quarter", "month", "sold of the quarter * 10 %", {"beta": {"2026-03": "30.00"}, "zeta": {"2026-03": "60.00"}}),
        ("month", "month", "previous month of sold * 10 %", {"beta": {"2026-04": "30.00"}, "zeta": {"2026-03": "60.00"}}),
        # A new order is what pays, not the month before that it is compared with.
        ("month", "month", "(sold - previous month of sold) * 10 % + 60 EUR",
         {"beta": {"2026-01": "60.00", "2026-03": "30.00", "2026-04": "30.00", "2026-05": "60.00", "2026-06": "60.00"},
          "zeta": {"2026-02": "120.00"}}),
    ],
)  # fmt: skip
def test_a_figure_of_other_months_is_owed_by_those_for_whom_its_orders_were_made(
    per: str, over: str, amount: str, expected: dict[str, dict[str, str]]
) -> None:
    """zeta's 600 are of February, beta's 300 of March; A1 is under beta where there is no order."""
    assert owed(worked_out(bonus(per, over, amount), ZETA, BETA)) == expected


def test_what_was_sold_to_date_is_owed_in_every_month_by_all_who_had_orders() -> None:
    found = owed(worked_out(bonus("month", "month", "sold to date * 10 %"), ZETA, BETA))

    assert found["zeta"] == dict.fromkeys((f"2026-0{month}" for month in range(2, 7)), "60.00")
    assert found["beta"] == dict.fromkeys((f"2026-0{month}" for month in range(3, 7)), "30.00")


def test_a_superiors_pay_on_the_team_is_owed_by_those_of_the_teams_orders() -> None:
    """M1 sells nothing and gets 10 % of A1's 600 for zeta and of 300 for beta."""
    given = """payees: [{id: A1, kind: agency}, {id: M1, kind: agency}]
      hierarchy: {sales: [{payee: A1, reports_to: M1}]}"""
    plan = bonus("month", "month", "sold below along sales * 10 %")
    lines = worked_out(plan, ZETA, AT_ONCE, given=given).lines
    assert {(line.payee_id, line.principal, str(line.amount)) for line in lines} == {
        ("M1", "beta", "30.00"),
        ("M1", "zeta", "60.00"),
    }


GIVEN = """
populations: {everybody: {who: payee.kind = "agency"}}
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: WHOSE}
  own: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}
components:
  bonus:
    per: WHOSE and month
    when: WHEN
    amount: sold * 10 %
    steps: [{round: cent, mode: half_up, each: sum}STEP]
    given_to: TO
    lands_in: LANDS
"""


def shared(whose: str, when: str, to: str, *, step: str = "", lands: str = "") -> str:
    """Return a plan that shares what a team or territory earns among payees."""
    text = GIVEN.replace("WHOSE", whose).replace("WHEN", when).replace("TO", to)
    text = text.replace("STEP", step and f", {step}")
    return plan_of_sales(text.replace("LANDS", lands or "the measured month")) + SETTLED


def test_of_a_part_by_own_sales_only_what_the_cell_counts_decides_who_owes_it() -> None:
    """North's 10.00 come of zeta's order alone, though A1 sold 900 for beta in the south."""
    given = """payees: [{id: A1, kind: agency}]
      trees: {territory: [{code: nord}, {code: sud}]}"""
    orders = [
        ZETA.replace("amount: 600", "territory: nord, amount: 100"),
        AT_ONCE.replace("amount: 300", "territory: sud, amount: 900"),
    ]
    by_own = "{among: everybody, weights: own}"
    plan = shared("territory", 'territory.code = "nord"', by_own)

    assert owed(worked_out(plan, *orders, given=given)) == {"zeta": {"2026-02": "10.00"}}


def test_who_changed_teams_is_paid_in_each_by_those_of_its_orders_there() -> None:
    """On 15 February A1 goes over to M2 with 100 sold for zeta; the 900 since are beta's."""
    given = """payees: [{id: A1, kind: agency}, {id: M1, kind: agency}, {id: M2, kind: agency}]
      hierarchy: {sales: [{payee: A1, reports_to: M1, to: 2026-02-15}, {payee: A1, reports_to: M2, from: 2026-02-15}]}"""
    orders = [
        ZETA.replace("600", "100"),
        AT_ONCE.replace("300", "900").replace("02-05", "02-25"),
    ]
    plan = shared("team along sales", "team.size > 1", "{among: the team, weights: own}")

    assert owed(worked_out(plan, *orders, given=given)) == {"beta": {"2026-02": "90.00"}}


LIMITED = [
    ("{cap: 50 EUR, over: payee and month, surplus: carried}",
     {"2026-03": "50.00", "2026-04": "40.00"}),  # 50, and 30 of the 80 with March's 10
    ("{floor: 20 EUR, over: payee and month}",
     {"2026-02": "20.00", "2026-03": "80.00", **dict.fromkeys(("2026-04", "2026-05", "2026-06"), "20.00")}),
]  # fmt: skip


@pytest.mark.parametrize(("step", "expected"), LIMITED)
def test_what_a_limit_adds_lands_in_the_month_in_which_the_period_is_paid(
    step: str, expected: dict[str, str]
) -> None:
    """A1 heads a team that sells 800 in February and 100 in March: 80 and 10, paid a month on."""
    given = """payees: [{id: A1, kind: agency}, {id: B1, kind: agency}]
      hierarchy: {sales: [{payee: B1, reports_to: A1}]}"""
    sold = "{id: %s, signed_on: %s, seller: B1, amount: %s EUR}"
    plan = shared(
        "team along sales",
        "team.size > 1",
        "the head of the team",
        step=step,
        lands="1 months after",
    )
    found = worked_out(
        plan, sold % ("O1", "2026-02-05", 800), sold % ("O2", "2026-03-05", 100), given=given
    )
    assert owed(found) == {"example": expected}


def test_a_surplus_that_no_order_made_is_owed_by_whom_the_payee_is_under() -> None:
    # 60 a month, 50 within the cap: nobody's orders made the 10 that are carried on.
    fixed = plan_of_sales(
        """
populations: {all: {who: payee.kind = "agency"}}
components:
  bonus:
    per: plan and month
    amount: 60 EUR
    given_to: {among: all, weights: 1}
    steps: [{round: cent, mode: half_up, each: sum}, {cap: 50 EUR, over: own period, surplus: carried}]
    lands_in: the measured month
"""
        + SETTLED.partition("  storno:")[0]
    )

    found = owed(worked_out(fixed, ZETA))

    assert found == {"zeta": {f"2026-{month:02}": "50.00" for month in range(1, 7)}}
