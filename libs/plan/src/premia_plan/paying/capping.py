"""The cap of a payee's agreement: what all plans together may pay in a month."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import TypeAlias

from premia_plan.apportion import spread_units
from premia_plan.checked import Reserve
from premia_plan.paying.covering import REVERSED, Capped, landed
from premia_plan.paying.moved import Moved
from premia_plan.period import end_day
from premia_plan.reference.figure import Figure
from premia_plan.reference.payee import holds_on
from premia_plan.relations import PayeeCapRow
from premia_plan.results import Line

Earned: TypeAlias = tuple[str, str]
"""A component, and the month or period in which something of it was earned."""


@dataclass(slots=True)
class CapAccount:
    """What caps took of each component's earnings, by the period they were earned in.

    What was `given_back` because the earnings were taken back is lost again when they are
    reinstated.
    """

    lost: dict[Earned, Figure] = field(default_factory=dict)
    given_back: dict[Earned, Figure] = field(default_factory=dict)

    def stands_at(self, earned: Earned, lost: Figure) -> None:
        """Record what is lost of some earnings; nothing is not kept."""
        if lost.value:
            self.lost[earned] = lost
        else:
            self.lost.pop(earned, None)

    def gives_back(self, earned: Earned, figure: Figure) -> None:
        """Record what of some earnings was given back; nothing is not kept."""
        if figure.value:
            self.given_back[earned] = figure
        else:
            self.given_back.pop(earned, None)


@dataclass(frozen=True, slots=True)
class Waited:
    """What a cap on releases kept back of a month, below zero, or let go from `since` on."""

    reserve: Reserve
    since: str
    figure: Figure

    @property
    def name(self) -> str:
        """Return the component that waited; the account's name where it is of several."""
        own = self.reserve.of or ()
        return next(iter(own)) if len(own) == 1 else self.reserve.name


def cap_month(
    account: CapAccount,
    caps: Sequence[PayeeCapRow],
    lines: Sequence[Line],
    waited: Sequence[Waited],
    moved: Moved,
) -> Capped:
    """Take what landed beyond the cap in force on the month's last day, component by component.

    `lines` are those of all plans of the payee under one principal. Of what is taken back, what a
    cap took before of the same earnings was never paid: it is met first, and counts as landed.
    When they are reinstated that is taken again, and what is left is no part of this month's cap.
    Nor is what is taken back of earlier months: it makes no room for what is earned in this one.
    `waited` is what caps on releases kept back or let go before.
    What is taken is shared by what each component paid, leftover cents by the largest fraction;
    where the agreement has a `priority`, the components that it names later lose first, and those
    it does not name before them. A component that paid less than nothing is taken nothing.
    """
    cap = _in_force(caps, moved.write.month)
    if cap is None and not account.lost and not account.given_back:
        return Capped({}, {})
    by_earned: dict[Earned, list[Line]] = defaultdict(list)
    for line in lines:
        by_earned[line.component, line.competence].append(line)
    own = {earned: landed(moved.write, _name(earned), by_earned[earned]) for earned in by_earned}
    given = _returned(account, own, moved)
    returned = _by_component(given, "payee_cap_returned", moved)
    again, restored = _restored(account, by_earned, moved)
    restored_of = _by_component(restored, "reinstated_in_month", moved)
    taken: Mapping[str, Figure] = {}
    if cap is not None:
        apart = {"restored_outside_cap": restored_of}
        apart["reversed_outside_cap"] = _reversed(by_earned, given, moved)
        fresh = _fresh(lines, waited, returned, apart, moved)
        taken = _taken(cap, fresh, moved)
    notable = _notable(own, restored, waited, moved) if taken else {}
    for name, figure in taken.items():
        _note(account, name, figure, notable, moved)
    for name in sorted({*returned, *again, *taken}):
        parts = [part[name] for part in (returned, again) if name in part]
        if name in taken:
            parts.append(moved.write.opposite("payee_cap_taken", name, taken[name]))
        moved.move("payee_cap", name, moved.write.total("payee_cap_moved", name, parts))
    return Capped(returned, _of_landed(taken, again, waited, moved))


def _name(earned: Earned) -> str:
    return " ".join(earned)


def _in_force(caps: Sequence[PayeeCapRow], month: str) -> PayeeCapRow | None:
    last = end_day(month) - timedelta(days=1)
    return next((row for row in caps if holds_on(last, row.valid_from, row.valid_to)), None)


def _by_component(
    figures: Mapping[Earned, Figure], kind: str, moved: Moved
) -> Mapping[str, Figure]:
    found: dict[str, list[Figure]] = defaultdict(list)
    for (component, _), figure in figures.items():
        found[component].append(figure)
    return {name: moved.write.total(kind, name, parts) for name, parts in found.items()}


def _reversed(
    by_earned: Mapping[Earned, Sequence[Line]], given: Mapping[Earned, Figure], moved: Moved
) -> Mapping[str, Figure]:
    """Return, by component, what is taken back beyond what else landed of the same earnings.

    Without what of it was never paid: that is what it takes off the month's pay.
    """
    write, found = moved.write, dict[Earned, Figure]()
    for earned, lines in sorted(by_earned.items()):
        turned = [line for line in lines if line.what in REVERSED]
        others = [line for line in lines if line.what not in REVERSED and line.amount > 0]
        if sum(line.amount for line in (*turned, *others)) >= 0:
            continue
        name = _name(earned)
        parts = [landed(write, f"{name} taken", turned, "reversed_in_month")]
        parts += [landed(write, f"{name} paid", others)] if others else []
        parts += [given[earned]] if earned in given else []
        found[earned] = write.total("taken_off", name, parts)
    return _by_component(found, "taken_off_component", moved)


def _returned(
    account: CapAccount, own: Mapping[Earned, Figure], moved: Moved
) -> Mapping[Earned, Figure]:
    """Return what of what is taken back was never paid."""
    write = moved.write
    found: dict[Earned, Figure] = {}
    for earned, figure in sorted(own.items()):
        lost = account.lost.get(earned)
        if lost is None or figure.value >= 0:
            continue
        name, inputs = _name(earned), {"lost": lost, "landed": figure}
        back = write.formula("payee_cap_returned", name, "min(lost, -landed)", inputs, clause="")
        left = {"lost": lost, "returned": back}
        account.stands_at(
            earned, write.formula("lost_to_cap_left", name, "lost - returned", left, clause="")
        )
        before = [account.given_back[earned]] if earned in account.given_back else []
        account.gives_back(earned, write.total("given_back", name, [*before, back]))
        found[earned] = back
    return found


def _taken(cap: PayeeCapRow, paid: Mapping[str, Figure], moved: Moved) -> Mapping[str, Figure]:
    """Return, by component, what is beyond a cap."""
    write = moved.write
    earned = write.sum_of("landed_for_cap", "", [*paid.values()])
    if earned.value <= cap.amount:
        return {}
    most = write.given("payee_cap", "", Fraction(cap.amount), source=cap.source)
    inputs = {"earned": earned, "cap": most}
    beyond = write.formula("beyond_payee_cap", "", "earned - cap", inputs, clause="")
    return _shared(beyond, paid, cap.priority, moved)


def _fresh(
    lines: Sequence[Line],
    waited: Sequence[Waited],
    returned: Mapping[str, Figure],
    apart: Mapping[str, Mapping[str, Figure]],
    moved: Moved,
) -> Mapping[str, Figure]:
    """Return, by component, what a month's cap is of; `apart` are the parts of no month's cap."""
    write = moved.write
    by_component: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_component[line.component].append(line)
    paid: dict[str, Figure] = {}
    for name in sorted({*by_component, *(each.name for each in waited)}):
        own = by_component.get(name)
        figures = [] if own is None else [landed(write, f"of {name}", own)]
        figures += [returned[name]] if name in returned else []
        figures += [
            write.opposite(kind, name, parts[name])
            for kind, parts in apart.items()
            if name in parts
        ]
        figures += [each.figure for each in waited if each.name == name]
        paid[name] = write.total("paid_of_component", name, figures)
    return paid


def _restored(
    account: CapAccount, by_earned: Mapping[Earned, Sequence[Line]], moved: Moved
) -> tuple[Mapping[str, Figure], Mapping[Earned, Figure]]:
    """Return what a cap takes again of what is reinstated, by component, and all of that."""
    write = moved.write
    again: dict[str, list[Figure]] = defaultdict(list)
    whole: dict[Earned, Figure] = {}
    for earned, lines in sorted(by_earned.items()):
        turned = [line for line in lines if line.what in REVERSED]
        if sum(line.amount for line in turned) <= 0:
            continue
        name = _name(earned)
        figure = landed(write, name, turned, "reinstated_in_month")
        whole[earned] = figure
        back = account.given_back.get(earned)
        if back is None:
            continue
        inputs = {"returned": back, "reinstated": figure}
        text = "-min(returned, reinstated)"
        own = write.formula("payee_cap_again", name, text, inputs, clause="")
        left = {"returned": back, "again": own}
        account.gives_back(
            earned, write.formula("given_back_left", name, "returned + again", left, clause="")
        )
        before = [account.lost[earned]] if earned in account.lost else []
        lost = write.opposite("lost_again", name, own)
        account.stands_at(earned, write.total("lost_to_cap_again", name, [*before, lost]))
        again[earned[0]].append(own)
    found = {name: write.total("payee_cap_again", name, parts) for name, parts in again.items()}
    return found, whole


def _notable(
    own: Mapping[Earned, Figure],
    restored: Mapping[Earned, Figure],
    waited: Sequence[Waited],
    moved: Moved,
) -> Mapping[Earned, Figure]:
    """Return what of a component a cap may take, by the period it was earned in.

    What waited over a cap on releases stands at the month since which it did. What is reinstated
    has had its cap, and is none of it.
    """
    write, fresh = moved.write, dict(own)
    for earned, figure in restored.items():
        name = _name(earned)
        parts = [own[earned], write.opposite("restored_outside_cap", name, figure)]
        fresh[earned] = write.total("landed_without_restored", name, parts)
    let_go = {
        (each.name, each.since): each.figure
        for each in waited
        if each.figure.value > 0 and each.name != each.reserve.name
    }
    return {**let_go, **fresh}


def _of_landed(
    taken: Mapping[str, Figure],
    again: Mapping[str, Figure],
    waited: Sequence[Waited],
    moved: Moved,
) -> Mapping[str, Figure]:
    """Return what a cap takes of what landed; of what waited it takes first."""
    write = moved.write
    let_go = {each.name: each.figure for each in waited if each.figure.value > 0}
    found: dict[str, Figure] = {}
    for name in sorted({*taken, *again}):
        parts = []
        if name in taken:
            figure = taken[name]
            if name in let_go:
                inputs = {"taken": figure, "released": let_go[name]}
                text = "max(0, taken - released)"
                figure = write.formula("payee_cap_of_landed", name, text, inputs, clause="")
            parts.append(figure)
        if name in again:
            parts.append(write.opposite("payee_cap_again_of", name, again[name]))
        found[name] = write.total("payee_cap_taken_of", name, parts)
    return found


def _note(
    account: CapAccount, name: str, taken: Figure, own: Mapping[Earned, Figure], moved: Moved
) -> None:
    """Note what a cap took of a component by the periods in which that was earned."""
    paid = {
        _name(earned): figure
        for earned, figure in sorted(own.items())
        if earned[0] == name and figure.value > 0
    }
    parts = _split(taken, paid, f"of {name}", moved) if taken.value else {}
    for earned in own:
        part = parts.get(_name(earned))
        if part is not None and earned[0] == name:
            before = [account.lost[earned]] if earned in account.lost else []
            account.stands_at(
                earned, moved.write.total("lost_to_cap", _name(earned), [*before, part])
            )


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
        taken = _taken_of(left, own, number, is_last=number == len(groups) - 1, moved=moved)
        found |= _split(taken, own, str(number), moved)
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


def _split(
    taken: Figure, paid: Mapping[str, Figure], group: str, moved: Moved
) -> dict[str, Figure]:
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
