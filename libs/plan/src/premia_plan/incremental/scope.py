"""Which results a change reaches, and which facts these rest on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from premia_plan.incremental.change import Change
from premia_plan.incremental.reach import Reach
from premia_plan.incremental.rows import Known
from premia_plan.period import PeriodKind, enclosing, last_month, months_of
from premia_plan.relations import Relations

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fed:
    """The facts that some results rest on: of these orders and these payees.

    Trees, holidays and exchange rates are few and always all there.
    """

    orders: frozenset[str] = NOBODY
    payees: frozenset[str] = NOBODY


@dataclass(frozen=True, slots=True)
class Scope:
    """The results that a change reaches, and what they rest on.

    Of `orders` it is everything they pay, to anybody; of `payees` everything that rests on their
    figures, in every period, and of those in `cells` what rests on their figures of periods that
    end in some months. With `everything`, which says why, it is all there is.
    """

    orders: frozenset[str]
    payees: frozenset[str]
    fed: Fed
    cells: Mapping[str, frozenset[str]] = field(default_factory=dict)
    everything: tuple[str, ...] = ()

    def has_cell(self, payee_id: str | None, period: str | None) -> bool:
        """Say whether a payee's period is in the scope; without a period, whether all are."""
        if payee_id in self.payees:
            return True
        return period is not None and last_month(period) in self.cells.get(payee_id or "", ())

    def reads(self, payee_id: str, period: str) -> bool:
        """Say whether results rest on what is recorded for a payee and a period of any length."""
        months = self.cells.get(payee_id)
        return payee_id in self.payees or (
            months is not None and not months.isdisjoint(months_of(period))
        )

    def has_payee(self, payee_id: str | None) -> bool:
        """Say whether any period of a payee is in the scope."""
        return payee_id in self.payees or payee_id in self.cells


def whole(*why: str) -> Scope:
    """Return the scope of everything."""
    return Scope(NOBODY, NOBODY, Fed(), {}, why)


def scope_of(reach: Reach, change: Change, known: Known) -> Scope:
    """Return which results a change reaches; wider than need be at worst, never too narrow."""
    why = (*change.everything, *reach.unbounded)
    if known.has_loose_facts():
        why = (*why, "facts without an order")
    if why:
        return whole(*why)
    moved = change.standings | known.below(change.standings)
    restated = known.naming(moved) | known.in_currencies(change.currencies)
    orders = change.orders | restated
    payees = change.payees | change.standings
    cells: dict[str, frozenset[str]] = {}
    if reach.has_cells:
        if reach.period is None:
            payees |= _counted(reach, orders, known)
        else:
            payees |= _counted(reach, restated, known)
            cells = _cells(reach, change.orders, reach.period, known)
        if reach.climbs:
            payees |= known.above(change.standings)
    fed = _fed(reach, orders, payees, cells, known)
    return Scope(orders, payees, fed, cells)


def widened(scope: Scope, others: Iterable[Scope], reach: Reach, known: Known) -> Scope:
    """Return a scope with what others have, and all facts that this rests on.

    Versions of one plan replace each other's results, so what one of them reaches all renew.
    """
    every = (scope, *others)
    cells: dict[str, frozenset[str]] = {}
    for each in every:
        for payee, months in each.cells.items():
            cells[payee] = cells.get(payee, NOBODY) | months
    orders = NOBODY.union(*(each.orders for each in every))
    payees = NOBODY.union(*(each.payees for each in every))
    return Scope(orders, payees, _fed(reach, orders, payees, cells, known), cells)


def _counted(reach: Reach, orders: Iterable[str], known: Known) -> frozenset[str]:
    """Return those whose figures may count some orders."""
    named = known.named_by(orders)
    return named | known.above(named) if reach.climbs else named


def _cells(
    reach: Reach, orders: Iterable[str], kind: PeriodKind, known: Known
) -> dict[str, frozenset[str]]:
    """Return the months that end the periods in which orders may be counted, by payee."""
    found: dict[str, frozenset[str]] = {}
    for order in orders:
        around = (enclosing(month, kind) for month in known.months_of(order))
        months = frozenset(month for period in around for month in months_of(period))
        for payee in _counted(reach, (order,), known):
            found[payee] = found.get(payee, NOBODY) | months
    return found


def _fed(
    reach: Reach,
    orders: frozenset[str],
    payees: frozenset[str],
    cells: Mapping[str, frozenset[str]],
    known: Known,
) -> Fed:
    read = set(orders)
    if reach.has_cells:
        read |= known.naming(_credited(reach, payees, known))
        for payee, months in cells.items():
            theirs = known.naming(_credited(reach, {payee}, known))
            read.update(order for order in theirs if not months.isdisjoint(known.months_of(order)))
    named = payees.union(cells, known.named_by(read))
    return Fed(frozenset(read), named | known.above(named))


def _credited(reach: Reach, payees: Iterable[str], known: Known) -> frozenset[str]:
    """Return those whose orders are counted in the figures of some payees."""
    whose = frozenset(payees)
    return whose | known.below(whose) if reach.climbs else whose


def fed_relations(relations: Relations, scope: Scope) -> Relations:
    """Return only the rows that a scope's results rest on, and those that belong to nobody."""
    orders, payees = scope.fed.orders, scope.fed.payees
    return replace(
        relations,
        orders=tuple(row for row in relations.orders if row.order_id in orders),
        reversals=tuple(row for row in relations.reversals if row.order_id in orders),
        facts=tuple(row for row in relations.facts if row.order_id in orders),
        payees=tuple(row for row in relations.payees if row.payee_id in payees),
        edges=tuple(row for row in relations.edges if row.payee_id in payees),
        assignments=tuple(row for row in relations.assignments if row.payee_id in payees),
        targets=tuple(row for row in relations.targets if scope.reads(row.payee_id, row.month)),
        measurements=tuple(
            row for row in relations.measurements if scope.reads(row.payee_id, row.month)
        ),
        openings=tuple(row for row in relations.openings if scope.reads(row.payee_id, row.period)),
        leaves=tuple(row for row in relations.leaves if row.payee_id in payees),
    )
