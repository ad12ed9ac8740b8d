"""The cap of a payee's agreement: what all plans together may pay in a month."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

from premia_plan.apportion import spread_units
from premia_plan.paying.covering import landed
from premia_plan.paying.moved import Moved
from premia_plan.period import end_day
from premia_plan.reference.figure import Figure
from premia_plan.reference.payee import holds_on
from premia_plan.relations import PayeeCapRow
from premia_plan.results import Line


def cap_month(caps: Sequence[PayeeCapRow], lines: Sequence[Line], moved: Moved) -> None:
    """Take what landed beyond the cap in force on the month's last day, component by component.

    `lines` are those of all plans of the payee under one principal. What is taken is shared by
    what each component paid, leftover cents by the largest fraction; where the agreement has a
    `priority`, the components that it names later lose first, and those it does not name before
    them. A component that paid less than nothing is taken nothing.
    """
    cap = _in_force(caps, moved.write.month)
    if cap is None or moved.earned.value <= cap.amount:
        return
    write = moved.write
    most = write.given("payee_cap", "", Fraction(cap.amount), source=cap.source)
    text, inputs = "earned - cap", {"earned": moved.earned, "cap": most}
    beyond = write.formula("beyond_payee_cap", "", text, inputs, clause="")
    by_component: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_component[line.component].append(line)
    paid = {name: landed(write, f"of {name}", own) for name, own in sorted(by_component.items())}
    for name, figure in _shared(beyond, paid, cap.priority, moved).items():
        moved.move("payee_cap", name, write.opposite("payee_cap_taken", name, figure))


def _in_force(caps: Sequence[PayeeCapRow], month: str) -> PayeeCapRow | None:
    last = end_day(month) - timedelta(days=1)
    return next((row for row in caps if holds_on(last, row.valid_from, row.valid_to)), None)


def _shared(
    beyond: Figure, paid: Mapping[str, Figure], priority: Sequence[str], moved: Moved
) -> Mapping[str, Figure]:
    """Return what each component loses."""
    ranked = [name for name in priority if name in paid]
    rest = [name for name in paid if name not in ranked]
    groups = [rest, *([name] for name in reversed(ranked))] if ranked else [rest]
    found: dict[str, Figure] = {}
    left = beyond
    for number, group in enumerate(groups):
        if left.value <= 0 or not group:
            continue
        own = {name: paid[name] for name in group}
        taken = _taken(left, own, number, is_last=number == len(groups) - 1, moved=moved)
        found |= _split(taken, own, number, moved)
        write, text = moved.write, "beyond - taken"
        inputs = {"beyond": left, "taken": taken}
        left = write.formula("left_beyond_cap", str(number), text, inputs, clause="")
    return found


def _taken(
    left: Figure, paid: Mapping[str, Figure], number: int, *, is_last: bool, moved: Moved
) -> Figure:
    """Return what a group of components loses: all that is left, up to what it paid."""
    if is_last:
        return left
    own = [figure for figure in paid.values() if figure.value > 0]
    total = moved.write.sum_of("paid_of_group", str(number), own)
    inputs = {"beyond": left, "paid": total}
    return moved.write.formula(
        "taken_of_group", str(number), "min(beyond, paid)", inputs, clause=""
    )


def _split(
    taken: Figure, paid: Mapping[str, Figure], number: int, moved: Moved
) -> dict[str, Figure]:
    """Return each component's part of what a group loses."""
    if len(paid) == 1:
        return dict.fromkeys(paid, taken)
    write = moved.write
    book, units = write.book, write.book.units(taken.value)
    parts = spread_units(units, [figure.value for figure in paid.values()])
    key = ("paying", write.payee_id, write.principal, write.month, "payee cap", str(number))
    weights = tuple(figure.node_id for figure in paid.values())
    spread = book.node(
        *key,
        kind="payee_cap_shared",
        value=book.money(units),
        unit="money",
        operation="spread",
        payee_id=write.payee_id,
        detail={
            "month": write.month,
            "parts": [book.money(part) for part in parts],
            "places": book.places,
        },
        children=(taken.node_id, *weights),
    )
    found: dict[str, Figure] = {}
    for index, (name, part) in enumerate(zip(paid, parts, strict=True)):
        node_id = book.node(
            *key,
            name,
            kind="payee_cap_part",
            value=book.money(part),
            unit="money",
            operation="part",
            payee_id=write.payee_id,
            detail={"name": name, "month": write.month, "index": index},
            children=(spread, weights[index]),
        )
        found[name] = Figure(Fraction(part, 10**book.places), node_id)
    return found
