"""Laws of places, shared amounts and curves, whatever the figures."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from premia_plan.checked import Place, RankPay
from premia_plan.language import evaluate_inputs
from premia_plan.reference.ranks import pay_of_places, place_of

FIGURES = st.lists(
    st.tuples(st.integers(-3, 3).map(Fraction), st.integers(0, 2).map(Fraction)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(FIGURES, st.booleans())
def test_places_by_id_are_each_taken_once(keys, is_highest_first: bool) -> None:
    places = [place_of(keys, index, "next", is_highest_first) for index in range(len(keys))]

    assert sorted(places) == list(range(1, len(keys) + 1))


@settings(max_examples=60, deadline=None)
@given(FIGURES, st.booleans())
def test_a_tie_stands_between_its_best_and_worst_place(keys, is_highest_first: bool) -> None:
    for index in range(len(keys)):
        best, worst, average, own = (
            place_of(keys, index, ties, is_highest_first)
            for ties in ("best", "worst", "average", "next")
        )
        assert best <= own <= worst
        assert average == (best + worst) / 2


@settings(max_examples=40, deadline=None)
@given(FIGURES, st.lists(st.integers(0, 900), min_size=1, max_size=8))
def test_average_pay_of_ties_pays_every_place_once(keys, pays: list[int]) -> None:
    places = tuple(Place(at, at, Fraction(pay)) for at, pay in enumerate(pays, start=1))
    formula = pay_of_places(RankPay("best", places, "/components/prize"), "EUR")

    paid = [
        evaluate_inputs(
            formula,
            {
                "best": place_of(keys, index, "best", True),
                "worst": place_of(keys, index, "worst", True),
            },
        )
        for index in range(len(keys))
    ]

    assert sum(paid) == sum(pays[: len(keys)])
