"""Campaigns: a time, a place among other components, a budget."""

import pytest

ALONE = "divides: base\nshares: [{to: order.seller, share: rest}]"
ORDERS = """orders:
  - {id: O1, signed_on: 2026-02-10, seller: A1, amount: 100 EUR, states: {activated: 2026-03-04}}
  - {id: O2, signed_on: 2026-02-11, seller: A1, amount: 300 EUR, states: {activated: 2026-03-04}}
  - {id: O3, signed_on: 2026-02-12, seller: A1, amount: 200 EUR, states: {activated: 2026-03-04}}
  - {id: O4, signed_on: 2026-03-01, seller: A1, amount: 900 EUR, states: {activated: 2026-03-04}}"""
SPIFF = """  spiff:
    per: credit of sale
    amount: 8 EUR
    steps: [{round: cent, mode: half_up, each: line}]
settlement:"""
SPRING = "from: 2026-02-01, to: 2026-03-01, by: order.signed_on, component: spiff"


@pytest.fixture
def campaign(written):
    """Return the plan's text with a campaign; base pays 3 % of 100, 300, 200 and 900 EUR."""

    def text(words: str, more: str = "") -> str:
        found = written.text_of(
            ALONE, ORDERS, extra=f"campaigns:\n  spring: {{{SPRING}, {words}}}{more}"
        )
        found = found.replace("settlement:", SPIFF)
        return found.replace(
            "base: [{share: rest, at: activated}]",
            "base: [{share: rest, at: activated}]\n    spiff: {like: base}\n    kicker: {like: base}"
            if more
            else "base: [{share: rest, at: activated}]\n    spiff: {like: base}",
        )

    return text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("relation: adds to", "69.00"),  # 45 and three times 8
        ("relation: replaces, with: base", "51.00"),  # 27 for O4, and three times 8
        ("relation: best of, with: all", "52.00"),  # 8, 9, 8 and 27
        ("relation: adds to, where: order.amount > 100 EUR", "61.00"),
        ("relation: adds to, budget: 20 EUR, when_spent: stop before", "61.00"),
        ("relation: adds to, budget: 20 EUR, when_spent: stop after", "69.00"),
        ("relation: adds to, budget: 20 EUR, when_spent: cut", "65.00"),
        ("relation: replaces, with: base, budget: 15 EUR, when_spent: stop before", "50.00"),
    ],
)
def test_a_campaign_adds_replaces_or_is_the_better_within_its_budget(
    written, campaign, words: str, expected: str
) -> None:
    assert written.paid(written.calculated(campaign(words))) == written.march(A1=expected)


def test_what_is_not_paid_says_which_campaign_is_the_reason(written, campaign) -> None:
    result = written.calculated(campaign("relation: best of, with: base"))

    reasons = {
        (line.order_id, line.component): line.reason
        for line in result.lines
        if line.what == "not_paid"
    }
    assert reasons == {
        ("O1", "base"): "not paid, because the campaign spring pays instead",
        ("O2", "spiff"): "not paid, because spring gives no more than what is paid without it",
        ("O3", "base"): "not paid, because the campaign spring pays instead",
    }  # fmt: skip


KICKER = """
  summer: {from: 2026-02-11, to: 2026-04-01, by: order.signed_on, component: kicker, relation: replaces, with: base, precedence: 2}"""


def test_of_two_campaigns_the_one_that_comes_first_pays(written, campaign) -> None:
    text = campaign("relation: replaces, with: base, precedence: 1", KICKER)
    text = text.replace("settlement:", SPIFF.replace("spiff", "kicker").replace("8 EUR", "20 EUR"))

    assert written.paid(written.calculated(text)) == written.march(A1="44.00")  # 8, 8, 8, 20
    other = text.replace("precedence: 1", "precedence: 3")
    assert written.paid(written.calculated(other)) == written.march(A1="68.00")  # 8, 20, 20, 20
    assert written.codes(text.replace("precedence: 1", "precedence: 2")) == {
        "campaign.equal_precedence"
    }


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("relation: adds to, budget: 20 EUR", "campaign.no_outcome"),
        ("relation: adds to, when_spent: cut", "campaign.no_budget"),
        ("relation: replaces, with: sale", "campaign.other_credit"),
    ],
)
def test_a_campaign_without_an_outcome_is_refused(written, campaign, words: str, code: str) -> None:
    assert written.codes(campaign(words)) == {code}
