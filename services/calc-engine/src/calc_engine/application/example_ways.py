"""The ways to write a real order as an example: alone, or with what its pay rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from calc_engine.domain.example_reach import first_of, named_by, rests_on
from calc_engine.domain.example_source import Content, ExampleSource, last_day
from calc_engine.domain.order_example import (
    completed,
    example_content,
    example_text,
    paid_by,
    payees_of,
)
from calc_engine.domain.published_plan import PublishedPlan
from premia_common.canonical import canonical_json
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.checking import PlanCheck, check_plan
from premia_plan.document import PlanDocument
from premia_plan.examples import ExampleResult, run_examples
from premia_plan.relations import OrderRow, Relations
from premia_plan.results import Calculation, Line

MOST_ORDERS = 200
"""So many other orders an example may need, before it is no example any more."""


@dataclass(frozen=True, slots=True)
class MadeExample:
    """An example that passes under the published plan, and what it was made from."""

    plan: str
    version: int
    content_hash: str
    name: str
    text: str
    paid: Mapping[tuple[str, str, str], str]
    """What is paid, by payee, month and component, as the example writes it."""
    orders: tuple[str, ...]
    """The order, and those that its pay depends on."""
    in_part: tuple[str, ...] = ()
    """Who is given only as far as the order's pay rests on them: they were paid otherwise."""


@dataclass(frozen=True, slots=True)
class World:
    """An order, and what is paid for it and all others."""

    plan: PublishedPlan
    checked: CheckedPlan
    relations: Relations
    codes: Mapping[str, str]
    row: OrderRow
    paid: Calculation

    def content(
        self,
        orders: Sequence[OrderRow],
        lines: Iterable[Line],
        also: frozenset[str] = frozenset(),
    ) -> Mapping[str, Content]:
        """Return an example with some orders, and what was paid of them while they lived."""
        some = replace(self.relations, orders=tuple(orders))
        source = ExampleSource(self.checked, some, self.codes, self.row.signed_on, also)
        name = f"order {self.row.record_id} as it was paid"
        return example_content(name, source, _until(lines, orders))

    def made(
        self,
        orders: Sequence[OrderRow],
        content: Mapping[str, Content],
        in_part: Sequence[str] = (),
    ) -> tuple[MadeExample | None, str]:
        """Return the example, or why it does not pass."""
        problem = _why_it_fails(self.plan, content)
        if problem:
            return None, problem
        plan, ids = self.plan, tuple(item.order_id for item in orders)
        text, paid = example_text(content, in_part), paid_by(content)
        made = MadeExample(
            plan.name,
            plan.version,
            plan.content_hash,
            str(content["name"]),
            text,
            paid,
            ids,
            tuple(in_part),
        )
        return made, ""


def alone(world: World) -> tuple[MadeExample | None, str]:
    """Give the order alone."""
    orders = (world.row,)
    lines = [line for line in world.paid.lines if line.order_id == world.row.order_id]
    return world.made(orders, world.content(orders, lines))


def with_its_payees(world: World) -> tuple[MadeExample | None, str]:
    """Give all orders of its payees too; what no order earns is theirs then."""
    mine = named_by(world.row)
    others = {item.order_id for item in world.relations.orders if mine & named_by(item)}
    orders = first_of(world.relations.orders, world.row, others)
    if len(orders) > MOST_ORDERS:
        return None, f"it depends on other orders, and its payees have {len(orders) - 1}"
    return world.made(orders, world.content(orders, _lines_of(world, orders)))


def with_what_it_rests_on(world: World) -> tuple[MadeExample | None, str]:
    """Give those orders and payees too that what its payees were paid rests on.

    Of these others only what counts for the order is there: what the example pays them, besides
    what is for the given orders, is what it gives by itself.
    """
    mine = named_by(world.row)
    orders: list[OrderRow] = []
    more = [world.row]
    while len(more) > len(orders):
        orders = more
        own = [
            line
            for line in _until(world.paid.lines, orders)
            if line.order_id == world.row.order_id or line.payee_id in mine
        ]
        found = rests_on(own, world.paid.nodes, world.relations)
        wanted = found.orders.union(item.order_id for item in orders)
        more = first_of(world.relations.orders, world.row, wanted)
    if len(orders) > MOST_ORDERS:
        return None, f"it rests on {len(orders)} orders, of which an example has {MOST_ORDERS}"
    content = world.content(orders, _lines_of(world, orders), found.payees)
    codes = {world.codes[payee] for payee in mine if payee in world.codes}
    fixed = {
        (world.codes.get(line.payee_id or "", ""), line.component)
        for line in own
        if line.order_id == world.row.order_id
    }
    result = _results(world.plan, content)
    if isinstance(result, ExampleResult):
        content = completed(
            content,
            result,
            lambda payee, name: payee in codes or (payee, name) in fixed,
            world.checked.currency,
        )
    return world.made(orders, content, sorted(payees_of(content) - codes))


def _lines_of(world: World, orders: Sequence[OrderRow]) -> list[Line]:
    """Return the lines of some orders, and what no order earns of the order's payees."""
    ids, mine = {item.order_id for item in orders}, named_by(world.row)
    return [
        line
        for line in world.paid.lines
        if line.order_id in ids or (line.order_id is None and line.payee_id in mine)
    ]


def _until(lines: Iterable[Line], orders: Sequence[OrderRow]) -> list[Line]:
    """Return what landed by the last month in which anything happened to the orders."""
    last = str(Month.of(last_day(orders)))
    return [line for line in lines if line.month is not None and line.month <= last]


def _results(plan: PublishedPlan, content: Mapping[str, Content]) -> PlanCheck | ExampleResult:
    """Run an example in the plan's document; return the check if it cannot be run."""
    document = {**plan.document, "examples": [content]}
    check = check_plan(PlanDocument.from_canonical(canonical_json(document)))
    return check if check.plan is None else run_examples(check.plan)[0]


def _why_it_fails(plan: PublishedPlan, content: Mapping[str, Content]) -> str:
    """Return why the example does not pass in the plan's document; empty if it does."""
    result = _results(plan, content)
    if not isinstance(result, ExampleResult):
        errors = [item for item in result.findings if item.severity == "error"]
        return "; ".join(item.message for item in errors[:3])
    differences = [
        f"{item.payee} {item.month} {item.component}: paid {item.expected}, the example gives"
        f" {item.got}"
        for item in result.differences[:3]
    ]
    return "" if result.passed else "; ".join([*differences, *result.exceptions[:3]])
