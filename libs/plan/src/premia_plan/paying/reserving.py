"""Reserves: what is withheld of a month's earnings, used for reversals, and released."""

from fractions import Fraction
from itertools import pairwise, zip_longest

from premia_plan.checked import (
    AfterLeaving,
    AfterMonths,
    OnDate,
    Reserve,
    ReserveRelease,
    WithinCap,
)
from premia_plan.paying.accounts import ReserveAccount
from premia_plan.paying.covering import Covered
from premia_plan.paying.figures import MonthFigures
from premia_plan.paying.moved import Moved
from premia_plan.paying.results import PaymentWhat
from premia_plan.period import month_of, next_period
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.figure import Figure

_HELD: tuple[PaymentWhat, ...] = ("reserve_withheld", "reserve_used", "reserve_released")


def settle_reserve(
    account: ReserveAccount, covered: Covered, moved: Moved, left_in: str | None
) -> None:
    """Move a month's part of a reserve.

    Args:
        account: the reserve of the payee, as it stood before the month.
        covered: what landed of the components that the reserve covers.
        moved: the month.
        left_in: the month in which the payee left the plan, if that is known.
    """
    reserve, month = account.reserve, moved.write.month
    due = _due_month(reserve.release, left_in)
    if covered.reversed.value < 0 and reserve.meets_reversals:
        _meet(account, covered, moved)
    if covered.earned.value > 0 and _still_withholds(account, month, due):
        _withhold(account, covered.earned, moved)
    _release(account, moved, due)
    movements = moved.of(*_HELD, name=reserve.name)
    if movements:
        balance = _balance(account, moved, movements, "reserve_balance")
        account.went_out += moved.of("reserve_used", "reserve_released", name=reserve.name)
        account.came_in += [
            (month, figure) for figure in moved.of("reserve_withheld", name=reserve.name)
        ]
        account.stands_at(balance)


def keep_within(account: ReserveAccount, most: Fraction, landed: Figure, moved: Moved) -> None:
    """Keep back what landed beyond a cap, or release what was kept back before within it.

    What is taken back of an order is met from it first.
    """
    reserve, write, month = account.reserve, moved.write, moved.write.month
    cap = write.given("release_cap", reserve.name, most, clause=reserve.path)
    inputs, all_of_it = {"landed": landed, "cap": cap}, "landed"
    if account.balance is not None:
        inputs["balance"], all_of_it = account.balance, "(landed + balance)"
    before = account.value
    change = min(most, landed.value + before) - landed.value
    if not change:
        return
    what: PaymentWhat = "reserve_withheld" if change < 0 else "reserve_released"
    kind = "deferred" if change < 0 else "deferred_released"
    text = f"min(cap, {all_of_it}) - landed"
    figure = write.formula(kind, reserve.name, text, inputs, clause=reserve.path)
    moved.move(what, reserve.name, figure)
    if change < 0:
        account.came_in.append((month, figure))
    else:
        account.went_out.append(figure)
    account.stands_at(_balance(account, moved, [figure], "reserve_balance"))


def _still_withholds(account: ReserveAccount, month: str, due: str | None) -> bool:
    is_open = due is None or month < due
    return is_open and (account.reserve.refills or not account.was_full)


def _due_month(release: ReserveRelease, left_in: str | None) -> str | None:
    """Return the month in which the whole balance is released, if there is one yet."""
    match release:
        case OnDate(day):
            return month_of(day)
        case AfterLeaving(months):
            return None if left_in is None else next_period(left_in, months)
        case AfterMonths() | WithinCap():
            return None


def _meet(account: ReserveAccount, covered: Covered, moved: Moved) -> None:
    """Meet what is reversed from the balance, as far as reserves before it did not."""
    reserve, balance = account.reserve, account.balance
    if balance is None:
        return
    text, inputs = "min(balance, -landed)", {"balance": balance, "landed": covered.reversed}
    if covered.together is not None and covered.met is not None:
        text = "max(0, min(balance, -landed, -together - met))"
        inputs |= {"together": covered.together, "met": covered.met}
    path = f"{reserve.path}/meets_reversals"
    used = moved.write.formula("reserve_used", reserve.name, text, inputs, clause=path)
    moved.move("reserve_used", reserve.name, used)


def _withhold(account: ReserveAccount, earned: Figure, moved: Moved) -> None:
    reserve, write = account.reserve, moved.write
    used = moved.of("reserve_used", name=reserve.name)
    held = _balance(account, moved, used, "reserve_left") if used else account.balance
    amount, inputs = _by_bands(reserve, held, earned, write)
    text = f"-({amount})"
    if reserve.ceiling is not None:
        path = f"{reserve.path}/ceiling"
        ceiling = write.given("reserve_ceiling", reserve.name, reserve.ceiling, clause=path)
        inputs["ceiling"] = ceiling
        room = "ceiling"
        if held is not None:
            inputs["balance"], room = held, "ceiling - balance"
        text = f"-max(0, min({amount}, {room}))"
    withheld = write.formula("reserve_withheld", reserve.name, text, inputs, clause=reserve.path)
    moved.move("reserve_withheld", reserve.name, withheld)


def _by_bands(
    reserve: Reserve, held: Figure | None, earned: Figure, write: MonthFigures
) -> tuple[str, dict[str, Figure]]:
    """Return the formula of what the bands withhold, with its inputs.

    Each euro is withheld by the band that the balance lies in by then: once a band is full, what
    else was earned is withheld by the next one.
    """
    start = Fraction(0) if held is None else max(held.value, Fraction(0))
    bands = [
        band
        for band, end in zip_longest(reserve.bands, (each.starts for each in reserve.bands[1:]))
        if end is None or end > start
    ]
    filling, left = [], earned.value
    for band, following in pairwise(bands):
        room = following.starts - max(start, band.starts)
        if left * band.share <= room:
            break
        filling.append((band, following.starts, max(start, band.starts)))
        left -= room / band.share
    band = bands[len(filling)]
    share = write.given(
        "reserve_share", reserve.name, band.share, unit=Unit.RATE, clause=f"{band.path}/share"
    )
    inputs = {"landed": earned, "share": share}
    if not filling:
        return "landed * share", inputs
    less = ""
    if held is not None:
        inputs["balance"], less = held, " - balance"
    rooms = []
    for place, (full, end, begun) in enumerate(filling):
        low = f" - {exact_text(begun)}" if place else less
        rooms.append(f"({exact_text(end)}{low}) / {exact_text(full.share)}")
    edge = exact_text(filling[-1][1])
    return f"{edge}{less} + (landed - {' - '.join(rooms)}) * share", inputs


def _release(account: ReserveAccount, moved: Moved, due: str | None) -> None:
    reserve, write, month = account.reserve, moved.write, moved.write.month
    now = moved.of("reserve_withheld", "reserve_used", name=reserve.name)
    clause = f"{reserve.path}/released"
    if due is not None and month >= due:
        held = _balance(account, moved, now, "reserve_held") if now else account.balance
        if held is not None and held.value > 0:
            moved.move("reserve_released", reserve.name, held)
        return
    if not isinstance(reserve.release, AfterMonths):
        return
    ripe = next_period(month, -reserve.release.months)
    came = [figure for since, figure in account.came_in if since <= ripe]
    if not came or account.value <= 0:
        return
    inputs = {"ripe": write.total("reserve_ripe", reserve.name, came)}
    went = account.went_out + moved.of("reserve_used", name=reserve.name)
    text = "max(0, -ripe)"
    if went:
        inputs["gone"] = write.total("reserve_gone", reserve.name, went)
        text = "max(0, -ripe - gone)"
    released = write.formula("reserve_released", reserve.name, text, inputs, clause=clause)
    moved.move("reserve_released", reserve.name, released)


def _balance(account: ReserveAccount, moved: Moved, movements: list[Figure], kind: str) -> Figure:
    """Write what the reserve holds after movements, which have the sign they have in the pay."""
    name = account.reserve.name
    out = moved.write.total("reserve_moved", name, movements)
    if account.balance is None:
        return moved.write.opposite(kind, name, out)
    text, inputs = "balance - moved", {"balance": account.balance, "moved": out}
    clause = account.reserve.path
    return moved.write.formula(kind, name, text, inputs, clause=clause)
