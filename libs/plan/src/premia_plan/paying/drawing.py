"""Draws: what is advanced on a month's earnings, what of it is owed, and how it is taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from premia_plan.checked import CalendarSpan, CheckedPlan, Draw, Span
from premia_plan.paying.accounts import DrawAccount
from premia_plan.paying.figures import MonthFigures
from premia_plan.paying.membership import Membership
from premia_plan.paying.moved import Moved
from premia_plan.period import next_period
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.figure import Figure, figure_of
from premia_plan.reference.payee import PayeeOnDay
from premia_plan.reference.refusal import NotCalculated


def is_within(span: Span, month: str, joined: str) -> bool:
    """Say whether a month lies in a span, counted from the month of joining where it says so."""
    if isinstance(span, CalendarSpan):
        first, last = span.first, span.last
    else:
        first = next_period(joined, span.first - 1)
        last = None if span.last is None else next_period(joined, span.last - 1)
    return (first is None or first <= month) and (last is None or month <= last)


@dataclass(frozen=True, slots=True)
class DrawLevels:
    """What a draw is, or guarantees, to a payee in a month."""

    plan: CheckedPlan
    membership: Membership
    book: Book

    def of(self, draw: Draw, write: MonthFigures) -> Figure | None:
        """Return the amount or level, prorated; None for who is not in the plan, or not meant.

        An amount that cannot be worked out is noted, and there is no draw.
        """
        day = self.membership.last_day(write.payee_id, write.month)
        if day is None:
            return None
        scope = PayeeOnDay(self.membership.payees, write.payee_id, day, self.book)
        if draw.who is not None and not draw.who.evaluate(scope):
            return None
        try:
            whole = figure_of(
                draw.amount,
                scope,
                self.book,
                key=("draw", draw.name, write.payee_id, day.isoformat()),
                kind="draw_level" if draw.is_level else "draw_amount",
                unit=Unit.MONEY,
                payee_id=write.payee_id,
            )
        except NotCalculated as error:
            self._note(draw, write, error)
            return None
        return self._prorated(draw, write, whole)

    def _prorated(self, draw: Draw, write: MonthFigures, whole: Figure) -> Figure:
        proration = self.plan.proration
        part = self.membership.part(write.payee_id, write.month)
        if "guarantee" not in proration.scales or part.is_all:
            return whole
        return write.days(
            "guarantee_for_part",
            draw.name,
            whole,
            counted=part.counted,
            whole=part.whole,
            basis=proration.basis,
            clause=proration.path,
        )

    def _note(self, draw: Draw, write: MonthFigures, error: NotCalculated) -> None:
        why = error.reason.text.removeprefix("not paid, because ")
        self.book.exception(
            "draw_unknown",
            f"The draw {draw.name} of {write.payee_id} for {write.month} is not known: {why}",
            "Record what is missing of the payee",
            payee_id=write.payee_id,
            month=write.month,
        )


def advance(draw: Draw, level: Figure, moved: Moved, drawn_to: Sequence[Figure]) -> None:
    """Pay a month's draw: the amount, or what the month's earnings lack to the level.

    A level stands on what was `drawn_to` the levels before it, so that two do not add up.
    """
    if draw.is_level:
        inputs = {"level": level, "earnings": moved.earnings}
        text = "max(0, level - max(0, earnings))"
        if drawn_to:
            inputs["drawn"] = moved.write.total("drawn_before", draw.name, drawn_to)
            text = "max(0, level - max(0, earnings) - drawn)"
    else:
        inputs, text = {"amount": level}, "amount"
    drawn = moved.write.formula("draw", draw.name, text, inputs, clause=draw.path)
    moved.move("draw", draw.name, drawn)


def take_back(account: DrawAccount, level: Figure | None, moved: Moved) -> None:
    """Take a month's recovery of what is owed, as far as the draw lets it go."""
    draw, write = account.draw, moved.write
    earnings = write.total("earnings_left", draw.name, [moved.earnings, *moved.of("draw_recovery")])
    base = "max(0, earnings)"
    inputs = {"owed": _owed(account, moved), "earnings": earnings}
    if level is not None:
        inputs["level"] = level
        if draw.recovered_from == "above the level":
            base = "max(0, earnings - level)"
    limits = ["owed", base]
    if draw.recovery_share != 1:
        path = f"{draw.path}/recovery_share"
        inputs["share"] = write.given(
            "draw_recovery_share", draw.name, draw.recovery_share, unit=Unit.RATE, clause=path
        )
        limits[1] = f"share * {base}"
    if level is not None and draw.recovered_from == "all earnings" and not draw.may_fall_below:
        drawn = moved.of("draw")
        if drawn:
            inputs["drawn"] = write.total("drawn_in_month", draw.name, drawn)
        limits.append(f"max(0, earnings{' + drawn' if drawn else ''} - level)")
    text = f"-min({', '.join(limits)})"
    recovered = write.formula("draw_recovery", draw.name, text, inputs, clause=draw.path)
    moved.move("draw_recovery", draw.name, recovered)
    account.debts.move("draw_owed", draw.name, moved, "draw", "draw_recovery")


def settle_at_leaving(account: DrawAccount, moved: Moved) -> None:
    """Make what is owed due, or forgive it, as the draw says for who leaves."""
    draw, owed = account.draw, _owed(account, moved)
    if draw.at_leaving == "due":
        moved.move("draw_recovery", draw.name, moved.write.opposite("draw_due", draw.name, owed))
        account.debts.move("draw_owed", draw.name, moved, "draw", "draw_recovery")
        return
    none_left = moved.write.given(
        "draw_forgiven",
        draw.name,
        Fraction(0),
        clause=f"{draw.path}/at_leaving",
        facts={"forgiven": exact_text(owed.value)},
    )
    account.debts.stands_at(none_left, moved.write.month)


def _owed(account: DrawAccount, moved: Moved) -> Figure:
    """Return what is owed with the month's draw."""
    name = account.draw.name
    before = [] if account.debts.owed is None else [account.debts.owed]
    own = moved.of("draw", name=name)
    return moved.write.total("draw_owed_before", name, [*before, *own])
