"""The periods of a plan, numbered by their last month, and the months that each looks back on."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pyarrow as pa

from calc_engine.engine.ir import Scan
from calc_engine.engine.layout import month_number
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.program import given_columns
from premia_plan.checked import CheckedPlan, SummedMeasure, Window
from premia_plan.period import (
    PeriodKind,
    enclosing,
    end_day,
    first_day,
    last_month,
    month_of,
    months_of,
    next_period,
    periods_within,
    so_far,
    span,
)

PERIODS = pa.schema(
    [
        ("plan_no", pa.int32()),
        ("month", pa.int64()),
        ("p_first_day", pa.date32()),
        ("p_last_day", pa.date32()),
        ("p_days", pa.int64()),
        ("p_year", pa.int64()),
        ("p_quarter", pa.int64()),
        ("p_number", pa.int64()),
        ("p_month", pa.int64()),
        ("in_validity", pa.bool_()),
        ("w_first", pa.date32()),
        ("w_last", pa.date32()),
    ]
)
OF_THE_CALENDAR = (
    "p_first_day",
    "p_last_day",
    "p_days",
    "p_year",
    "p_quarter",
    "p_number",
    "p_month",
)
FACTS = (*OF_THE_CALENDAR, "in_validity")
"""What formulas can ask of a cell's period."""
SEEN = pa.schema([("inner", pa.int64()), ("cell_month", pa.int64())])


def number_of(period: str) -> int:
    """Return a period's number: its last month as a whole number.

    >>> number_of("2026-Q1"), number_of("2026")
    (202603, 202612)
    """
    return month_number(last_month(period))


def all_periods(context: Context, kind: PeriodKind) -> Sequence[str]:
    """Return the periods that close from the plan's first month up to the last one looked at."""
    first, last = month_of(context.plan.valid_from), str(context.until)
    if last < first:
        return ()
    # The last one may close later: it is none yet.
    found = periods_within(span(first, last), kind)
    return [period for period in found if first <= last_month(period) <= last]


def in_validity(context: Context, kind: PeriodKind) -> frozenset[str]:
    """Return the periods that lie in the plan's validity and closed by the last month."""
    first = month_of(context.plan.valid_from)
    last = min(str(context.until), month_of(context.plan.valid_to - timedelta(days=1)))
    if last < first:
        return frozenset()
    found = periods_within(span(first, last), kind)
    return frozenset(each for each in found if last_month(each) <= str(context.until))


def periods(context: Context, kind: PeriodKind) -> Scan:
    """Return the periods with what formulas can ask of them.

    From `w_first` to `w_last` are the days on which a payee can be in the plan for the period.
    """
    inside = in_validity(context, kind)

    def row(period: str) -> tuple[object, ...]:
        first, last = first_day(period), end_day(period) - timedelta(days=1)
        asked_first, asked_last = days_in_validity(context.plan, period)
        return (
            0,
            number_of(period),
            first,
            last,
            (last - first).days + 1,
            last.year,
            (last.month + 2) // 3,
            (last.month + len(months_of(period)) - 1) // len(months_of(period)),
            last.month,
            period in inside,
            asked_first,
            asked_last,
        )

    rows = [row(period) for period in all_periods(context, kind)]
    return _given(context, f"periods_{kind}", PERIODS, rows)


def days_in_validity(plan: CheckedPlan, period: str) -> tuple[date, date]:
    """Return the first and last day of a period in the plan's validity.

    Of a period after it, both are the plan's last day.
    """
    first, last = first_day(period), end_day(period) - timedelta(days=1)
    ends = plan.valid_to - timedelta(days=1)
    if first > ends:
        return ends, ends
    return max(first, plan.valid_from), min(last, ends)


def go_on_after_the_end(context: Context, kind: PeriodKind) -> bool:
    """Say whether some period that is looked at lies after the plan's end."""
    return len(all_periods(context, kind)) > len(in_validity(context, kind))


def seen(context: Context, rule: SummedMeasure, kind: PeriodKind) -> Scan:
    """Return which months a period counts of a measure."""
    rows = {
        (month_number(inner), number_of(period))
        for period in all_periods(context, kind)
        for inner in looked_back(period, rule.window)
    }
    return _given(context, f"seen_{rule.name}_{kind}", SEEN, sorted(rows))


def known_from(context: Context, rule: SummedMeasure, kind: PeriodKind) -> Scan:
    """Return in which periods something of a month is known by a measure's own cells."""
    rows: set[tuple[int, int]] = set()
    for period in all_periods(context, kind):
        for own in periods_within(period, rule.over):
            inner = months_of(own) if rule.window is None else looked_back(own, rule.window)
            rows.update((month_number(month), number_of(period)) for month in inner)
    return _given(context, f"known_from_{rule.name}_{kind}", SEEN, sorted(rows))


def looked_back(period: str, window: Window | None) -> Iterable[str]:
    """Return the months that a period counts."""
    if window is None:
        return months_of(period)
    if window.kind == "rolling":
        last = last_month(period)
        return months_of(span(next_period(last, 1 - window.months), last))
    return months_of(so_far(period, "year" if "year" in window.kind else "quarter"))


def text_of(month: int, kind: PeriodKind) -> str:
    """Return a period as plans write it.

    >>> text_of(202603, "quarter"), text_of(202603, "month")
    ('2026-Q1', '2026-03')
    """
    return enclosing(f"{month // 100:04d}-{month % 100:02d}", kind)


def _given(
    context: Context, name: str, schema: pa.Schema, rows: Sequence[tuple[object, ...]]
) -> Scan:
    known = context.program.given.get(name)
    if known is None:
        return context.program.give(name, schema, rows)
    return Scan(name, given_columns(known.schema))
