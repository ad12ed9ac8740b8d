"""Reserves: what is withheld of a month's earnings, used for reversals, and released."""

from premia_plan.checked import AfterLeaving, AfterMonths, OnDate, ReserveRelease
from premia_plan.paying.accounts import ReserveAccount
from premia_plan.paying.moved import Moved
from premia_plan.paying.results import PaymentWhat
from premia_plan.period import month_of, next_period
from premia_plan.quantities import Unit
from premia_plan.reference.figure import Figure

_HELD: tuple[PaymentWhat, ...] = ("reserve_withheld", "reserve_used", "reserve_released")


def settle_reserve(
    account: ReserveAccount, covered: Figure, moved: Moved, left_in: str | None
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
    if covered.value < 0 and reserve.meets_reversals and account.balance is not None:
        text, inputs = "min(balance, -landed)", {"balance": account.balance, "landed": covered}
        path = f"{reserve.path}/meets_reversals"
        used = moved.write.formula("reserve_used", reserve.name, text, inputs, clause=path)
        moved.move("reserve_used", reserve.name, used)
    elif covered.value > 0 and _still_withholds(account, month, due):
        _withhold(account, covered, moved)
    _release(account, moved, due)
    movements = moved.of(*_HELD, name=reserve.name)
    if movements:
        balance = _balance(account, moved, movements, "reserve_balance")
        account.went_out += moved.of("reserve_used", "reserve_released", name=reserve.name)
        account.came_in += [
            (month, figure) for figure in moved.of("reserve_withheld", name=reserve.name)
        ]
        account.stands_at(balance)


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
        case AfterMonths():
            return None


def _withhold(account: ReserveAccount, covered: Figure, moved: Moved) -> None:
    reserve, write, band = account.reserve, moved.write, account.band
    share = write.given(
        "reserve_share", reserve.name, band.share, unit=Unit.RATE, clause=f"{band.path}/share"
    )
    inputs = {"landed": covered, "share": share}
    text = "-(landed * share)"
    if reserve.ceiling is not None:
        path = f"{reserve.path}/ceiling"
        ceiling = write.given("reserve_ceiling", reserve.name, reserve.ceiling, clause=path)
        inputs["ceiling"] = ceiling
        room = "ceiling"
        if account.balance is not None:
            inputs["balance"], room = account.balance, "ceiling - balance"
        text = f"-max(0, min(landed * share, {room}))"
    withheld = write.formula("reserve_withheld", reserve.name, text, inputs, clause=reserve.path)
    moved.move("reserve_withheld", reserve.name, withheld)


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
