"""KPIs and SLAs: figures of a payee in a period, loaded from a source or given by a formula."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from plans_api.domain.record import Key
from premia_plan.document import Content

Direction: TypeAlias = Literal["higher is better", "lower is better"]
Period: TypeAlias = Literal["month", "quarter", "half", "year"]
Gives: TypeAlias = Literal["percent", "count", "money"]


class IndicatorNotUsable(ValueError):
    """Raised when a KPI or SLA has neither a source nor a formula, or both."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A KPI or SLA.

    `missing` is `exception`, `zero`, `last known` or a value; `provisional` says whether values
    that may still change count already or hold the pay.
    """

    name: str
    label_it: str
    label_en: str
    gives: Gives
    direction: Direction
    period: Period
    source: str | None
    formula: str | None
    provisional: Literal["counts", "holds"]
    missing: str

    def __post_init__(self) -> None:
        if (self.source is None) is (self.formula is None):
            raise IndicatorNotUsable(
                "give either source, the system that measures it, or formula, which calculates it"
            )

    @property
    def key(self) -> Key:
        """The name."""
        return (self.name,)

    def measure(self, kind: Literal["kpi", "sla"]) -> dict[str, Content]:
        """Return it as a measure of a plan."""
        if self.formula is not None:
            return {"formula": self.formula, "over": self.period, "per": "payee"}
        measure: dict[str, Content] = {
            "loaded": kind,
            "gives": self.gives,
            "over": self.period,
            "per": "payee",
            "missing": self.missing,
        }
        if self.provisional == "holds":
            measure["provisional"] = "holds"
        return measure
