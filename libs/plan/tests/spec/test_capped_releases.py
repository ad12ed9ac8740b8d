"""What a payee's cap took goes back with the release it was taken of, and with no other."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from premia_common.periods import Month
from premia_plan.explain import check_tree
from premia_plan.paying import Originals, Pay, pay
from premia_plan.reference import calculate
from premia_plan.relations import PayeeCapRow, SourceRef

from ..small_plans import checked, plan_of_sales  # noqa: TID252

UNTIL = Month.parse("2026-08")
AGREED = SourceRef("agreement", "A1")
PLAN = plan_of_sales("""
components:
  base: {per: credit of sale, amount: credit.amount * 10 %, steps: [{round: cent, mode: half_up, each: line}]}
settlement:
  states: {model: energy_order, of: order}
  release: {base: [{share: 50 %, at: accepted}, {share: rest, at: activated}]}
  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect: {base: {takes: TAKES, out_of: OUT, unreleased: dropped}}
payment: {negative_balance: carried, minimum: 0 EUR}
examples:
  - name: given
    given:
      payees: [{id: A1, kind: agency}]
      orders: [ORDERS]
    expect: {}
""")
CAP = PayeeCapRow("A1", "example", Decimal(60), date(2026, 3, 1), date(2026, 4, 1), AGREED)
"""60.00 EUR in March, when the first halves are released; no cap in April."""


def _order(number: int, **states: str) -> str:
    reached = ", ".join(f"{state}: 2026-{day}" for state, day in states.items())
    return f"{{id: O{number}, signed_on: 2026-02-10, seller: A1, amount: 2000 EUR, states: {{{reached}}}}}"


def _paid(*orders: str, takes: str = "100 %", out_of: str = "released") -> dict[str, str]:
    """Return what each month pays within the cap; going on after April gives the same."""
    text = PLAN.replace("ORDERS", ", ".join(orders))
    plan = checked(text.replace("TAKES", takes).replace("OUT", out_of))
    relations = replace(plan.examples[0].relations, payee_caps=(CAP,))
    result = calculate(plan, relations, until=UNTIL)
    found = pay(plan, relations, result.lines, until=UNTIL)
    nodes = {node.node_id: node for node in (*result.nodes, *found.nodes)}
    for line in found.lines:
        assert check_tree(nodes[line.node_id], nodes) == ()
    closed = pay(plan, relations, result.lines, until=Month.parse("2026-04"))
    later = pay(
        plan,
        relations,
        [line for line in result.lines if (line.month or "") > "2026-04"],
        until=UNTIL,
        standings=closed.standings,
        released_in=Originals(result.lines).find,
    )
    assert _within(closed) | _within(later) == _within(found)
    return _within(found)


def _within(found: Pay) -> dict[str, str]:
    taken = {line.month: line.amount for line in found.lines if line.what == "payee_cap"}
    return {
        item.month: str(item.earned + taken.get(item.month, Decimal(0))) for item in found.balances
    }


def test_a_release_in_a_month_without_cap_is_taken_back_whole():
    # Both orders are of March's competence and release 100.00 there: 60.00 are paid, 140.00 lost.
    # O1 releases 100.00 more in April. Without O1 March still pays 60.00, for O2 alone passes the
    # cap, so all that O1's reversal takes back is April's 100.00.
    orders = (
        _order(1, accepted="03-10", activated="04-10", cancelled="05-10"),
        _order(2, accepted="03-10"),
    )

    assert _paid(*orders) == {"2026-03": "60.00", "2026-04": "100.00", "2026-05": "-100.00"}


def test_the_last_order_of_a_capped_month_takes_back_what_that_month_paid():
    # As above; without O2 as well nothing is left of March's 60.00: of O2's 100.00 the 40.00 are
    # met that are still lost.
    orders = (
        _order(1, accepted="03-10", activated="04-10", cancelled="05-10"),
        _order(2, accepted="03-10", cancelled="06-10"),
    )

    assert _paid(*orders) == {
        "2026-03": "60.00",
        "2026-04": "100.00",
        "2026-05": "-100.00",
        "2026-06": "-60.00",
    }


def test_a_part_of_the_whole_earning_goes_with_its_releases_by_what_each_gave():
    # Half of O1's 200.00 is taken back: 50.00 of March's release, which were never paid, for 140.00
    # are lost there, and 50.00 of April's.
    orders = (
        _order(1, accepted="03-10", activated="04-10", cancelled="05-10"),
        _order(2, accepted="03-10"),
    )

    found = _paid(*orders, takes="50 %", out_of="earned")

    assert found == {"2026-03": "60.00", "2026-04": "100.00", "2026-05": "-50.00"}
