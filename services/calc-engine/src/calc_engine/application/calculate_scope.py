"""Calculate what a change reaches, over the facts that were gathered for it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

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
from premia_plan.incremental import Change, RowsAround, calculate_part, scope_of
from premia_plan.relations import Relations, SourceRef
from premia_plan.results import Calculation, Exception_, Node


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
    exceptions: tuple[Exception_, ...]
    order_sources: Mapping[str, SourceRef]

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
    found = [
        _of_plan(plan, views, shared, change, engines, since=since, until=until) for plan in plans
    ]
    keys = tuple(part.keys for part in found)
    for first, second in pairwise(sorted(keys, key=lambda key: key.plan)):
        if first.plan == second.plan and not first.is_like(second):
            raise ReachesEverything([f"{first.plan}: its versions pay by different keys"])
    lines: list[ResultLine] = []
    nodes: list[Node] = []
    exceptions: list[Exception_] = []
    for part in found:
        result, plan = part.result, part.plan
        if versions[plan.name] > 1:
            result = apart(result, plan.content_hash)
        lines.extend(result_line(line, plan) for line in result.lines)
        nodes.extend(result.nodes)
        exceptions.extend((*result.exceptions, *part.shared))
    return ScopedResult(
        keys,
        tuple(lines),
        tuple(nodes),
        tuple(dict.fromkeys(exceptions)),
        {order.order_id: order.source for order in shared[0].orders},
    )


@dataclass(frozen=True, slots=True)
class _OfPlan:
    plan: PublishedPlan
    keys: Replaced
    result: Calculation
    shared: tuple[Exception_, ...]


def _of_plan(
    plan: PublishedPlan,
    views: Sequence[Records],
    shared: Sequence[SharedRows],
    change: Change,
    engines: Engines,
    *,
    since: Month,
    until: Month,
) -> _OfPlan:
    """Return what a change reaches in one plan version."""
    checked = checked_plan(plan)
    seen = [
        relations_for(plan, view, rows, checked) for view, rows in zip(views, shared, strict=True)
    ]
    reach = plan_reach(plan)
    scope = scope_of(reach, change, RowsAround(*seen))
    if scope.everything:
        raise ReachesEverything([f"{plan.name}: {why}" for why in scope.everything])
    part = calculate_part(
        checked,
        seen[0],
        reach,
        scope,
        calculate=partial(_calculated, engines),
        until=until,
        since=since,
    )
    keys = Replaced.of(plan.name, reach, scope)
    return _OfPlan(plan, keys, part.calculation, part.shared)


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
