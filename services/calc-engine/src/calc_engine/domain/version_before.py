"""The version that a plan goes on after: which one it is, and what it gave for a period."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from calc_engine.domain.published_plan import PublishedPlan
from premia_common.periods import Month
from premia_plan.checked import CellComponent, CheckedPlan
from premia_plan.period import months_of, period_of
from premia_plan.reference.carried import is_under_way
from premia_plan.relations import AssignmentRow, PaidBeforeRow, SourceRef
from premia_plan.results import PAID, Line

RE_RATED = "carry and re-rate"


@dataclass(frozen=True, slots=True)
class ToReRate:
    """The periods under way that a version rates again, by the component that pays on them."""

    before: PublishedPlan
    periods: Mapping[str, str]

    @property
    def since(self) -> Month:
        """The first month in which anything of these periods can land."""
        return min(Month.parse(months_of(period)[0]) for period in self.periods.values())

    def paid_before(
        self, lines: Iterable[Line], assigned: Iterable[AssignmentRow]
    ) -> tuple[PaidBeforeRow, ...]:
        """Return what the version before gave for the periods: paid, or held and to be paid.

        Everybody has a row, of nothing where it gave nothing: that is known too.

        Args:
            lines: those of the version before, from `since` on.
            assigned: who is under either version.
        """
        given: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for line in lines:
            counts = line.what in PAID or line.what == "held"
            if counts and line.payee_id and self.periods.get(line.component) == line.competence:
                given[line.payee_id, line.component] += line.amount
        payees = {row.payee_id for row in assigned} | {payee for payee, _ in given}
        plan = self.before
        label = f"{plan.name} version {plan.version}, as calculated in the same run"
        source = SourceRef("plan", plan.content_hash, None, label)
        return tuple(
            PaidBeforeRow(payee, component, period, given[payee, component], source)
            for payee in sorted(payees)
            for component, period in sorted(self.periods.items())
        )


def to_re_rate(
    plan: PublishedPlan, checked: CheckedPlan, published: Iterable[PublishedPlan]
) -> ToReRate | None:
    """Return what a version rates again, and after which one; None if it rates nothing again.

    None too where the version before was never published here: what it paid is then what people
    recorded (`paid_before`), and asked for where they did not.
    """
    change, follows = checked.change, plan.follows
    if change is None or follows is None or RE_RATED not in change.measures.values():
        return None
    first = follows.starts.isoformat()
    before = [
        other
        for other in published
        if (other.name, other.principal_id) == (follows.plan, plan.principal_id)
        and other.document["valid"].get("from") == first
        and other.content_hash != plan.content_hash
    ]
    periods = dict(_under_way(checked))
    if not before or not periods:
        return None
    return ToReRate(max(before, key=lambda other: other.version), periods)


def _under_way(checked: CheckedPlan) -> Iterator[tuple[str, str]]:
    """Give the components that pay on cells, and the period of each in which the version begins."""
    for name, component in checked.components.items():
        if isinstance(component, CellComponent):
            period = period_of(checked.valid_from, component.over)
            if is_under_way(period, checked):
                yield name, period
