"""What one reversal takes back, line by line, and gives back when it is undone."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from premia_plan.period import month_of
from premia_plan.reasons import because
from premia_plan.reference.reversed_earning import Blow, ReversedEarning, by


def causes_of(whose: ReversedEarning, blow: Blow, base: UUID) -> tuple[UUID, ...]:
    """Return the nodes that what a reversal takes follows from; `base` is what it takes of."""
    part = () if blow.taken.node_id is None else (blow.taken.node_id,)
    return (base, whose.order.reversal_node(blow.reversal), *part)


@dataclass(slots=True, eq=False)
class Taking:
    """What a reversal takes of a share (of the whole earning if `place` is None).

    `units` is all of it so far, with its sign in the pay, and `node_id` its node.
    """

    whose: ReversedEarning
    blow: Blow
    place: int | None
    units: int = 0
    node_id: UUID | None = None
    _lines: list[tuple[int, UUID]] = field(default_factory=list)

    def begin(self, units: int, node_id: UUID) -> None:
        """Write what the reversal takes when it comes."""
        self.units, self.node_id = units, node_id
        self._lines.append((units, node_id))
        self.whose.write(
            "reversal",
            units,
            self.place,
            month=self.blow.reversal.month,
            node_id=node_id,
            reason=by(self.blow.reversal, "taken_back"),
            key=self.blow.reversal.key,
        )

    def change(self, units: int, node_id: UUID, day: date, stage: str) -> None:
        """Write how much more or less it takes from a day on; `node_id` is of all it takes then."""
        before, reversal, whose = self.node_id, self.blow.reversal, self.whose
        month, changed = max(month_of(day), reversal.month), units - self.units
        takes_more = abs(units) > abs(self.units)
        line_node = node_id
        if before is not None:
            line_node = whose.node(
                "taken more",
                self._name,
                *filter(None, (reversal.key, stage)),
                kind="changed_by_reinstatement",
                units=changed,
                operation="difference",
                detail={"day": day.isoformat()},
                children=(node_id, before),
            )
        self.units, self.node_id = units, node_id
        self._lines.append((changed, line_node))
        reason = because("reinstated", day=day.isoformat())
        whose.write(
            "reversal" if takes_more else "reinstatement",
            changed,
            self.place,
            month=month,
            node_id=line_node,
            reason=by(reversal, "taken_back") if takes_more else reason,
            key=f"{reversal.key} {stage}".strip(),
        )

    def give_back(self, day: date) -> None:
        """Restore what the reversal took, when the order is reinstated."""
        reversal, whose = self.blow.reversal, self.whose
        for number, (units, node_id) in enumerate(self._lines):
            key = f"{reversal.key} {number}".strip() if number else reversal.key
            opposite = whose.node(
                "give back",
                self._name,
                key,
                kind="reinstated",
                units=-units,
                operation="opposite",
                detail={"clause": self.blow.effect.path},
                children=(node_id, whose.order.restored_node(reversal)),
            )
            whose.write(
                "reinstatement",
                -units,
                self.place,
                month=max(month_of(day), reversal.month),
                node_id=opposite,
                reason=because("reinstated", day=day.isoformat()),
                key=key,
            )
        self._lines.clear()

    @property
    def _name(self) -> str:
        return "earned" if self.place is None else str(self.place)
