"""What a statement holds, as tables: posted before, calculated now, expected line.

In every example the open period is 2026-03 and the tenant went live with 2026-01.
"""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc_engine.domain.proposal import propose
from calc_engine.domain.restatement import lines_of_period
from calc_engine.domain.statement_line import PostedLine, ResultLine, StatementLine
from premia_common.identifiers import derive_id
from premia_common.periods import Month

MARCH, GO_LIVE = Month(2026, 3), Month(2026, 1)
PAYEE, PRINCIPAL = str(UUID(int=1)), str(UUID(int=2))


def line_id(name: str) -> UUID:
    return derive_id("line", name)


def result(name: str, month: str | None, amount: str, what: str = "release") -> ResultLine:
    return ResultLine(
        line_id(name), PAYEE, PRINCIPAL, "plan", "EUR", "base", "commission", what, month,
        "2026-01", Decimal(amount), "order", "credit", 0, None, None, derive_id("node", name),
    )  # fmt: skip


def posted(name: str, period: str, amount: str) -> PostedLine:
    return PostedLine(
        line_id(name), derive_id("statement", period), period, PAYEE, PRINCIPAL, "plan", "base",
        "commission", "2026-01", "EUR", Decimal(amount), "order", "credit", 0,
    )  # fmt: skip


def stated(
    results: list[ResultLine], before: list[PostedLine]
) -> dict[tuple[str, str | None], Decimal]:
    lines, _ = lines_of_period(
        results,
        before,
        period=MARCH,
        go_live=GO_LIVE,
        approved={
            (PAYEE, PRINCIPAL, month, "EUR"): derive_id("statement", month)
            for month in ("2026-01", "2026-02")
        },
        order_sources={},
    )
    assert all((line.corrects is None) == (line.what != "restatement") for line in lines)
    return {(line.what, line.original_period): line.amount for line in lines}


@pytest.mark.parametrize(
    ("why", "before", "now", "expected"),
    [
        ("lands now", [], [("L", "2026-03", "10.00")], {("release", None): "10.00"}),
        ("lands later", [], [("L", "2026-04", "10.00")], {}),
        ("before go-live", [], [("L", "2025-12", "10.00")], {}),
        ("paid before", [("L", "2026-02", "10.00")], [("L", "2026-02", "10.00")], {}),
        (
            "late fact of a closed month",
            [],
            [("L", "2026-02", "10.00")],
            {("restatement", "2026-02"): "10.00"},
        ),
        (
            "paid too much",
            [("L", "2026-02", "10.00")],
            [("L", "2026-02", "7.00")],
            {("restatement", "2026-02"): "-3.00"},
        ),
        (
            "no longer due at all",
            [("L", "2026-02", "10.00")],
            [],
            {("restatement", "2026-02"): "-10.00"},
        ),
        (
            "due later than it was paid",
            [("L", "2026-02", "10.00")],
            [("L", "2026-05", "10.00")],
            {("restatement", "2026-02"): "-10.00"},
        ),
        ("moved into the open month", [("L", "2026-02", "10.00")], [("L", "2026-03", "10.00")], {}),
        (
            "corrected before, and right since",
            [("L", "2026-01", "10.00"), ("L", "2026-02", "-4.00")],
            [("L", "2026-01", "6.00")],
            {},
        ),
        (
            "corrected before, and changed again",
            [("L", "2026-01", "10.00"), ("L", "2026-02", "-4.00")],
            [("L", "2026-01", "5.00")],
            {("restatement", "2026-01"): "-1.00"},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_difference_to_what_was_paid_is_a_line_of_the_open_period(
    why: str,
    before: list[tuple[str, str, str]],
    now: list[tuple[str, str, str]],
    expected: dict[tuple[str, str | None], str],
) -> None:
    found = stated([result(*row) for row in now], [posted(*row) for row in before])

    assert found == {key: Decimal(amount) for key, amount in expected.items()}, why


@pytest.mark.parametrize("what", ["held", "not_paid"])
def test_what_is_held_or_not_paid_is_no_statement_line(what: str) -> None:
    assert stated([result("L", None, "10.00", what)], []) == {}


cents = st.integers(-100_000, 100_000).map(lambda number: Decimal(number).scaleb(-2))
names = st.sampled_from(["A", "B", "C"])


@given(
    paid=st.lists(st.tuples(names, st.sampled_from(["2026-01", "2026-02"]), cents), max_size=6),
    due=st.dictionaries(
        names, st.tuples(st.sampled_from(["2026-01", "2026-02", "2026-03", "2026-04"]), cents)
    ),
)
def test_posted_and_stated_add_up_to_what_is_due(
    paid: list[tuple[str, str, Decimal]], due: dict[str, tuple[str, Decimal]]
) -> None:
    before = [posted(name, period, str(amount)) for name, period, amount in paid]
    now = [result(name, month, str(amount)) for name, (month, amount) in due.items()]
    lines, _ = lines_of_period(
        now, before, period=MARCH, go_live=GO_LIVE, approved={}, order_sources={}
    )

    for name in "ABC":
        owed = due[name][1] if name in due and due[name][0] <= "2026-03" else Decimal(0)
        both = [*before, *lines]
        amounts = [line.amount for line in both if line.origin_line_id == line_id(name)]
        assert sum(amounts, Decimal(0)) == owed


def proposal(amounts: list[str], balance: str) -> list[str]:
    lines: tuple[StatementLine, ...]
    lines, _ = lines_of_period(
        [result(str(number), "2026-03", amount) for number, amount in enumerate(amounts)],
        [],
        period=MARCH,
        go_live=GO_LIVE,
        approved={},
        order_sources={},
    )
    key = (PAYEE, PRINCIPAL, "EUR")
    [made] = propose(
        UUID(int=5), MARCH, lines, balances={key: Decimal(balance)}, held={}, known=[key]
    )
    return [
        str(money.amount)
        for money in (made.total, made.brought_forward, made.payable, made.carried_forward)
    ]


@pytest.mark.parametrize(
    ("amounts", "balance", "expected"),
    [
        (["100.00", "20.00"], "0.00", ["120.00", "0.00", "120.00", "0.00"]),
        (["100.00"], "-30.00", ["100.00", "-30.00", "70.00", "0.00"]),
        (["100.00"], "-130.00", ["100.00", "-130.00", "0.00", "-30.00"]),
        (["-100.00"], "0.00", ["-100.00", "0.00", "0.00", "-100.00"]),
        ([], "-30.00", ["0.00", "-30.00", "0.00", "-30.00"]),
    ],
)
def test_payable_is_never_below_zero_and_the_rest_is_carried(
    amounts: list[str], balance: str, expected: list[str]
) -> None:
    assert proposal(amounts, balance) == expected
