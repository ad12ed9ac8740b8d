"""The cap of a payee's agreement: what all plans together may pay in a month."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from premia_plan.checked import Reserve
from premia_plan.paying.by_release import MonthsOf, Part, by_release
from premia_plan.paying.cap_account import CapAccount, Earned, keep, like
from premia_plan.paying.cap_shares import shared, split
from premia_plan.paying.covering import REVERSED, Capped, landed
from premia_plan.paying.moved import Moved
from premia_plan.period import end_day
from premia_plan.reference.figure import Figure
from premia_plan.reference.payee import holds_on
from premia_plan.relations import PayeeCapRow
from premia_plan.results import Line


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
    *,
    released_in: MonthsOf,
) -> Capped:
    """Take what landed beyond the cap in force on the month's last day, component by component.

    `lines` are those of all plans of the payee under one principal. Of what is taken back, what a
    cap took before of the same release was never paid: it is met first, and counts as landed.
    What is reinstated of it later has had its cap: that is taken again, and what is left is no part
    of this month's. Nor is what is taken back of earlier months: it makes no room for what is
    earned in this one.
    `waited` is what caps on releases kept back or let go before; `released_in` tells which.
    What is taken is shared by what each component paid, leftover cents by the largest fraction;
    where the agreement has a `priority`, the components that it names later lose first, and those
    it does not name before them. A component that paid less than nothing is taken nothing.
    """
    cap = _in_force(caps, moved.write.month)
    if not caps and account.is_empty:
        return Capped({}, {})
    by_earned = by_release(lines, released_in, moved.write)
    own = {
        earned: _sum(parts, earned.name, moved, "earned_in_month")
        for earned, parts in by_earned.items()
    }
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


def _sum(parts: Sequence[Part], name: str, moved: Moved, kind: str) -> Figure:
    return moved.write.sum_of(kind, name, [part.figure for part in parts])


def _in_force(caps: Sequence[PayeeCapRow], month: str) -> PayeeCapRow | None:
    last = end_day(month) - timedelta(days=1)
    return next((row for row in caps if holds_on(last, row.valid_from, row.valid_to)), None)


def _by_component(
    figures: Mapping[Earned, Figure], kind: str, moved: Moved
) -> Mapping[str, Figure]:
    found: dict[str, list[Figure]] = defaultdict(list)
    for earned, figure in figures.items():
        found[earned.component].append(figure)
    return {name: moved.write.total(kind, name, parts) for name, parts in found.items()}


def _reversed(
    by_earned: Mapping[Earned, Sequence[Part]], given: Mapping[Earned, Figure], moved: Moved
) -> Mapping[str, Figure]:
    """Return, by component, what is taken back beyond what else landed of the same release.

    Without what of it was never paid: that is what it takes off the month's pay.
    """
    write, found = moved.write, dict[Earned, Figure]()
    for earned, own in sorted(by_earned.items()):
        turned = [part for part in own if part.what in REVERSED]
        others = [part for part in own if part.what not in REVERSED and part.figure.value > 0]
        if sum(part.figure.value for part in (*turned, *others)) >= 0:
            continue
        name = earned.name
        parts = [_sum(turned, f"{name} taken", moved, "reversed_in_month")]
        parts += [_sum(others, f"{name} paid", moved, "earned_in_month")] if others else []
        parts += [given[earned]] if earned in given else []
        found[earned] = write.total("taken_off", name, parts)
    return _by_component(found, "taken_off_component", moved)


def _returned(
    account: CapAccount, own: Mapping[Earned, Figure], moved: Moved
) -> Mapping[Earned, Figure]:
    """Return what of what is taken back was never paid, and note what is taken back."""
    write = moved.write
    found: dict[Earned, Figure] = {}
    for earned, figure in sorted(own.items()):
        if figure.value >= 0:
            continue
        taken = write.opposite("taken_back_now", earned.name, figure)
        parts = _drawn(account.lost, earned, taken, "payee_cap_returned", moved)
        for known, back in parts.items():
            name = known.within(earned)
            account.gives_back(
                known, write.total("given_back", name, [*_known(account.given_back, known), back])
            )
        before = _known(account.taken_back, earned)
        account.takes_back(earned, write.total("taken_back", earned.name, [*before, taken]))
        if parts:
            whole = [*parts.values()]
            found[earned] = write.total("payee_cap_returned_of", earned.name, whole)
    return found


def _drawn(
    kept: dict[Earned, Figure], earned: Earned, wanted: Figure, kind: str, moved: Moved
) -> Mapping[Earned, Figure]:
    """Draw on what is kept of some earnings, their very own account first; nothing more is left."""
    write, parts = moved.write, dict[Earned, Figure]()
    for known in like(earned, kept):
        name, before = known.within(earned), kept[known]
        others = {f"drawn_{number}": part for number, part in enumerate(parts.values())}
        text = f"min(kept, {' - '.join(['wanted', *others])})"
        inputs = {"kept": before, "wanted": wanted, **others}
        part = write.formula(kind, name, text, inputs, clause="")
        if part.value <= 0:
            continue
        left = {"kept": before, "drawn": part}
        keep(kept, known, write.formula(f"{kind}_left", name, "kept - drawn", left, clause=""))
        parts[known] = part
    return parts


def _known(kept: Mapping[Earned, Figure], earned: Earned) -> Sequence[Figure]:
    return [kept[earned]] if earned in kept else []


def _taken(cap: PayeeCapRow, paid: Mapping[str, Figure], moved: Moved) -> Mapping[str, Figure]:
    """Return, by component, what is beyond a cap."""
    write = moved.write
    earned = write.sum_of("landed_for_cap", "", [*paid.values()])
    if earned.value <= cap.amount:
        return {}
    most = write.given("payee_cap", "", Fraction(cap.amount), source=cap.source)
    inputs = {"earned": earned, "cap": most}
    beyond = write.formula("beyond_payee_cap", "", "earned - cap", inputs, clause="")
    return shared(beyond, paid, cap.priority, moved)


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
    account: CapAccount, by_earned: Mapping[Earned, Sequence[Part]], moved: Moved
) -> tuple[Mapping[str, Figure], Mapping[Earned, Figure]]:
    """Return what a cap takes again of what is reinstated, by component, and all that has had it.

    Only what was taken back in an earlier month has: what an earning is more than it ever was, or
    what was taken back in the very month it was earned in, is new to a cap. It is counted by
    release, whatever the order: the room that one left in its month is another's that comes later.
    """
    write = moved.write
    again: dict[str, list[Figure]] = defaultdict(list)
    whole: dict[Earned, Figure] = {}
    for earned, own in sorted(by_earned.items()):
        turned = [part for part in own if part.what in REVERSED]
        if sum(part.figure.value for part in turned) <= 0:
            continue
        reinstated = _sum(turned, earned.name, moved, "reinstated_in_month")
        beyond = _beyond_paid(account, earned, moved)
        parts = _drawn(account.taken_back, earned, reinstated, "restored", moved)
        if parts:
            whole[earned] = write.total("restored_of", earned.name, [*parts.values()])
        elif beyond is not None:  # an account of an earlier version, which kept that alone
            whole[earned] = reinstated
        if beyond is not None and earned in whole:
            again[earned.component] += _again(account, earned, beyond(whole[earned]), moved)
    found = {
        name: write.total("payee_cap_again", name, parts) for name, parts in again.items() if parts
    }
    return found, whole


def _beyond_paid(
    account: CapAccount, earned: Earned, moved: Moved
) -> Callable[[Figure], Figure] | None:
    """Return what tells how much of what is restored was beyond the cap; None if nothing was.

    Of several that were taken back together, what had been paid for them is restored first.
    """
    write, name = moved.write, f"{earned.name} in all"
    given = [account.given_back[each] for each in like(earned, account.given_back)]
    taken = [account.taken_back[each] for each in like(earned, account.taken_back)]
    if not given:
        return None
    if not taken:
        return lambda restored: restored
    inputs = {
        "taken": write.total("taken_back", name, taken),
        "given": write.total("given_back", name, given),
    }
    text = "max(0, restored - max(0, taken - given))"
    return lambda restored: write.formula(
        "restored_beyond_paid", earned.name, text, {"restored": restored, **inputs}, clause=""
    )


def _again(account: CapAccount, earned: Earned, restored: Figure, moved: Moved) -> Sequence[Figure]:
    """Return what a cap takes again of what is reinstated, out of all that was given back."""
    write, found = moved.write, list[Figure]()
    for known, lost in _drawn(account.given_back, earned, restored, "lost_again", moved).items():
        name, before = known.within(earned), _known(account.lost, known)
        account.stands_at(known, write.total("lost_to_cap_again", name, [*before, lost]))
        found.append(write.opposite("payee_cap_again", name, lost))
    return found


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
        name = earned.name
        parts = [own[earned], write.opposite("restored_outside_cap", name, figure)]
        fresh[earned] = write.total("landed_without_restored", name, parts)
    let_go = {
        Earned(each.name, each.since, each.since): each.figure
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
        earned.name: figure
        for earned, figure in sorted(own.items())
        if earned.component == name and figure.value > 0
    }
    parts = split(taken, paid, f"of {name}", moved) if taken.value else {}
    for earned in own:
        part = parts.get(earned.name)
        if part is not None and earned.component == name:
            before = [account.lost[earned]] if earned in account.lost else []
            lost = moved.write.total("lost_to_cap", earned.name, [*before, part])
            account.stands_at(earned, lost)
