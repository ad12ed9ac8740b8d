"""A result put together: what a change reached from the renewed part, the rest as it was."""

from collections.abc import Iterable, Mapping
from operator import attrgetter
from uuid import UUID

from premia_plan.incremental.reach import Reach
from premia_plan.incremental.scope import Scope
from premia_plan.results import Calculation, Exception_, Line, Node


def part_of(calculation: Calculation, reach: Reach, scope: Scope) -> Calculation:
    """Return the lines, exceptions and cells of a result that are in a scope, with their nodes."""
    return _kept(calculation, reach, scope, inside=True)


def merged(
    base: Calculation,
    renewed: Calculation,
    reach: Reach,
    scope: Scope,
    measures: Iterable[str],
) -> Calculation:
    """Return a result with everything in a scope replaced.

    Args:
        base: the result before the change.
        renewed: what is in the scope now, and nothing else.
        reach: how far facts reach in the plan.
        scope: what the change reaches.
        measures: the plan's measures in the order in which cells stand.
    """
    place = {name: number for number, name in enumerate(measures)}
    new = renewed
    old = _kept(base, reach, scope, inside=False)
    lines = sorted((*old.lines, *new.lines), key=attrgetter("line_id.int"))
    cells = sorted(
        (*old.cells, *new.cells),
        key=lambda cell: (place[cell.measure], cell.payee_id, cell.month),
    )
    nodes = {node.node_id: node for node in (*old.nodes, *new.nodes)}
    return Calculation(
        tuple(lines),
        tuple(sorted(nodes.values(), key=attrgetter("node_id.int"))),
        tuple(sorted({*old.exceptions, *new.exceptions}, key=_exception_order)),
        tuple(cells),
    )


def shared_exceptions(calculation: Calculation) -> tuple[Exception_, ...]:
    """Return the exceptions of a result that are of no order and no payee's month.

    A circle in a tree or a hierarchy is told when something meets it, so it may be told, or no
    longer, because of any order.
    """
    return tuple(
        found for found in calculation.exceptions if found.order_id is None and found.month is None
    )


def _kept(calculation: Calculation, reach: Reach, scope: Scope, *, inside: bool) -> Calculation:
    lines = tuple(line for line in calculation.lines if _has_line(reach, scope, line) is inside)
    cells = tuple(
        cell for cell in calculation.cells if scope.has_cell(cell.payee_id, cell.month) is inside
    )
    exceptions = tuple(
        found for found in calculation.exceptions if is_told_within(reach, scope, found) is inside
    )
    roots = [*(line.node_id for line in lines), *(cell.node_id for cell in cells)]
    nodes = {node.node_id: node for node in calculation.nodes}
    return Calculation(lines, tuple(_below(nodes, roots)), exceptions, cells)


def _has_line(reach: Reach, scope: Scope, line: Line) -> bool:
    if line.component in reach.by_payee and line.payee_id is not None:
        return scope.has_cell(line.payee_id, line.competence)
    return line.order_id in scope.orders


def is_told_within(reach: Reach, scope: Scope, found: Exception_) -> bool:
    """Say whether an exception is of a scope."""
    if found.order_id is None:
        return scope.has_cell(found.payee_id, found.month)
    if found.order_id in scope.orders:
        return True
    if reach.period is not None:
        return False  # what is counted in a period does not change what is told of other orders
    # An order that was not read is told of for its superiors' sake, and nothing of it has changed.
    return scope.has_payee(found.payee_id) and found.order_id in scope.fed.orders


def _below(nodes: Mapping[UUID, Node], roots: Iterable[UUID]) -> Iterable[Node]:
    found: dict[UUID, Node] = {}
    waiting = list(roots)
    while waiting:
        node_id = waiting.pop()
        if node_id not in found:
            node = found[node_id] = nodes[node_id]
            waiting.extend(node.children)
    return found.values()


def _exception_order(found: Exception_) -> tuple[str, str, str, str, str]:
    return (
        found.code,
        found.payee_id or "",
        found.order_id or "",
        found.month or "",
        found.message,
    )
