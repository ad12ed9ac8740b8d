"""Calculate every published plan over the records, without looking at what was posted.

Runs, what-if questions and back-tests all come through here.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import orjson

from calc_engine.application.ports import Engines
from calc_engine.domain.lineage import apart
from calc_engine.domain.plan_relations import SharedRows, relations_for, shared_rows
from calc_engine.domain.plan_terms import PlanTerms
from calc_engine.domain.progress import Say, Stage
from calc_engine.domain.published_plan import PublishedPlan
from calc_engine.domain.records import Records
from calc_engine.domain.statement_line import ResultLine
from premia_common.canonical import canonical_json
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.checking import PlanCheck, check_plan
from premia_plan.document import PlanDocument
from premia_plan.incremental import Reach, reach_of
from premia_plan.results import Cell, Exception_, Line, Node


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
    results = PlanResults([], [], list(shared.exceptions), [], shared, [], {})
    plans = records.plans
    versions = Counter(plan.name for plan in plans)
    for number, plan in enumerate(plans):
        percent = 30 + 40 * number // len(plans)
        say(Stage(f"calculating {plan.name}", percent, number, len(plans)))
        checked = checked_plan(plan)
        relations = relations_for(plan, records, shared, checked)
        engine = engines.choose(checked, relations, (recorded or {}).get(plan.content_hash))
        results.engines[plan.content_hash] = engine.engine
        found = engine.calculate(checked, relations, since=since, until=until)
        if versions[plan.name] > 1:
            found = apart(found, plan.content_hash)
        results.lines.extend(result_line(line, plan) for line in found.lines)
        results.nodes.extend(found.nodes)
        results.exceptions.extend(found.exceptions)
        results.terms.append(PlanTerms.of(plan, checked, relations))
        results.cells.extend(found.cells)
    return results


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
