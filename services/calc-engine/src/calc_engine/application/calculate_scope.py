"""Calculate what a change reaches, over the facts that were gathered for it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from calc_engine.application.calculate_plans import checked_plan, plan_reach, result_line
from calc_engine.application.ports import Engines
from calc_engine.domain.fact import Fact, version_order
from calc_engine.domain.fact_change import change_of
from calc_engine.domain.lineage import apart
from calc_engine.domain.plan_relations import SharedRows, relations_for, shared_rows
from calc_engine.domain.published_plan import PublishedPlan
from calc_engine.domain.records import EVERY_VERSION_COUNTS, Records
from calc_engine.domain.standing import Replaced
from calc_engine.domain.statement_line import ResultLine
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.incremental import (
    Change,
    Reach,
    RowsAround,
    Scope,
    calculate_part,
    scope_of,
    widened,
)
from premia_plan.relations import OrderRow, Relations, SourceRef
from premia_plan.results import Calculation, Cell, Exception_, Node


class ReachesEverything(Exception):
    """Raised when it cannot be told which results a change reaches."""

    def __init__(self, why: Sequence[str]) -> None:
        super().__init__("; ".join(why))


@dataclass(frozen=True, slots=True)
class ScopedResult:
    """What takes the place of the lines and exceptions of some keys."""

    keys: tuple[Replaced, ...]
    lines: tuple[ResultLine, ...]
    nodes: tuple[Node, ...]
    told: tuple[tuple[str, Exception_], ...]
    """Exceptions with the names of the plans that tell them."""
    cells: tuple[tuple[str, Cell], ...]
    """Figures with the names of the plans that count them."""
    shared: tuple[Exception_, ...]
    """What was met on the way and is of no key; other orders may tell it too."""
    plans: tuple[str, ...]
    """Content hashes of the plan versions."""
    order_sources: Mapping[str, SourceRef]
    orders: tuple[OrderRow, ...]
    has_rates: bool = False
    """Whether a plan names a currency for statements."""

    @property
    def exceptions(self) -> tuple[Exception_, ...]:
        """All exceptions, each once."""
        return tuple(dict.fromkeys((*(found for _, found in self.told), *self.shared)))

    @property
    def payees(self) -> frozenset[str]:
        """Whose lines there are."""
        return frozenset(line.payee_id for line in self.lines if line.payee_id is not None)


def calculate_scope(
    facts: Collection[Fact],
    arrived: Collection[tuple[str, str]],
    engines: Engines,
    *,
    since: Month,
    until: Month,
) -> ScopedResult:
    """Return what the facts that arrived change, as a run over all facts would give it.

    Args:
        facts: every version of all that the change may reach.
        arrived: kind and key of what is new or has a new version.
        engines: chooses who calculates.
        since: the tenant's first month.
        until: the open period.

    Raises:
        ReachesEverything: if a plan or the change cannot be followed to single keys.
        PlanNotUsable: if a published plan cannot be calculated.
    """
    new = frozenset(arrived)
    views = _views(facts, new)
    shared = [shared_rows(view) for view in views]
    change = change_of([fact for fact in facts if (fact.kind, fact.key) in new], views)
    plans = views[0].plans
    versions = Counter(plan.name for plan in plans)
    scoped = [_scope(plan, views, shared, change) for plan in plans]
    found = []
    for own in scoped:
        others = [each for each in scoped if each.plan.name == own.plan.name and each is not own]
        if not all(own.is_like(other) for other in others):
            raise ReachesEverything([f"{own.plan.name}: its versions pay by different keys"])
        found.append(_of_plan(own, others, engines, since=since, until=until))
    lines: list[ResultLine] = []
    nodes: list[Node] = []
    told: list[tuple[str, Exception_]] = []
    cells: list[tuple[str, Cell]] = []
    for part in found:
        result, plan = part.result, part.plan
        if versions[plan.name] > 1:
            result = apart(result, plan.content_hash)
        lines.extend(result_line(line, plan) for line in result.lines)
        nodes.extend(result.nodes)
        told.extend((plan.name, exception) for exception in result.exceptions)
        cells.extend((plan.name, cell) for cell in result.cells)
    return ScopedResult(
        tuple(part.keys for part in found),
        tuple(lines),
        tuple(nodes),
        tuple(dict.fromkeys(told)),
        tuple(cells),
        tuple(dict.fromkeys(exception for part in found for exception in part.shared)),
        tuple(plan.content_hash for plan in plans),
        {order.order_id: order.source for order in shared[0].orders},
        shared[0].orders,
        any(own.checked.currencies.statement is not None for own in scoped),
    )


@dataclass(frozen=True, slots=True)
class _Scoped:
    """A plan version, what a change reaches in it, and what it reads."""

    plan: PublishedPlan
    checked: CheckedPlan
    reach: Reach
    scope: Scope
    rows: Relations
    known: RowsAround

    def is_like(self, other: "_Scoped") -> bool:
        """Say whether another version pays by the same keys."""
        mine, theirs = self.reach, other.reach
        return (mine.by_payee, mine.period is None) == (theirs.by_payee, theirs.period is None)


@dataclass(frozen=True, slots=True)
class _OfPlan:
    plan: PublishedPlan
    keys: Replaced
    result: Calculation
    shared: tuple[Exception_, ...]


def _scope(
    plan: PublishedPlan, views: Sequence[Records], shared: Sequence[SharedRows], change: Change
) -> _Scoped:
    checked = checked_plan(plan)
    seen = [
        relations_for(plan, view, rows, checked) for view, rows in zip(views, shared, strict=True)
    ]
    reach, known = plan_reach(plan), RowsAround(*seen)
    scope = scope_of(reach, change, known)
    if scope.everything:
        raise ReachesEverything([f"{plan.name}: {why}" for why in scope.everything])
    return _Scoped(plan, checked, reach, scope, seen[0], known)


def _of_plan(
    own: _Scoped, others: Sequence[_Scoped], engines: Engines, *, since: Month, until: Month
) -> _OfPlan:
    """Return what a change reaches in one plan version, or in another version of the plan."""
    scope = own.scope
    if others:
        scope = widened(scope, [other.scope for other in others], own.reach, own.known)
    part = calculate_part(
        own.checked,
        own.rows,
        own.reach,
        scope,
        calculate=partial(_calculated, engines),
        until=until,
        since=since,
    )
    keys = Replaced.of(own.plan.name, own.reach, scope)
    return _OfPlan(own.plan, keys, part.calculation, part.shared)


def _calculated(
    engines: Engines, plan: CheckedPlan, rows: Relations, *, until: Month, since: Month | None
) -> Calculation:
    engine = engines.choose(plan, rows)
    return engine.calculate(plan, rows, since=since or until, until=until)


def _views(facts: Collection[Fact], arrived: frozenset[tuple[str, str]]) -> list[Records]:
    """Return the records as they are, and as they were with ever fewer versions of what arrived.

    An order that changed its seller twice since the last time may have left three payees.
    """
    views = [Records.of(facts)]
    versions: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        if (fact.kind, fact.key) in arrived and fact.kind not in EVERY_VERSION_COUNTS:
            versions.setdefault((fact.kind, fact.key), []).append(fact)
    for some in versions.values():
        some.sort(key=lambda fact: version_order(fact.version))
    rest = [fact for fact in facts if (fact.kind, fact.key) not in versions]
    for dropped in range(1, max(map(len, versions.values()), default=0)):
        older = [fact for some in versions.values() for fact in some[: max(len(some) - dropped, 1)]]
        views.append(Records.of([*rest, *older]))
    return views
