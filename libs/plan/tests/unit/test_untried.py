"""What the linter says of what no example shows."""

import pytest

from premia_plan.linting import lint, warning_name

from ..small_plans import checked, plan_of_sales  # noqa: TID252

PLAN = plan_of_sales("""
attributes: {order: {channel: text}}
tables:
  rate:
    keys: [{category: {value: order.category, match: exact}}]
    gives: percent
    missing: exception
    rows: [{category: power, gives: 3 %}, {category: gas, gives: 2 %}]
components:
  base:
    per: credit of sale
    amount: credit.amount * 3 %
    steps: [{round: cent, mode: half_up, each: line}, {cap: 100 EUR, over: line, surplus: lost}]
  more:
    per: credit of sale
    when: order.channel = "web"
    amount: min(credit.amount, 4 000 EUR) * rate
    steps: [{round: cent, mode: half_up, each: line}]
settlement:
  states: {model: energy_order, of: order}
  release: {base: [{share: rest, at: activated}], more: {like: base}}
  storno:
    when: order reached cancelled
    lands_in: month of the event
    effect:
      base: {takes: 100 %, out_of: released, unreleased: dropped}
      more: {takes: 100 %, out_of: released, unreleased: dropped}
examples:
  - name: a visit
    given:
      payees: [{id: A1, kind: agency}]
      orders:
        - {id: O1, signed_on: 2026-02-05, seller: A1, category: gas, channel: visit, amount: 1 000 EUR, states: {activated: 2026-03-04}}
    expect: {A1: {2026-03: {base: 30.00 EUR}}}
""")
CANCELLED = ("activated: 2026-03-04}", "activated: 2026-03-04, cancelled: 2026-05-04}")
MORE, RATE, STORNO = (
    "untried /components/more",
    "untried /tables/rate",
    "untried /settlement/storno",
)


def warnings(*changes: tuple[str, str]) -> dict[str, str]:
    text = PLAN
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return {warning_name(item): item.counter_example or "" for item in lint(checked(text))}


def test_what_no_example_shows_is_named_with_an_order_that_would() -> None:
    assert warnings() == {
        MORE: (
            """example 'a visit, order.channel = "web"': order O1 of 1 000.00 EUR """
            "pays A1 20.00 EUR of more"
        ),
        RATE: "nothing in the plan's one example depends on it",
        STORNO: "nothing in the plan's one example depends on it",
    }


def test_what_examples_show_is_not_named() -> None:
    assert warnings(("channel: visit", "channel: web"), CANCELLED) == {}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (CANCELLED, {MORE, RATE}),
        (("channel: visit", "channel: web"), {STORNO}),
    ],
)
def test_each_is_shown_for_itself(change: tuple[str, str], names: set[str]) -> None:
    assert set(warnings(change)) == names


def test_what_is_taken_back_whole_was_shown() -> None:
    """Paid and taken back, a component comes to nothing in the end and is shown all the same."""
    assert MORE not in warnings(("channel: visit", "channel: web"), CANCELLED)


def test_a_made_up_order_is_linted_like_those_of_the_examples() -> None:
    """2 % of at most 400 EUR below 4 000 EUR, and of at most 4 000 EUR from there on."""
    steep = (
        "4 000 EUR) * rate",
        "if credit.amount < 4 000 EUR then 400 EUR else 4 000 EUR) * rate",
    )

    found = warnings(steep)

    assert found["cliff /components/more/amount"] == (
        """example 'a visit, order.channel = "web"': order O1 of 4 000.00 EUR """
        "pays A1 80.00 EUR of more, order O1 of 3 999.99 EUR 8.00 EUR"
    )


def test_it_is_told_in_italian_and_says_what_to_do() -> None:
    [found] = [item for item in lint(checked(PLAN)) if warning_name(item) == MORE]

    assert found.hint == "Write an example in which it changes what is paid"
    assert found.in_italian.message == "nessun esempio mostra che cosa fa more"
    assert found.in_italian.hint == "Scrivi un esempio in cui cambia quanto si paga"
