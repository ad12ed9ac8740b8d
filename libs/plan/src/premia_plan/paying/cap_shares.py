"""What components lose together to a payee's cap, shared among them."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from premia_plan.apportion import spread_units
from premia_plan.paying.moved import Moved
from premia_plan.reference.figure import Figure


def shared(
    beyond: Figure, paid: Mapping[str, Figure], priority: Sequence[str], moved: Moved
) -> Mapping[str, Figure]:
    """Return what each component loses of what is beyond a cap.

    Those that `priority` names lose after all others, the first of them last.
    """
    ranked = [name for name in priority if name in paid]
    rest = [name for name in paid if name not in ranked]
    groups = [rest, *([name] for name in reversed(ranked))] if ranked else [rest]
    found: dict[str, Figure] = {}
    left = beyond
    for number, group in enumerate(groups):
        if left.value <= 0 or not group:
            continue
        own = {name: paid[name] for name in group}
        taken = _taken_of(left, own, number, is_last=number == len(groups) - 1, moved=moved)
        found |= split(taken, own, str(number), moved)
        write, text = moved.write, "beyond - taken"
        inputs = {"beyond": left, "taken": taken}
        left = write.formula("left_beyond_cap", str(number), text, inputs, clause="")
    return found


def _taken_of(
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


def split(taken: Figure, paid: Mapping[str, Figure], group: str, moved: Moved) -> dict[str, Figure]:
    """Return the part of each of several of what they lose together."""
    if len(paid) == 1:
        return dict.fromkeys(paid, taken)
    write = moved.write
    book, units = write.book, write.book.units(taken.value)
    parts = spread_units(units, [figure.value for figure in paid.values()])
    key = ("paying", write.payee_id, write.principal, write.month, "payee cap", group)
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
