"""Which engine calculates: the reference for small scopes, the set-based one for large."""

from calc_engine.engine.arrange import arrange, unarranged
from calc_engine.engine.cluster import Cluster, open_cluster
from calc_engine.engine.duck import Room
from calc_engine.engine.installed_code import installed_code
from calc_engine.engine.lowering.calculation import Lowering
from calc_engine.engine.recorded_periods import odd_periods
from calc_engine.engine.reference_calculator import ReferenceCalculator
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.set_based_calculator import SetBasedCalculator
from calc_engine.engine.several_principals import owed_by_several
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.relations import Relations

ORDERS_FROM = 2_000
"""From so many orders on, sets are worth their start: planning the statements costs more than
walking fewer orders one by one."""

_ANY_MONTH = Month(2026, 1)

Engine = ReferenceCalculator | SetBasedCalculator


def unsupported(plan: CheckedPlan) -> tuple[str, ...]:
    """Return why the set-based engine cannot calculate a plan; nothing if it can."""
    arranged = arrange(plan, Relations()).arranged
    try:
        Lowering(plan, arranged, since=None, until=_ANY_MONTH).program()
    except NotLowered as refused:
        return (refused.reason,)
    return ()


class EngineChoice:
    """Chooses the engine that fits the size of the scope and the plan.

    Both give the same result to the last digit, so the choice is one of cost alone. A plan or
    facts that the set-based engine does not express go to the reference engine at any size. The
    largest scopes are worked out by a cluster, where there is one: the same engine elsewhere.
    """

    def __init__(
        self,
        orders_from: int = ORDERS_FROM,
        room: Room | None = None,
        cluster: Cluster | None = None,
    ) -> None:
        self._orders_from = orders_from
        self._reference = ReferenceCalculator()
        self._by_sets = SetBasedCalculator(room)
        self._by_cluster: tuple[int, SetBasedCalculator] | None = None
        if cluster is not None:
            elsewhere = SetBasedCalculator(open_database=open_cluster(cluster))
            self._by_cluster = (cluster.orders_from, elsewhere)

    @property
    def exact(self) -> ReferenceCalculator:
        """The reference engine: its numbers are as large as they need to be."""
        return self._reference

    @property
    def installed(self) -> frozenset[str]:
        """Names and versions of the engines there are."""
        return frozenset({self._reference.engine, self._by_sets.engine})

    @property
    def code(self) -> str:
        """The digest of the installed sources."""
        return installed_code()

    def choose(
        self, plan: CheckedPlan, relations: Relations, recorded: str | None = None
    ) -> Engine:
        """Return the engine for a plan over some rows.

        Args:
            plan: the typed plan.
            relations: what it is calculated over.
            recorded: the engine that a manifest names. It is used again whatever the size, in the
                version that is installed.
        """
        by_sets = len(relations.orders) >= self._orders_from
        if recorded is not None:
            by_sets = _name(recorded) == _name(self._by_sets.engine)
        odd = (
            unarranged(relations, plan)
            or odd_periods(plan, relations)
            or owed_by_several(plan, relations)
        )
        if not by_sets or odd is not None or unsupported(plan):
            return self._reference
        if self._by_cluster is not None and len(relations.orders) >= self._by_cluster[0]:
            return self._by_cluster[1]
        return self._by_sets


def _name(engine: str) -> str:
    """Return an engine's name without its version."""
    return engine.rpartition(" ")[0]
