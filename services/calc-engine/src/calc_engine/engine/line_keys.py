"""The ids of lines as two halves of 64 bits, combined in the database.

A line's id is the exclusive or of its order's, its payee's, and that of all the rest. The first two
lie beside orders and payees; the rest takes few different values, which are worked out once.
"""

from collections.abc import Iterator, Mapping

import pyarrow as pa

from calc_engine.engine.alike import Plans
from calc_engine.engine.codes import What
from calc_engine.engine.credit_rules import as_direct
from calc_engine.engine.id_halves import HALVES, split
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
from calc_engine.engine.line_kinds import HELD_AS, LineKinds
from calc_engine.engine.slots import slots
from calc_engine.engine.trace.line_ids import LineParts
from calc_engine.engine.trace.rows import Rows
from calc_engine.engine.values import (
    add,
    case,
    exclusive_or,
    is_unknown,
    multiply,
    whole,
)
from premia_plan.checked import (
    CheckedPlan,
    CreditComponent,
    RollupCredit,
)

TOLD_BY_KIND = ("component", "place", "level", "what", "was", "share")
"""What the number of a line's kind tells: it need not go through the joins beside it."""
WRITTEN_BY_KIND = ("component", "place", "level", "outcome", "share")
"""The same as files tell it once a kind: `outcome` is what a line is, and was before being held."""
TOLD_BY = ("plan_no", *TOLD_BY_KIND, "competence", "event", "principal_no", "order_no")
MONTHS = 1_000_000
PRINCIPALS = 1_000
"""More than any number of principals, so that months and one of them fit into 63 bits."""

_OUTCOMES = (
    *((what, None) for what in What),
    *((What.HELD, was) for was in (What.RELEASE, What.REVERSAL, What.VOID_RELEASE)),
)
"""What a line can be, and what it was before it was held until the plan is accepted."""
_LITERALS = pa.schema(
    [
        ("kind_code", pa.int64()),
        ("month_code", pa.int64()),
        ("plan_no", pa.int64()),
        ("id_high", pa.int64()),
        ("id_low", pa.int64()),
        *((name, pa.int64()) for name in WRITTEN_BY_KIND),
    ]
)


def with_months(lines: Relation) -> Relation:
    """Add a number that tells apart the months that the ids of lines on months name."""
    months = add(multiply(column(lines, "competence"), whole(MONTHS)), column(lines, "event"))
    # A cell that could not be paid has no order: its lines are told apart by principal.
    principal = case(
        [(is_unknown(column(lines, "order_no")), column(lines, "principal_no"))], whole(0)
    )
    return extended(lines, month_code=add(multiply(months, whole(PRINCIPALS)), principal))


def kinds(cell_lines: Relation) -> Relation:
    """Return one row for each kind of line on cells, with the months its id names."""
    # Only whether there is an order counts, not which.
    order = case([(is_unknown(column(cell_lines, "order_no")), whole(None))], whole(0))
    principal = case([(is_unknown(order), column(cell_lines, "principal_no"))], whole(None))
    told = extended(cell_lines, order_no=order, principal_no=principal)
    return Distinct(only(told, "kind_code", "month_code", *TOLD_BY))


def kinds_on_credits(plans: Plans) -> pa.Table:
    """Return every kind of line that components on credits can have; no month tells them apart."""
    first = next(iter(plans.values()))
    kinds, numbers = _on_credits(first), LineKinds(first)
    codes = [
        numbers.number_of((component, place, level, _outcome(what, was), share))
        for component, place, level, what, was, share in kinds
    ]
    rows = [(plan_no, *kind, None, 0, None, 0) for plan_no in plans for kind in kinds]
    table = {name: [row[at] for row in rows] for at, name in enumerate(TOLD_BY)}
    table["kind_code"] = [plan_no * numbers.room + code for plan_no in plans for code in codes]
    table["month_code"] = [0] * len(rows)
    return pa.table({name: pa.array(values, pa.int64()) for name, values in table.items()})


def _on_credits(plan: CheckedPlan) -> list[tuple[int, int, int, What, What | None, int]]:
    """Return component, place, level, what, was and share of every kind of line on credits."""
    return [
        (number, place, level, what, was, share)
        for number, component in enumerate(plan.components.values())
        if isinstance(component, CreditComponent)
        for place, level in _places(plan, component.of)
        for share in range(len(slots(plan.release[component.name])))
        for what, was in _OUTCOMES
    ]


def _outcome(what: int, was: int | None) -> int:
    return what if was is None else HELD_AS + was


def _places(plan: CheckedPlan, name: str) -> Iterator[tuple[int, int]]:
    """Yield share and level of every credit that a rule can make of an order."""
    rule = plan.credits[name]
    direct = as_direct(plan, rule)
    if direct is not None:
        yield from ((place, 0) for place in range(len(direct.shares)))
    elif isinstance(rule, RollupCredit):
        for place, _ in _places(plan, rule.of):
            yield from ((place, level) for level in range(1, rule.levels + 1))


def literals(parts: Mapping[int, LineParts], found: Rows) -> pa.Table:
    """Return the halves of the ids of all combinations that occur, by plan."""
    plans = found["plan_no"]
    halves = [split(parts[plans[at]].rest(found, at)) for at in range(found.count)]
    outcomes = map(_outcome, found["what"], found["was"])
    told = {name: found[name] for name in TOLD_BY_KIND} | {"outcome": list(outcomes)}
    arrays = [
        pa.array(found["kind_code"], pa.int64()),
        pa.array(found["month_code"], pa.int64()),
        pa.array(plans, pa.int64()),
        pa.array([high for high, _ in halves], pa.int64()),
        pa.array([low for _, low in halves], pa.int64()),
        *(pa.array(told[name], pa.int64()) for name in WRITTEN_BY_KIND),
    ]
    return pa.Table.from_arrays(arrays, schema=_LITERALS)


def identified(lines: Relation, literal: Scan) -> Relation:
    """Return lines with their kind and the halves of their ids, not what these are made of."""
    on = [("kind_code", "kind_code")]
    if "month_code" in columns_of(lines):
        on.append(("month_code", "month_code"))
    take = {"rest_high": "id_high", "rest_low": "id_low"}
    told = {*TOLD_BY_KIND, *WRITTEN_BY_KIND}
    plain = only(lines, *(name for name in columns_of(lines) if name not in told))
    found = Join(plain, literal, tuple(on), take)
    halves: dict[str, Expression] = {}
    for half in HALVES:
        rest, part = (Column(f"{name}_{half}", Kind.WHOLE) for name in ("rest", "part"))
        halves[f"id_{half}"] = exclusive_or(rest, part)
    working = {"plan_no", "kind_code", "month_code", "part_high", "part_low"}
    kept = [name for name in columns_of(plain) if name not in working]
    return only(extended(found, **halves), *kept, *halves, kind="kind_code")


def told_by_kind(literal: Scan, *, with_plan: bool) -> Relation:
    """Return what the kinds of some lines tell, by their number."""
    names = (*(("plan_no",) if with_plan else ()), *WRITTEN_BY_KIND)
    return only(literal, *names, kind="kind_code")
