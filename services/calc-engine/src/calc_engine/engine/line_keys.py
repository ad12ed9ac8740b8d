"""The ids of lines as two halves of 64 bits, combined in the database.

A line's id is the exclusive or of its order's, its payee's, and that of all the rest. The first two
lie beside orders and payees; the rest takes few different values, which are worked out once.
"""

from collections.abc import Iterator
from uuid import UUID

import pyarrow as pa

from calc_engine.engine.codes import What
from calc_engine.engine.ir import (
    Column,
    Distinct,
    Expression,
    Join,
    Kind,
    Relation,
    Scan,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.trace.line_ids import LineParts
from calc_engine.engine.trace.rows import Rows
from calc_engine.engine.values import (
    add,
    case,
    compare,
    exclusive_or,
    is_unknown,
    known_or,
    multiply,
    whole,
)
from premia_common.identifiers import derive_id
from premia_plan.checked import (
    CellComponent,
    CheckedPlan,
    CreditComponent,
    DirectCredit,
    RollupCredit,
)

KIND = ("component", "place", "level", "what", "was", "share")
TOLD_BY = (*KIND, "competence", "event", "principal_no", "order_no")
RADIX = 1_000
"""More than any place, level, share or number of principals: six of them fit into 63 bits."""
MONTHS = 1_000_000

HALVES = {"id_high": Kind.WHOLE, "id_low": Kind.WHOLE}
_OUTCOMES = (
    *((what, None) for what in What),
    *((What.HELD, was) for was in (What.RELEASE, What.REVERSAL, What.VOID_RELEASE)),
)
"""What a line can be, and what it was before it was held until the plan is accepted."""
_LITERALS = pa.schema(
    [
        ("kind_code", pa.int64()),
        ("month_code", pa.int64()),
        ("id_high", pa.int64()),
        ("id_low", pa.int64()),
    ]
)


def coded(plan: CheckedPlan, lines: Relation) -> Relation:
    """Add two numbers that tell apart the kinds of lines, and the months that their ids name."""
    kind: Expression = whole(0)
    for name in KIND:
        part = add(known_or(column(lines, name), whole(-1)), whole(1))
        kind = add(multiply(kind, whole(RADIX)), part)
    months = add(multiply(column(lines, "competence"), whole(MONTHS)), column(lines, "event"))
    # A cell that could not be paid has no order: its lines are told apart by principal.
    principal = case(
        [(is_unknown(column(lines, "order_no")), column(lines, "principal_no"))], whole(0)
    )
    named = add(multiply(months, whole(RADIX)), principal)
    cells = [
        (compare("=", column(lines, "component"), whole(number)), named)
        for number, component in enumerate(plan.components.values())
        if isinstance(component, CellComponent)
    ]
    return extended(lines, kind_code=kind, month_code=case(cells, whole(0)))


def kinds(cell_lines: Relation) -> Relation:
    """Return one row for each kind of line on cells, with the months its id names."""
    # Only whether there is an order counts, not which.
    order = case([(is_unknown(column(cell_lines, "order_no")), whole(None))], whole(0))
    principal = case([(is_unknown(order), column(cell_lines, "principal_no"))], whole(None))
    told = extended(cell_lines, order_no=order, principal_no=principal)
    return Distinct(only(told, "kind_code", "month_code", *TOLD_BY))


def kinds_on_credits(plan: CheckedPlan) -> pa.Table:
    """Return every kind of line that components on credits can have; no month tells them apart."""
    rows = [
        (*kind, None, 0, None, 0)
        for number, component in enumerate(plan.components.values())
        if isinstance(component, CreditComponent)
        for place, level in _places(plan, component.of)
        for share in range(len(plan.release[component.name]))
        for what, was in _OUTCOMES
        for kind in [(number, place, level, what, was, share)]
    ]
    table = {name: [row[at] for row in rows] for at, name in enumerate(TOLD_BY)}
    table["kind_code"] = [_code(row[: len(KIND)]) for row in rows]
    table["month_code"] = [0] * len(rows)
    return pa.table({name: pa.array(values, pa.int64()) for name, values in table.items()})


def _places(plan: CheckedPlan, name: str) -> Iterator[tuple[int, int]]:
    """Yield share and level of every credit that a rule can make of an order."""
    rule = plan.credits[name]
    if isinstance(rule, DirectCredit):
        yield from ((place, 0) for place in range(len(rule.shares)))
    elif isinstance(rule, RollupCredit):
        for place, _ in _places(plan, rule.of):
            yield from ((place, level) for level in range(1, rule.levels + 1))


def _code(kind: tuple[int | None, ...]) -> int:
    code = 0
    for part in kind:
        code = code * RADIX + (0 if part is None else part + 1)
    return code


def literals(parts: LineParts, found: Rows) -> pa.Table:
    """Return the halves of the ids of all combinations that occur."""
    halves = [split(parts.rest(found, at)) for at in range(found.count)]
    arrays = [
        pa.array(found["kind_code"], pa.int64()),
        pa.array(found["month_code"], pa.int64()),
        pa.array([high for high, _ in halves], pa.int64()),
        pa.array([low for _, low in halves], pa.int64()),
    ]
    return pa.Table.from_arrays(arrays, schema=_LITERALS)


def identified(lines: Relation, payees: Scan, orders: Scan, literal: Scan) -> Relation:
    """Return the lines with the halves of their ids."""
    both = (("kind_code", "kind_code"), ("month_code", "month_code"))
    found: Relation = Join(lines, literal, both, {"l_high": "id_high", "l_low": "id_low"})
    for relation, key, prefix in ((payees, "payee_no", "p"), (orders, "order_no", "o")):
        take = {f"{prefix}_high": "id_high", f"{prefix}_low": "id_low"}
        found = Join(found, relation, ((key, key),), take, keeps_left=True)
    no_payee, no_order = split(derive_id("payee", "")), split(derive_id("order", ""))
    halves: dict[str, Expression] = {}
    for half, name in enumerate(("high", "low")):
        payee = known_or(Column(f"p_{name}", Kind.WHOLE), whole(no_payee[half]))
        order = known_or(Column(f"o_{name}", Kind.WHOLE), whole(no_order[half]))
        literal_half = Column(f"l_{name}", Kind.WHOLE)
        halves[f"id_{name}"] = exclusive_or(exclusive_or(literal_half, payee), order)
    kept = [name for name in columns_of(lines) if name not in {"kind_code", "month_code"}]
    return only(extended(found, **halves), *kept, *halves)


def split(identifier: UUID) -> tuple[int, int]:
    """Return an id's halves as signed numbers of 64 bits.

    >>> split(UUID(int=(1 << 127) + 5))
    (-9223372036854775808, 5)
    """
    high, low = identifier.int >> 64, identifier.int & ((1 << 64) - 1)
    return _signed(high), _signed(low)


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number
