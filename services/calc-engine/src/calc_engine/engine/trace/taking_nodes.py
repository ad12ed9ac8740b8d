"""The nodes of what part a storno takes, where that depends on the reversal."""

from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from calc_engine.engine.trace.credit_nodes import CreditKey, CreditNodes
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.order_leaves import OrderLeaves
from premia_plan.checked import CheckedPlan, Takes, TakesBySteps, TakesInProportion, TakesPart
from premia_plan.quantities import exact_text
from premia_plan.results import Detail


@dataclass(frozen=True, slots=True)
class Part:
    """A part, and the node that explains it where it is not the same for every reversal."""

    ratio: Fraction
    node_id: UUID | None


class TakingNodes:
    """Writes the nodes of the parts that stornos take."""

    def __init__(
        self, plan: CheckedPlan, credits: CreditNodes, leaves: OrderLeaves, book: NodeBook
    ) -> None:
        self._numbers = {name: number for number, name in enumerate(plan.components)}
        self._credits = credits
        self._leaves = leaves
        self._book = book

    def part(self, component: str, key: CreditKey, takes: Takes) -> Part:
        """Return what a storno takes of a credit's pay.

        Raises:
            TypeError: if the part depends on something that is not lowered.
        """
        if isinstance(takes, TakesPart):
            return Part(takes.ratio, None)
        number, order_no = self._numbers[component], key[1]
        upper = self._leaves.number(order_no, f"takes_{number}")
        below = self._leaves.number(order_no, f"takes_below_{number}")
        ratio, passed = Fraction(upper, below), self._leaves.number(order_no, f"passed_{number}")
        detail: dict[str, Detail]
        match takes:
            case TakesBySteps():
                kind, operation = "storno_step", "elapsed_step"
                detail = {
                    "elapsed": takes.elapsed,
                    "passed": passed,
                    "steps": [[within, exact_text(part)] for within, part in takes.steps],
                }
                inputs: tuple[UUID, ...] = ()
            case TakesInProportion():
                kind, operation = "storno_unexpired", "unexpired"
                detail = {
                    "elapsed": takes.elapsed,
                    "passed": passed,
                    "years_before": 0,
                    "term": exact_text(self._term(takes, order_no)),
                    "formula": takes.term.text,
                    "inputs": takes.term.inputs,
                }
                inputs = tuple(
                    self._leaves.input_node(order_no, name) for name in takes.term.inputs
                )
            case _:
                raise TypeError(f"{takes} is not lowered")
        state = self._leaves.state_node(order_no, takes.since)
        node_id = self._book.node(
            "storno part",
            self._credits.credit_id(key),
            "",
            takes.since,
            takes.elapsed,
            takes.key,
            kind=kind,
            value=exact_text(ratio),
            unit="rate",
            operation=operation,
            payee_id=self._credits.payee(key),
            detail=detail,
            children=(state, self._leaves.reversal_node(order_no), *inputs),
        )
        return Part(ratio, node_id)

    def _term(self, takes: TakesInProportion, order_no: int) -> Fraction:
        """Return the term as its words say; what is taken was worked out without it."""
        found = takes.term.evaluate(self._leaves.scope(order_no))
        return found if isinstance(found, Fraction) else Fraction(0)
