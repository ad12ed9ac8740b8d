"""Warnings about plans that can be calculated: each says the case, and no case that is not so."""

import pytest

from premia_plan.finding import Finding
from premia_plan.library import PLANS, library_plan
from premia_plan.linting import lint, monotone_components, warning_name
from premia_plan.linting.curves import MAX_TURNS, curves_of

from ..small_plans import checked, plan_of  # noqa: TID252

PLAN = plan_of("""
attributes: {order: {kwp: count}}
tables:
  rate:
    gives: percent
    keys: [{category: {value: order.category, match: exact}}]
    dated_by: order.signed_on
    missing: zero
    rows: [{category: gas, from: 2026-01-01, to: 2027-01-01, gives: 3 %}]
credits:
  sale:
    amount: order.amount
    divides: base
    shares: [{to: order.partner, share: 25 %, when: order.partner is known}, {to: order.seller, share: rest}]
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: month, per: payee, reversed_order: leaves}
  quality: {loaded: kpi, gives: percent, over: month, per: payee, missing: exception}
components:
  bonus:
    per: payee and month
    tiers:
      mode: marginal
      looked_up_by: sold
      pays_on: sold
      edge: to the band that starts there
      below_first: nothing
      above_last: open
      bands: [{from: 0 EUR, gives: 0 %}, {from: 10 000 EUR, gives: 1 %}, {from: 15 000 EUR, gives: 2 %}]
    steps: [{round: cent, mode: half_up, each: sum}, {cap: 1 000 EUR, over: payee and month, surplus: lost}]
    spread: by credit.amount
    lands_in: the measured month
settlement:
  states: {model: energy_order, of: order}
  release:
    bonus: [{share: rest, at: close of the measured month}]
  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect: {bonus: {recount: the measured month}}
examples:
  - name: one month
    given:
      payees: [{id: A1, kind: agency}, {id: B1, kind: agency}]
      kpis: [{payee: A1, month: 2026-02, quality: 95 %}]
      orders:
        - {id: O1, signed_on: 2026-02-05, seller: A1, category: gas, kwp: 4, amount: 6 000 EUR}
        - {id: O2, signed_on: 2026-02-07, seller: A1, category: gas, kwp: 4, amount: 3 000 EUR}
    expect: {}
""")


def plan_with(*changes: tuple[str, str]):
    text = PLAN
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return checked(text)


def linted(plan) -> list[Finding]:
    """Return the warnings, without those of what the one example does not show."""
    return [item for item in lint(plan) if item.code != "untried"]


def warnings(*changes: tuple[str, str]) -> dict[str, str]:
    found = linted(plan_with(*changes))
    return {warning_name(item): item.counter_example or "" for item in found}


def test_a_plan_whose_pay_rises_evenly_up_to_a_cap_has_no_warning() -> None:
    assert warnings() == {}


def test_a_cliff_is_named_with_the_orders_on_both_sides_of_it() -> None:
    assert warnings(("mode: marginal", "mode: whole")) == {
        "cliff /components/bonus/tiers/bands/1": (
            "example 'one month': order O1 of 7 000.00 EUR pays A1 100.00 EUR of bonus, "
            "order O1 of 6 999.99 EUR 0.00 EUR"
        ),
        "cliff /components/bonus/tiers/bands/2": (
            "example 'one month': order O1 of 12 000.00 EUR pays A1 300.00 EUR of bonus, "
            "order O1 of 11 999.99 EUR 150.00 EUR"
        ),
    }


def test_a_gate_is_a_cliff_of_the_figure_it_asks_for() -> None:
    found = warnings(
        ("amount: 6 000 EUR", "amount: 9 000 EUR"),
        ("each: sum}, ", "each: sum}, {gate: quality >= 92 %, otherwise: 0 EUR}, "),
    )

    assert found == {
        "cliff /components/bonus/steps/1/gate": (
            "example 'one month': quality of A1 at 92 % pays A1 20.00 EUR of bonus, "
            "quality of A1 at 91.99 % 0.00 EUR"
        )
    }


def test_an_order_more_is_a_cliff_where_orders_are_counted() -> None:
    found = warnings(
        ("sum: credit.amount", 'sum: "1"'),
        ("mode: marginal", "mode: whole"),
        (
            "{from: 0 EUR, gives: 0 %}, {from: 10 000 EUR, gives: 1 %}, {from: 15 000 EUR, gives: 2 %}",
            "{from: 0, gives: 0 EUR}, {from: 10, gives: 25 EUR}",
        ),
    )

    assert found == {
        "cliff /components/bonus/tiers/bands/1": (
            "example 'one month': 9 orders like O1 pays A1 250.00 EUR of bonus, "
            "8 orders like O1 0.00 EUR"
        )
    }


def test_a_figure_of_which_less_is_better_has_cliffs_too() -> None:
    found = warnings(
        ("amount: 6 000 EUR", "amount: 9 000 EUR"),
        ("each: sum}, ", "each: sum}, {gate: quality <= 92 %, otherwise: 0 EUR}, "),
    )

    assert found["cliff /components/bonus/steps/1/gate"] == (
        "example 'one month': quality of A1 at 92.01 % pays A1 0.00 EUR of bonus, "
        "quality of A1 at 92 % 20.00 EUR"
    )


def test_pay_that_falls_is_named_at_the_very_cent() -> None:
    found = warnings(
        ("{from: 15 000 EUR, gives: 2 %}", "{from: 15 000 EUR, gives: 0.5 %}"),
        ("mode: marginal", "mode: whole"),
    )

    assert found["falls /components/bonus/tiers/bands/2"] == (
        "example 'one month': order O1 of 12 000.00 EUR pays A1 75.00 EUR of bonus, "
        "order O1 of 11 999.99 EUR 150.00 EUR"
    )


def test_a_component_without_a_limit_is_named_with_what_it_would_pay() -> None:
    found = warnings((", {cap: 1 000 EUR, over: payee and month, surplus: lost}", ""))

    assert found == {
        "unbounded /components/bonus": (
            "example 'one month': order O1 of 100 000 000.00 EUR pays A1 1 999 810.00 EUR of bonus"
        )
    }


def test_a_band_above_the_cap_is_dead() -> None:
    found = warnings(("cap: 1 000 EUR", "cap: 40 EUR"))

    assert list(found) == ["dead_band /components/bonus/tiers/bands/2"]
    assert found["dead_band /components/bonus/tiers/bands/2"].endswith(
        "pays A1 40.00 EUR of bonus, order O1 of 11 999.99 EUR 40.00 EUR"
    )


def test_a_band_that_repeats_the_one_before_it_is_dead() -> None:
    found = warnings(("{from: 15 000 EUR, gives: 2 %}", "{from: 15 000 EUR, gives: 1 %}"))

    assert found == {
        "dead_band /components/bonus/tiers/bands/2": (
            "a result just below 15000 and one just above are paid alike"
        )
    }


@pytest.mark.parametrize(
    ("old", "new", "name", "case"),
    [
        (
            "gives: 3 %}]",
            "gives: 3 %}, {category: power, from: 2026-01-01, to: 2027-01-01, gives: 2 %}]",
            "dead_row /tables/rate/rows/1",
            'an order whose order.category is power is not covered by order.category = "gas"',
        ),
        (
            "rows: [",
            "rows: [{category: gas, from: 2025-01-01, to: 2026-01-01, gives: 2 %}, ",
            "dead_row /tables/rate/rows/0",
            "an order of 2025-12-31 is no matter of this plan, it starts later",
        ),
    ],
)
def test_a_row_that_no_order_of_the_plan_fits_is_dead(
    old: str, new: str, name: str, case: str
) -> None:
    covers = ("attributes:", 'covers: order.category = "gas"\nattributes:')

    assert warnings(covers, (old, new)) == {name: case}


def test_a_rate_of_a_level_nobody_has_is_dead() -> None:
    found = warnings(
        (
            "keys: [{category: {value: order.category, match: exact}}]",
            "keys: [{level: {value: credit.level, match: exact}}]",
        ),
        ("{category: gas, from", "{level: 1, from"),
    )

    assert found == {"dead_row /tables/rate/rows/0": "no credit has level 1; they end at 0"}


@pytest.mark.parametrize(
    "condition",
    [
        "order.amount > 100 EUR and order.amount < 50 EUR",
        "order.amount >= 7 EUR and order.amount != 7 EUR and order.amount <= 7 EUR",
        'order.category = "gas" and not order.category in ["gas", "power"]',
        "order.partner is known and order.partner is not known",
        "order.signed_on > 2026-05-01 and order.signed_on < 2026-05-02",
        'order.category = "a" and order.category = "b" or order.kwp < 1 and order.kwp > 1',
    ],
)
def test_a_condition_that_no_order_meets_is_never_reached(condition: str) -> None:
    found = warnings(("when: order.partner is known", f"when: '{condition}'"))

    assert list(found) == ["never /credits/sale/shares/0/when"]


@pytest.mark.parametrize(
    "condition",
    [
        "order.amount > 50 EUR and order.amount < 100 EUR",
        "order.amount > 7 EUR and order.amount < 7.01 EUR",
        "order.kwp * 2 > 7 and order.kwp * 2 < 8",
        'order.category starts with "g" and order.category != "gas"',
        "order.partner = order.seller",
        "if order.kwp > 2 then order.amount > 5 EUR else order.amount > 9 EUR",
    ],
)
def test_a_condition_that_some_order_may_meet_is_no_warning(condition: str) -> None:
    assert warnings(("when: order.partner is known", f"when: '{condition}'")) == {}


def test_a_condition_that_holds_for_no_covered_order_is_never_reached() -> None:
    found = warnings(
        ("attributes:", "covers: order.amount < 1 000 EUR\nattributes:"),
        ("when: order.partner is known", "when: order.amount > 2 000 EUR"),
    )

    assert found["never /credits/sale/shares/0/when"] == (
        "where it holds, order.amount < 1 000 EUR does not: not covered"
    )


def test_a_condition_that_always_holds_decides_nothing() -> None:
    found = warnings(
        ("when: order.partner is known", "when: order.kwp is known or order.kwp is not known")
    )

    assert list(found) == ["always /credits/sale/shares/0/when"]


def test_a_departure_from_the_default_rules_says_what_an_example_would_pay_by_them() -> None:
    found = warnings(
        ("reversed_order: leaves", "reversed_order: stays"),
        ("amount: 6 000 EUR}", "amount: 11 000 EUR, states: {cancelled: 2026-04-02}}"),
    )

    assert found == {
        "departs /measures/sold/reversed_order": (
            "example 'one month' pays A1 40.00 EUR of bonus, by the default 0.00 EUR"
        )
    }


def test_another_order_of_steps_says_what_the_usual_one_would_pay() -> None:
    steps = "{cap: 1 000 EUR, over: payee and month, surplus: lost}"
    found = warnings(
        ("amount: 6 000 EUR", "amount: 12 000 EUR"),
        (f", {steps}", ""),
        ("steps: [", "steps: [{cap: 30 EUR, over: payee and month, surplus: lost}, "),
        ("each: sum}]", "each: sum}, {gate: quality >= 99 %, otherwise: 35 EUR}]"),
    )

    assert found["departs /components/bonus/steps"] == (
        "example 'one month' pays A1 35.00 EUR of bonus, by the default 30.00 EUR"
    )


def test_a_warning_says_where_and_what_to_do() -> None:
    [finding, _] = linted(plan_with(("mode: marginal", "mode: whole")))

    assert (finding.severity, finding.line, finding.column) == ("warning", 37, 42)
    assert finding.hint.startswith("Keep it only if it is meant")


def test_a_long_example_is_calculated_less_often_and_after_the_short_ones() -> None:
    orders = ", ".join(
        f"{{id: L{number}, signed_on: 2026-03-05, seller: B1, category: gas, kwp: 4, amount: 1 EUR}}"
        for number in range(44)
    )
    long = f"""examples:
  - name: one long month
    given: {{payees: [{{id: B1, kind: agency}}], orders: [{orders}]}}
    expect: {{}}
"""
    curves = curves_of(plan_with(("examples:\n", long)))

    turned: dict[str, int] = {}
    for curve in curves:
        name = curve.dial.example.name
        turned[name] = turned.get(name, 0) + len(curve.known)
    assert list(turned) == ["one month", "one long month"]
    assert turned["one long month"] < MAX_TURNS / 10


@pytest.mark.parametrize(
    ("change", "is_proved"),
    [
        (("mode: marginal", "mode: whole"), False),  # with a last band that gives less
        (("amount: order.amount", "amount: order.amount * -1"), False),
        (("{from: 15 000 EUR, gives: 2 %}", "{from: 15 000 EUR, gives: 0.5 %}"), True),
        (("when: order.partner is known", "when: order.amount > 5 EUR"), False),
    ],
)
def test_what_is_certain_to_rise_is_told(change: tuple[str, str], is_proved: bool) -> None:
    assert monotone_components(plan_with()) == {"bonus"}
    changes = [change]
    if change[1] == "mode: whole":
        changes.append(("{from: 15 000 EUR, gives: 2 %}", "{from: 15 000 EUR, gives: 0.5 %}"))

    assert ("bonus" in monotone_components(plan_with(*changes))) is is_proved


@pytest.mark.parametrize("name", PLANS)
def test_every_warning_about_a_plan_of_the_library_is_told_in_both_languages(name: str) -> None:
    plan = checked(library_plan(name))

    for finding in lint(plan):
        told = finding.in_italian
        assert told is not None
        assert told.message != finding.message
        assert told.hint != finding.hint
        assert told.counter_example != finding.counter_example
