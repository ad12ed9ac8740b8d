"""The room that reversed orders leave of a limit, by what of them stays."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from premia_plan.quantities import Unit
from premia_plan.reference.book import Book
from premia_plan.reference.course import Course
from premia_plan.reference.earning import Earning
from premia_plan.reference.figure import Figure
from premia_plan.reference.limited_group import LimitedGroup
from premia_plan.reference.movement import Movement
from premia_plan.reference.order_then import order_then
from premia_plan.results import PAID

if TYPE_CHECKING:
    from premia_plan.reference.workings import Workings


def room_beside(allowed: Figure, gone: Iterable[Course], month: str, group: LimitedGroup) -> Figure:
    """Return what a limit leaves beside what is kept of reversed orders at a month's end."""
    workings, limit = group.workings, group.limit
    book = workings.book
    kept = [move for course in gone for move in kept_of(course, month, workings, limit.path)]
    units = sum(move.units for move in kept)
    kept_node = book.node(
        *group.key,
        "kept",
        kind="kept_of_reversed",
        value=book.money(units),
        unit="money",
        operation="sum" if kept else "given",
        detail={"clause": limit.path, "month": month},
        children=tuple(move.node_id for move in kept),
    )
    formula = "max(0, limit - kept)" if limit.kind == "cap" else "limit - kept"
    value = allowed.value - Fraction(units, 10**book.places)
    value = max(Fraction(0), value) if limit.kind == "cap" else value
    node_id = book.node(
        *group.key,
        "room",
        kind="room_of_limit",
        value=book.text(value, Unit.MONEY),
        unit="money",
        operation="formula",
        detail={"clause": limit.path, "formula": formula, "inputs": ("limit", "kept")},
        children=(allowed.node_id, kept_node),
    )
    return Figure(value, node_id)


def kept_of(course: Course, month: str, workings: "Workings", word: str) -> Sequence[Movement]:
    """Return what stays of an order after what was taken of it by a month's end.

    Only what was known then counts: the same whatever is looked at afterwards. `word` tells the
    nodes from those of the same earning seen by others, or within another limit.
    """
    recorder = workings.recorder_then(month, word)
    raised = (earning for earning in course.raises() if earning.raised_in <= month)
    return [
        move
        for earning in (course.earning, *raised)
        for move in recorder.record(_known_then(earning, month, recorder.book))
        if (move.what == "held" or move.what in PAID) and move.event <= month
    ]


def _known_then(earning: Earning, month: str, book: Book) -> Earning:
    credit = earning.credit
    if credit is None:
        return earning
    order = order_then(credit.order, month, book)
    return replace(earning, credit=replace(credit, order=order))
