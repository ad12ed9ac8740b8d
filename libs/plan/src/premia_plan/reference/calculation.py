"""One calculation: relations in, lines with their explanation out."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from operator import attrgetter

from premia_common.money import minor_digits
from premia_common.periods import Month
from premia_plan.checked import CellComponent, CheckedPlan, CreditComponent
from premia_plan.reference.book import Book
from premia_plan.reference.by_facts import PartsByFacts
from premia_plan.reference.cell_component import CellPay
from premia_plan.reference.component import ComponentPay
from premia_plan.reference.credit_component import CreditPay
from premia_plan.reference.crediting import Credits
from premia_plan.reference.facts import FactReader
from premia_plan.reference.figures import make_figure
from premia_plan.reference.hierarchy import Hierarchies
from premia_plan.reference.known import known_cells
from premia_plan.reference.movement import Recorder
from premia_plan.reference.orders import read_orders
from premia_plan.reference.payee import Payees
from premia_plan.reference.rate_table import Rates
from premia_plan.reference.settlement import Settlement
from premia_plan.reference.subjects import Subjects
from premia_plan.reference.tree import Trees
from premia_plan.reference.workings import Workings
from premia_plan.relations import Relations
from premia_plan.results import Calculation


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
    trees = Trees(relations, book)
    rates = Rates(plan.tables, trees, book)
    orders = read_orders(plan, relations, until.period.end, rates, book)
    payees = Payees(plan, relations)
    hierarchies = Hierarchies(relations, book)
    facts = FactReader(plan, relations, until.period.end, rates, book).read(orders)
    credits = Credits(
        plan,
        orders,
        facts,
        payees=payees,
        hierarchies=hierarchies,
        book=book,
    )
    settlement = Settlement(plan, until.period.end, book, PartsByFacts(facts))
    make_pay = partial(_make_pay, plan, settlement)
    workings = Workings(
        plan=plan,
        relations=relations,
        until=str(until),
        credits=credits,
        payees=payees,
        hierarchies=hierarchies,
        subjects=Subjects(trees, hierarchies, payees.value),
        rates=rates,
        recorder=Recorder(plan, until.period.end, book),
        book=book,
        make_pay=make_pay,
        make_figure=make_figure,
    )
    for name in plan.credits:  # what is wrong with a credit is told even if nothing pays on it
        workings.credits(name)
    for name in plan.components:
        workings.component(name).pay_all()
    cells = known_cells(workings, str(until))
    roots = chain((line.node_id for line in book.lines), (cell.node_id for cell in cells))
    others = [fact for found in facts.values() for fact in found]
    loud = {fact.order_id for fact in others if fact.last_month >= since}
    quiet = {order.row.order_id for order in orders if order.last_month < since} - loud
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


def _make_pay(
    plan: CheckedPlan, settlement: Settlement, name: str, workings: Workings
) -> ComponentPay:
    component = plan.components[name]
    match component:
        case CreditComponent():
            return CreditPay(component, workings.as_seen_by(name), settlement)
        case CellComponent():
            return CellPay(plan, component, workings.as_seen_by(name), settlement)
