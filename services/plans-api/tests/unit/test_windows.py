from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans_api.domain.window import Window, WindowIsEmpty

DAYS = st.dates(date(2020, 1, 1), date(2020, 3, 1))
WINDOWS = st.builds(
    lambda start, length: Window(start, start + timedelta(days=length) if length else None),
    DAYS,
    st.integers(0, 30),
)


@given(one=WINDOWS, other=WINDOWS, day=DAYS)
def test_a_day_lies_in_the_common_days_exactly_if_it_lies_in_both(
    one: Window, other: Window, day: date
) -> None:
    both = one.meets(other)

    assert (both is not None and day in both) == (day in one and day in other)


@given(one=WINDOWS, other=WINDOWS)
def test_a_window_encloses_another_exactly_if_that_is_what_they_share(
    one: Window, other: Window
) -> None:
    assert one.encloses(other) == (one.meets(other) == other)


def test_a_window_has_at_least_a_day() -> None:
    with pytest.raises(WindowIsEmpty, match="the first day is in, the last is out"):
        Window(date(2026, 1, 1), date(2026, 1, 1))
