"""What changed among the facts: dirty keys, as they are collected while facts arrive."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from premia_plan.relations import Relations

OF_A_PAYEE = ("targets", "measurements", "openings", "leaves")
STANDINGS = ("payees", "assignments", "edges")
NOT_READ = ("adjustments", "loans")
"""Read when a month is paid, not when it is calculated."""


@dataclass(frozen=True, slots=True)
class Change:
    """The keys of facts that are new, changed or gone.

    `payees` have other targets, measured values, opening balances or days of leave. `standings`
    are those who are something else now, are assigned otherwise or report to somebody else.
    `currencies` have other exchange rates. `everything` says why the change has no key.
    """

    orders: frozenset[str] = frozenset()
    payees: frozenset[str] = frozenset()
    standings: frozenset[str] = frozenset()
    currencies: frozenset[str] = frozenset()
    everything: tuple[str, ...] = field(default=())

    def __or__(self, other: "Change") -> "Change":
        """Return what changed in either; changes may be collected in any order."""
        return Change(
            self.orders | other.orders,
            self.payees | other.payees,
            self.standings | other.standings,
            self.currencies | other.currencies,
            tuple(sorted({*self.everything, *other.everything})),
        )


def change_between(before: Relations, after: Relations) -> Change:
    """Return the keys of the rows that are in one of two sets of facts and not in the other."""
    found = Change()
    for item in fields(Relations):
        old, new = getattr(before, item.name), getattr(after, item.name)
        if old != new and item.name not in NOT_READ:
            rows = _different(old, new) if isinstance(old, tuple) else ()
            found |= _change(item.name, rows)
    return found


def _different(old: Iterable[object], new: Iterable[object]) -> tuple[object, ...]:
    before, after = _counted(old), _counted(new)
    return tuple(
        row for text, row in {**before, **after}.items() if text not in before or text not in after
    )


def _counted(rows: Iterable[object]) -> dict[str, object]:
    """Return rows by their content: rows hold mappings, so they cannot be told by their hash."""
    return {repr(row): row for row in rows}


def _change(relation: str, rows: tuple[object, ...]) -> Change:
    if relation in OF_A_PAYEE:
        return Change(payees=_keys(rows, "payee_id"))
    if relation in STANDINGS:
        return Change(standings=_keys(rows, "payee_id"))
    match relation:
        case "orders":
            return Change(orders=_keys(rows, "order_id"))
        case "facts" | "reversals":
            orders = [getattr(row, "order_id", None) for row in rows]
            named = frozenset(each for each in orders if each)
            without = ("a fact without an order",) if not all(orders) else ()
            return Change(orders=named, everything=without)
        case "exchange_rates":
            sides = ("from_currency", "to_currency")
            return Change(currencies=frozenset().union(*(_keys(rows, side) for side in sides)))
        case _:
            return Change(everything=(relation,))


def _keys(rows: Iterable[object], name: str) -> frozenset[str]:
    return frozenset(str(getattr(row, name)) for row in rows)
