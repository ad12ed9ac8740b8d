"""What formulas about one stage of a component's cells read."""

from typing import Protocol
from uuid import UUID

from calc_engine.engine.trace.measure_nodes import StageKey
from calc_engine.engine.trace.refused import Refused


class Figures(Protocol):
    """The figures of the stages of a component."""

    def node(self, name: str, stage: StageKey) -> UUID:
        """Return the node of a figure."""

    def refusal(self, name: str, stage: StageKey) -> Refused | None:
        """Return why a figure cannot be worked out, if it cannot."""


class StageInputs:
    """What formulas about one stage read."""

    def __init__(self, nodes: Figures, stage: StageKey) -> None:
        self._nodes = nodes
        self._stage = stage

    def node(self, name: str) -> UUID | None:
        """Return the node of a value; None where it cannot be worked out."""
        if self._nodes.refusal(name, self._stage) is not None:
            return None
        return self._nodes.node(name, self._stage)

    def refusal(self, name: str) -> Refused | None:
        """Return why a value cannot be worked out, if it cannot."""
        return self._nodes.refusal(name, self._stage)
