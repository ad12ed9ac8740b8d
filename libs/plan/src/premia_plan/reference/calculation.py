"""One calculation: relations in, lines with their explanation out."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain
from operator import attrgetter

from premia_common.money import minor_digits
from premia_common.periods import Month
from premia_plan.checked import (
    AttainmentRule,
    CellComponent,
    CheckedPlan,
    CreditComponent,
    SummedMeasure,
)
from premia_plan.quantities import percent_text
from premia_plan.reasons import Reason
from premia_plan.reference.book import Book
from premia_plan.reference.cell_component import CellPay, attainment_node
from premia_plan.reference.credit import Credits
from premia_plan.reference.credit_component import CreditPay
from premia_plan.reference.hierarchy import Hierarchies
from premia_plan.reference.measure import MeasuredCell, Measures
from premia_plan.reference.month import month_of
from premia_plan.reference.order import read_orders
from premia_plan.reference.payee import Payees
from premia_plan.reference.rate_table import RateLookup, Trees
from premia_plan.reference.settlement import Settlement
from premia_plan.reference.steps import Stage
from premia_plan.relations import Relations
from premia_plan.results import Attainment, Calculation, Cell


def calculate(
    plan: CheckedPlan, relations: Relations, *, until: Month, since: Month | None = None
) -> Calculation:
    """Return every line that lands up to the end of a month, and what is held or not paid then.

    What happened after that month is not looked at. A line lands in the month of its event,
    whether that month is closed or not: moving a difference to the first open month is for
    whoever compares this result with what was posted.

    Args:
        plan: the typed plan.
        relations: the facts.
        until: the last month that is looked at.
        since: the first month whose lines are wanted; all if None. Facts before it count as
            ever, and the lines that land in it or later are the same with it as without it. Left
            out is what concerns earlier months only: lines that land before it, or would have
            if their payee had accepted the plan; what is not paid of an order of which no share
            waits for a state, and an order's exceptions, when the day that puts it under the
            plan and the days of all states it reached lie before it; what is not paid of a
            payee's month that was counted before it, with its exception; cells of months before
            it; and the nodes that only these rest on. What is still held is always there.
    """
    with _collector_paused():
        return _calculate(plan, relations, until, "" if since is None else str(since))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking the result while it grows.

    A calculation drops nothing before it returns, so the collector finds nothing; walking
    half a million nodes again and again took a third of the time. Freezing and thawing puts
    the result among the old objects, or the first walk afterwards would be over all of it.
    """
    was_running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_running:
            if gc.get_freeze_count() == 0:  # else somebody's frozen objects would thaw with it
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def _calculate(plan: CheckedPlan, relations: Relations, until: Month, since: str) -> Calculation:
    book = Book(plan.name, minor_digits(plan.currency), since)
    orders = read_orders(plan, relations, until.period.end, book)
    trees = Trees(relations, book)
    payees = Payees(plan, relations)
    credit_lists = Credits(plan, payees, Hierarchies(relations, book), book).of(orders)
    measures = Measures(plan, credit_lists, relations, book)
    settlement = Settlement(plan, book)
    lookups = {name: RateLookup(table, trees, book) for name, table in plan.tables.items()}
    for component in plan.components.values():
        match component:
            case CreditComponent():
                pay = CreditPay(component, lookups, settlement, book)
                for credit in credit_lists[component.of]:
                    order = credit.order
                    if order.last_month >= since or settlement.is_open(component.name, order):
                        pay.pay(credit)
            case CellComponent():
                CellPay(plan, component, measures, settlement, book).pay_all()
    cells = _cells(plan, measures, until, book)
    roots = chain((line.node_id for line in book.lines), (cell.node_id for cell in cells))
    quiet = {order.row.order_id for order in orders if order.last_month < since}
    return Calculation(
        lines=tuple(sorted(book.lines, key=attrgetter("line_id.int"))),
        nodes=tuple(sorted(book.explaining(roots), key=attrgetter("node_id.int"))),
        exceptions=tuple(
            sorted(
                (found for found in book.exceptions if found.order_id not in quiet),
                key=lambda e: (
                    e.code,
                    e.payee_id or "",
                    e.order_id or "",
                    e.month or "",
                    e.message,
                ),
            )
        ),
        cells=cells,
    )


def _cells(plan: CheckedPlan, measures: Measures, until: Month, book: Book) -> tuple[Cell, ...]:
    """Return what each payee reached in each month, restated up to the last month."""
    rules = {rule.of: rule for rule in plan.attainments.values()}
    first, last = max(month_of(plan.valid_from), book.since), str(until)
    cells = []
    for name, measure in plan.measures.items():
        if not isinstance(measure, SummedMeasure):
            continue
        keys = {*measures.cells(name), *measures.keys_with_targets(name)}
        for payee_id, month in sorted(keys):
            if first <= month <= last:
                cell = measures.cell(name, payee_id, month)
                cells.append(_cell(cell, rules.get(name), measures, last, book))
    return tuple(cells)


def _cell(
    cell: MeasuredCell, rule: AttainmentRule | None, measures: Measures, last: str, book: Book
) -> Cell:
    as_of = max((month for month in cell.later_months() if month <= last), default=cell.month)
    value, node_id = measures.total(cell, as_of)
    text = book.nodes[node_id].value
    target = measures.target(cell.measure.name, cell.payee_id, cell.month) if rule else None
    if rule is None or target is None or isinstance(target, Reason):
        return Cell(cell.payee_id, cell.measure.name, cell.month, text, None, None, node_id)
    ratio: Fraction = value / target[0]
    stage = Stage(cell.payee_id, cell.month, as_of if as_of > cell.month else "")
    return Cell(
        cell.payee_id,
        cell.measure.name,
        cell.month,
        text,
        book.nodes[target[1]].value,
        Attainment(f"{ratio.numerator}/{ratio.denominator}", percent_text(ratio)),
        attainment_node(book, rule.name, stage, ratio, (node_id, target[1])),
    )
