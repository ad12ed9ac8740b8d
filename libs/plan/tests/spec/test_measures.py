"""Measures, targets, tables and tiers worked by hand, with what the explanations say."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from premia_common.periods import Month
from premia_plan.checked import Band, Tiers
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan
from premia_plan.explain import check_tree, words
from premia_plan.language import Names, evaluate_inputs, read_formula
from premia_plan.quantities import Unit
from premia_plan.reference import calculate
from premia_plan.reference.banding import Reach, parts_reached
from premia_plan.relations import MeasurementRow, OpeningRow, SourceRef, TargetRow

from ..small_plans import checked, plan_of_sales  # noqa: TID252

SOLD = plan_of_sales("""
settlement:
  states: {model: energy_order, of: order}
  release: {bonus: [{share: rest, at: close of the measured month}]}
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee}
""")
PAID = """
components:
  bonus:
    per: payee and month
    amount: AMOUNT
    steps: [{round: cent, mode: half_up, each: sum}]
    lands_in: the measured month
examples: [{name: none, given: {payees: [{id: A1, kind: agency}]}, expect: {}}]
"""
SOURCE = SourceRef("message", "row", "ab" * 32, "a row")


def paying(amount: str, sections: str = ""):
    return checked(SOLD + sections + PAID.replace("AMOUNT", amount))


def found(amount: str, sections: str = "") -> list[tuple[str, str]]:
    check = check_plan(parse_plan(SOLD + sections + PAID.replace("AMOUNT", amount)))
    return [(item.code, item.path) for item in check.findings]


def bonuses(plan, facts, until: str = "2026-12") -> dict[tuple[str | None, str | None], Decimal]:
    result = calculate(plan, facts.relations, until=Month.parse(until))
    lookup = {node.node_id: node for node in result.nodes}
    for line in result.lines:
        assert check_tree(lookup[line.node_id], lookup) == ()
    return {(line.payee_id, line.month): line.amount for line in result.lines}


@pytest.fixture
def two_months(facts):
    return facts.with_order("O1", "1000", {}, signed_on="2026-02-05").with_order(
        "O2", "3000", {}, signed_on="2026-03-05"
    )


def test_an_opening_balance_counts_and_names_its_source(facts) -> None:
    plan = paying("sold to date * 10 %")
    opened = OpeningRow("measure", "A1", "sold", "2026-01", Decimal(500), date(2026, 1, 31), SOURCE)
    world = facts.with_order("O1", "1000", {}, signed_on="2026-02-05")
    world = world.with_rows(openings=(opened,))

    assert bonuses(plan, world, "2026-02") == {
        ("A1", "2026-01"): Decimal("50.00"),
        ("A1", "2026-02"): Decimal("150.00"),
    }
    result = calculate(plan, world.relations, until=Month(2026, 1))
    lookup = {node.node_id: node for node in result.nodes}
    told = words(lookup[result.lines[0].node_id], lookup, "en")
    assert "500.00 of sold stood on 2026-01-31 for 2026-01 (from a row)" in told


def test_two_opening_balances_of_one_month_are_named_and_left_out(facts) -> None:
    plan = paying("sold * 10 %")
    opened = [
        OpeningRow("measure", "A1", "sold", "2026-02", Decimal(amount), date(2026, 1, 31), SOURCE)
        for amount in (1, 2)
    ]
    world = facts.with_order("O1", "1000", {}, signed_on="2026-02-05")
    world = world.with_rows(openings=tuple(opened))

    assert bonuses(plan, world) == {("A1", "2026-02"): Decimal("100.00")}
    result = calculate(plan, world.relations, until=Month(2026, 12))
    assert [item.code for item in result.exceptions] == ["opening_ambiguous"]


TARGETS = """
targets:
  sold: {gives: money, over: month, per: payee, first_of: [loaded, previous month of sold * 2]}
attainments: {attainment: {of: sold, against: target}}
"""


def test_the_explanation_of_a_worked_out_target_says_why_the_sources_before_gave_none(
    two_months,
) -> None:
    plan = paying("attainment * 100 EUR", TARGETS)
    result = calculate(plan, two_months.relations, until=Month(2026, 3))
    lookup = {node.node_id: node for node in result.nodes}
    [line] = [line for line in result.lines if line.month == "2026-03"]

    assert line.amount == Decimal("150.00")
    told = words(lookup[line.node_id], lookup, "en")
    assert "before it: there is no target of sold for 2026-03" in told
    told = words(lookup[line.node_id], lookup, "it")
    assert "prima: manca l'obiettivo di sold per 2026-03" in told
    assert {(item.code, item.payee_id, item.month) for item in result.exceptions} == {
        ("target_zero", payee, month)
        for payee, month in (
            ("A1", "2026-02"),
            ("A2", "2026-02"),
            ("A2", "2026-03"),
            ("M1", "2026-02"),
            ("M1", "2026-03"),
        )
    }


def test_two_recorded_targets_of_one_moment_are_never_chosen_between(two_months) -> None:
    plan = paying("attainment * 100 EUR", TARGETS)
    rows = [TargetRow("A1", "sold", "2026-03", Decimal(amount), SOURCE) for amount in (1, 2)]
    world = two_months.with_rows(targets=tuple(rows))

    assert bonuses(plan, world)["A1", "2026-03"] == Decimal("150.00")


def test_a_value_at_a_quarter_is_what_its_months_add_up_to(facts) -> None:
    loaded = "  calls: {loaded: kpi, gives: count, over: month, per: payee, missing: zero}\n"
    plan = paying("calls of the quarter * 1 EUR", loaded)
    rows = [
        MeasurementRow("A1", "calls", month, Decimal(count), SOURCE)
        for month, count in (("2026-01", 3), ("2026-02", 4))
    ]

    paid = bonuses(plan, facts.with_rows(measurements=tuple(rows)))

    assert paid == {
        ("A1", "2026-01"): Decimal("3.00"),
        ("A1", "2026-02"): Decimal("7.00"),
        ("A1", "2026-03"): Decimal("7.00"),
    }


def test_a_quarter_so_far_is_held_against_the_whole_target_of_the_quarter(facts) -> None:
    sections = """  q: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: quarter, per: payee}
targets:
  q: {gives: money, over: quarter, per: payee}
attainments: {against_q: {of: q, against: target}}
"""
    plan = paying("against_q of the quarter * 100 EUR", sections)
    world = facts.with_order("O1", "1000", {}, signed_on="2026-02-05").with_order(
        "O2", "3000", {}, signed_on="2026-03-05"
    )
    row = TargetRow("A1", "q", "2026-Q1", Decimal(8000), SOURCE)

    assert bonuses(plan, world.with_rows(targets=(row,)), "2026-03") == {
        ("A1", "2026-02"): Decimal("12.50"),
        ("A1", "2026-03"): Decimal("50.00"),
        ("A2", None): Decimal("0.00"),  # who has no target is refused
        ("M1", None): Decimal("0.00"),
    }


def test_a_circle_of_figures_is_refused() -> None:
    circle = """  one: {formula: two * 2, over: month, per: payee}
  two: {formula: one * 2, over: month, per: payee}
"""

    assert found("sold * 1 %", circle) == [
        ("measures.cyclic", "/measures/one"),
        ("measures.cyclic", "/measures/two"),
    ]


def test_a_target_worked_out_from_its_own_attainment_is_refused() -> None:
    sections = TARGETS.replace("previous month of sold * 2", "attainment * 100 EUR")

    assert {code for code, _ in found("attainment * 100 EUR", sections)} == {"figures.cyclic"}


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("quarterly * 1 %", "figure.other_period"),
        ("previous month of quarterly * 1 %", "figure.other_period"),
        ("quarterly of the quarter * 1 %", None),
        ("previous quarter of quarterly * 1 %", None),
        ("sum of sold among nobody", "name.unknown"),
    ],
)
def test_a_figure_of_another_period_says_which_one_is_meant(amount: str, code: str | None) -> None:
    section = (
        "  quarterly: {sum: credit.amount, of: sale, dated_by: order.signed_on, "
        "over: quarter, per: payee}\n"
    )

    assert [item for item, _ in found(amount, section)] == ([] if code is None else [code])


NAMES = Names({"x": Unit.MONEY}, currency="EUR")
X = read_formula("x", "", NAMES)


def tiers(mode: str, *bands: Band, **more: object) -> Tiers:
    made = Tiers(mode, "x", None, "x", bands, Unit.RATE, "", X, X)  # type: ignore[arg-type]
    return replace(made, **more)  # type: ignore[arg-type]


def amount(rules: Tiers, base: int) -> Fraction:
    total = Fraction(0)
    for part in parts_reached(rules, Reach(Fraction(base), Fraction(base), Fraction(1))):
        nexts = rules.bands[part.index + 1].gives if part.needs_next else Fraction(0)
        given = {
            "rate": rules.bands[part.index].gives,
            "next_rate": nexts,
            "base": Fraction(base),
            "looked_up": Fraction(base),
            "edge": Fraction(1),
        }
        value = evaluate_inputs(part.formula, given)
        assert isinstance(value, Fraction)
        total += value
    return total


def bands(*pairs: tuple[int, str]) -> tuple[Band, ...]:
    return tuple(Band(Fraction(starts), Fraction(gives), "") for starts, gives in pairs)


@pytest.mark.parametrize(
    ("mode", "more", "expected"),
    [
        # bands: 0 → 1 %, 100 → 2 %, 200 → 4 %; results of 50, 100, 150, 200 and 300
        ("marginal", {}, ("0.5", "1", "2", "3", "7")),
        ("whole", {}, ("0.5", "2", "3", "8", "12")),
        ("whole", {"edge": "ends"}, ("0.5", "1", "3", "4", "12")),
        ("interpolated between points", {}, ("0.75", "2", "4.5", "8", "12")),
        ("marginal", {"above_last": "flat"}, ("0.5", "1", "2", "3", "3")),
        ("marginal", {"above_last": "nothing"}, ("0.5", "1", "2", "3", "0")),
    ],
)
def test_bands_pay_by_their_mode(
    mode: str, more: dict[str, str], expected: tuple[str, ...]
) -> None:
    rules = tiers(mode, *bands((0, "0.01"), (100, "0.02"), (200, "0.04")), **more)

    assert [amount(rules, base) for base in (50, 100, 150, 200, 300)] == [
        Fraction(each) for each in expected
    ]


def test_below_the_first_bound_the_plan_says_what_is_paid() -> None:
    rules = tiers("whole", *bands((100, "0.02"), (200, "0.04")))

    assert amount(rules, 50) == 0
    assert amount(replace(rules, below_first="as the first band"), 50) == 1


def test_a_curve_between_a_rate_and_an_amount_is_refused() -> None:
    given = """
    tiers:
      mode: interpolated between points
      looked_up_by: sold
      pays_on: sold
      bands: [{from: 0 EUR, gives: 1 %}, {from: 100 EUR, fixed: 5 EUR}]
"""
    text = SOLD + PAID.replace("    amount: AMOUNT\n", given.lstrip("\n"))

    codes = [(item.code, item.path) for item in check_plan(parse_plan(text)).findings]

    assert codes == [("tiers.mixed_points", "/components/bonus/tiers/bands/0")]


def test_nothing_is_paid_on_a_result_of_zero_or_less() -> None:
    rules = tiers("whole", *bands((-100, "0.02"), (200, "0.04")))

    assert amount(rules, 0) == 0
    assert amount(rules, -50) == 0


AVERAGE = """
  usual: {average: order.amount, of: sale, dated_by: order.signed_on, over: year to date, per: payee}
  kinds: {distinct: order.category, of: sale, dated_by: order.signed_on, over: year to date, per: payee}
"""


STORNO = """  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect: {bonus: {recount: the measured month}}
measures:"""


def test_a_month_whose_orders_were_all_taken_back_has_no_average_and_stops_no_other(facts) -> None:
    sections = SOLD.replace("measures:", STORNO) + AVERAGE
    plan = checked(sections + PAID.replace("AMOUNT", "usual * 10 %"))
    world = facts.with_order("O1", "1000", {"cancelled": "2026-02-09"}, signed_on="2026-02-05")
    world = world.with_order("O2", "100", {}, signed_on="2026-03-05")

    result = calculate(plan, world.relations, until=Month(2026, 3))

    assert {(line.month, line.amount) for line in result.lines if line.month is not None} == {
        ("2026-03", Decimal("10.00"))
    }
    told = {(item.code, item.payee_id, item.month) for item in result.exceptions}
    assert ("average_of_nothing", "A1", "2026-02") in told
    assert {cell.measure for cell in result.cells if cell.month == "2026-02"} == {"sold", "kinds"}


def test_an_average_does_not_go_on_from_an_opening_balance(facts) -> None:
    plan = paying("usual * 10 % + kinds * 1 EUR", AVERAGE)
    opened = [
        OpeningRow("measure", "A1", name, "2026-01", Decimal(400), date(2026, 1, 31), SOURCE)
        for name in ("usual", "kinds")
    ]
    world = facts.with_order("O1", "1000", {}, signed_on="2026-02-05")
    world = world.with_rows(openings=tuple(opened))

    assert bonuses(plan, world, "2026-02")["A1", "2026-02"] == Decimal("101.00")
    result = calculate(plan, world.relations, until=Month(2026, 2))
    told = [item.message for item in result.exceptions if item.code == "opening_not_addable"]
    left_out = "A1's opening balance of {0} for 2026-01 is left out: {0} is {1}"
    assert [message.partition(", which")[0] for message in told] == [
        left_out.format("kinds", "a count of different ones"),
        left_out.format("usual", "an average"),
    ]


def test_an_amount_that_no_ledger_holds_is_not_paid_and_stops_no_other(facts) -> None:
    plan = paying("(sold / 1 EUR) ^ 2 * 1 EUR")
    world = facts.with_order("O1", "100000000", {}, signed_on="2026-02-05")
    world = world.with_order("O2", "1000", {}, signed_on="2026-03-05")

    result = calculate(plan, world.relations, until=Month(2026, 3))

    assert {(line.what, line.competence, line.amount) for line in result.lines} == {
        ("not_paid", "2026-02", Decimal("0.00")),
        ("release", "2026-03", Decimal("1000000.00")),
    }
    [told] = result.exceptions
    assert (told.code, told.payee_id, told.month, told.blocks) == (
        "amount_too_large",
        "A1",
        "2026-02",
        True,
    )
