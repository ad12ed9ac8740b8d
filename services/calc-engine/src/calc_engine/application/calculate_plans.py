"""Calculate every published plan over the records, without looking at what was posted.

Runs, what-if questions and back-tests all come through here.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

import orjson

from calc_engine.application.not_calculable import TooLargeToBeExact
from calc_engine.application.ports import Engines
from calc_engine.domain.lineage import apart
from calc_engine.domain.plan_relations import SharedRows, relations_for, shared_rows
from calc_engine.domain.plan_terms import PlanTerms
from calc_engine.domain.progress import Say, Stage
from calc_engine.domain.published_plan import PublishedPlan
from calc_engine.domain.records import Records
from calc_engine.domain.statement_line import ResultLine
from calc_engine.domain.version_before import to_re_rate
from premia_common.canonical import canonical_json
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.checking import PlanCheck, check_plan
from premia_plan.document import PlanDocument
from premia_plan.incremental import Reach, reach_of
from premia_plan.relations import Relations
from premia_plan.results import Calculation, Cell, Exception_, Line, Node


class PlanNotUsable(Exception):
    """Raised when a published plan does not pass this engine's checker."""

    def __init__(self, plan: PublishedPlan, why: str) -> None:
        super().__init__(
            f"plan {plan.name} version {plan.version} was published and cannot be calculated: "
            f"{why}. Publish a corrected version and retire this one."
        )


@dataclass(frozen=True, slots=True)
class PlanResults:
    """What the plans give, in no particular order."""

    lines: list[ResultLine]
    nodes: list[Node]
    exceptions: list[Exception_]
    cells: list[Cell]
    shared: SharedRows
    terms: list[PlanTerms]
    """What each plan says of payment, and who takes part in it."""
    engines: dict[str, str]
    """Name and version of the engine that calculated each plan, by the plan's content hash."""
    outgrown: dict[str, str]
    """Why plans were calculated again, by the exact engine: by plan name and version."""
    told: list[tuple[str, Exception_]] = field(default_factory=list)
    """What single plans tell, with their names."""
    measured: list[tuple[str, Cell]] = field(default_factory=list)
    """The cells, with the names of the plans that count them."""


def calculate_plans(
    records: Records,
    engines: Engines,
    *,
    since: Month,
    until: Month,
    say: Say,
    recorded: Mapping[str, str] | None = None,
) -> PlanResults:
    """Return the lines landing in some months, with all that explains them.

    Args:
        records: everything that was recorded.
        engines: chooses who calculates.
        since: the first month that is asked for.
        until: the last one; what happened later is not looked at.
        say: told each plan as it begins.
        recorded: which engine calculated each plan before, by content hash, to use it again.

    Raises:
        PlanNotUsable: if a published plan cannot be calculated.
    """
    say(Stage("arranging facts", 25))
    shared = shared_rows(records)
    results = PlanResults([], [], list(shared.exceptions), [], shared, [], {}, {})
    plans = records.plans
    versions = Counter(plan.name for plan in plans)
    work = _Calculations(records, engines, until, recorded or {}, results)
    for number, plan in enumerate(plans):
        percent = 30 + 40 * number // len(plans)
        say(Stage(f"calculating {plan.name}", percent, number, len(plans)))
        checked = checked_plan(plan)
        relations = work.relations(plan, checked)
        found = work.calculated(plan, checked, relations, since)
        if versions[plan.name] > 1:
            found = apart(found, plan.content_hash)
        results.lines.extend(result_line(line, plan) for line in found.lines)
        results.nodes.extend(found.nodes)
        results.exceptions.extend(found.exceptions)
        results.told.extend((plan.name, item) for item in found.exceptions)
        results.terms.append(PlanTerms.of(plan, checked, relations))
        results.cells.extend(found.cells)
        results.measured.extend((plan.name, cell) for cell in found.cells)
    return results


def rows_of(plan: PublishedPlan, records: Records, engines: Engines, *, until: Month) -> Relations:
    """Return what a plan version reads, as `calculate_plans` would give it to the engine.

    Raises:
        PlanNotUsable: if it, or the version that it goes on after, cannot be calculated.
    """
    results = PlanResults([], [], [], [], shared_rows(records), [], {}, {})
    work = _Calculations(records, engines, until, {}, results)
    return work.relations(plan, checked_plan(plan))


class _Calculations:
    """Calculates plan versions over one set of records; those that others go on after, once."""

    def __init__(
        self,
        records: Records,
        engines: Engines,
        until: Month,
        recorded: Mapping[str, str],
        results: PlanResults,
    ) -> None:
        self._records = records
        self._engines = engines
        self._until = until
        self._recorded = recorded
        self._results = results
        self._followed = {plan.follows.plan for plan in records.plans if plan.follows}
        self._kept: dict[str, tuple[Month, Calculation]] = {}

    def relations(self, plan: PublishedPlan, checked: CheckedPlan) -> Relations:
        """Return what a version reads, with what the version before gave where it rates again."""
        rows = relations_for(plan, self._records, self._results.shared, checked)
        again = to_re_rate(plan, checked, self._records.plans)
        if again is None:
            return rows
        before = checked_plan(again.before)
        earlier = self.calculated(
            again.before, before, self.relations(again.before, before), again.since
        )
        given = again.paid_before(earlier.lines, rows.assignments)
        return replace(rows, paid_before=given)

    def calculated(
        self, plan: PublishedPlan, checked: CheckedPlan, relations: Relations, since: Month
    ) -> Calculation:
        """Return what a version gives from a month on, or from an earlier one."""
        kept = self._kept.get(plan.content_hash)
        if kept is not None and kept[0] <= since:
            return kept[1]
        found = self._calculate(plan, checked, relations, since)
        if plan.name in self._followed:
            self._kept[plan.content_hash] = (since, found)
        return found

    def _calculate(
        self, plan: PublishedPlan, checked: CheckedPlan, relations: Relations, since: Month
    ) -> Calculation:
        recorded = self._recorded.get(plan.content_hash)
        engine = self._engines.choose(checked, relations, recorded)
        try:
            found = engine.calculate(checked, relations, since=since, until=self._until)
        except TooLargeToBeExact as error:
            self._results.outgrown[f"{plan.name} version {plan.version}"] = str(error)
            engine = self._engines.exact
            found = engine.calculate(checked, relations, since=since, until=self._until)
        self._results.engines[plan.content_hash] = engine.engine
        return found


def checked_plan(plan: PublishedPlan) -> CheckedPlan:
    """Return the typed plan of a published document.

    Raises:
        PlanNotUsable: if it has errors, which publishing should have refused.
    """
    check = _checked(orjson.dumps(plan.effective_document()))
    if check.plan is None:
        errors = [str(item) for item in check.findings if item.severity == "error"]
        raise PlanNotUsable(plan, "; ".join(errors[:3]))
    return check.plan


@lru_cache(maxsize=512)
def _checked(document: bytes) -> PlanCheck:
    """Check a document once: published ones never change, and many questions read the same."""
    return check_plan(PlanDocument.from_canonical(canonical_json(orjson.loads(document))))


def plan_reach(plan: PublishedPlan) -> Reach:
    """Return how far a fact reaches in a published plan.

    Raises:
        PlanNotUsable: if it has errors.
    """
    checked_plan(plan)
    return _reach(orjson.dumps(plan.effective_document()))


@lru_cache(maxsize=512)
def _reach(document: bytes) -> Reach:
    checked = _checked(document).plan
    if checked is None:
        raise TypeError("a plan with errors has no reach")
    return reach_of(checked)


def order_amounts(records: Records) -> Mapping[str, Decimal]:
    """Return the sum of the current orders' amounts by source."""
    amounts: dict[str, Decimal] = {}
    for fact in records.of_kind("order"):
        source = fact.body["source"]
        amount = Decimal(fact.body["amount"]["amount"])
        amounts[source] = amounts.get(source, Decimal(0)) + amount
    return amounts


def result_line(line: Line, plan: PublishedPlan) -> ResultLine:
    """Return a line with the plan version that gave it."""
    return ResultLine(
        line.line_id,
        line.payee_id,
        line.principal,
        plan.name,
        plan.currency,
        line.component,
        line.kind,
        line.what,
        line.month,
        line.competence,
        line.amount,
        line.order_id,
        line.credit_id,
        line.share,
        line.reason,
        line.reason_code,
        line.node_id,
    )
