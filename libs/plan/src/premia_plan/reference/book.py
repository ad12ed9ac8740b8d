"""What a calculation writes down as it goes: nodes, lines and exceptions, each once."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from premia_plan.apportion import money_text
from premia_plan.reasons import Reason
from premia_plan.reference.ids import id_of
from premia_plan.relations import SourceRef
from premia_plan.results import Detail, Exception_, Line, LineKind, Node, What


class Book:
    """Collects the result of one calculation of one plan.

    `since` is the first month whose lines are wanted, "" for all.

    The parts of an id's key are quoted and escaped into one text: no other parts give the same
    text, and one long text is hashed several times faster than many short ones.
    """

    def __init__(self, plan_name: str, places: int, since: str = "") -> None:
        self.plan_name = plan_name
        self.places = places
        self.since = since
        self.nodes: dict[UUID, Node] = {}
        self.lines: list[Line] = []
        self.exceptions: dict[Exception_, None] = {}
        self._left_out = False

    def node(
        self,
        *key: str,
        kind: str,
        value: str,
        unit: str,
        detail: Mapping[str, Detail],
        operation: str = "given",
        payee_id: str | None = None,
        source: SourceRef | None = None,
        children: tuple[UUID, ...] = (),
    ) -> UUID:
        """Write a node down under the id of its key, and return the id."""
        node_id = id_of(f"node {self.plan_name} {key!a}")
        self.nodes[node_id] = Node(
            node_id, payee_id, kind, value, unit, operation, detail, source, children
        )
        return node_id

    def money(self, units: int) -> str:
        """Return minor units as text."""
        return money_text(units, self.places)

    def line(
        self,
        *,
        payee_id: str | None,
        principal: str,
        component: str,
        kind: LineKind,
        what: What,
        month: str | None,
        competence: str,
        units: int,
        order_id: str | None,
        credit_id: str | None,
        share: int | None,
        node_id: UUID,
        reason: Reason | None = None,
        event_month: str = "",
    ) -> None:
        """Write a line down; `event_month` tells apart what several events do to one share."""
        key = (
            component,
            payee_id or "",
            order_id or "",
            credit_id or "",
            what,
            "" if share is None else str(share),
            event_month,
        )
        line_id = id_of(f"line {self.plan_name} {key!a}")
        self.lines.append(
            Line(
                line_id,
                payee_id,
                principal,
                component,
                kind,
                what,
                month,
                competence,
                Decimal(units).scaleb(-self.places),
                order_id,
                credit_id,
                share,
                None if reason is None else reason.text,
                None if reason is None else reason.code,
                node_id,
            )
        )

    def leave_out(self) -> None:
        """Note that something before `since` was left out after nodes of it were written."""
        self._left_out = True

    def explaining(self, roots: Iterable[UUID]) -> Iterable[Node]:
        """Return the nodes that some nodes rest on, and these; others only led to nothing."""
        if not self._left_out:
            return self.nodes.values()
        waiting = list(roots)
        found: dict[UUID, Node] = {}
        while waiting:
            node_id = waiting.pop()
            if node_id not in found:
                node = found[node_id] = self.nodes[node_id]
                waiting.extend(node.children)
        return found.values()

    def exception(
        self,
        code: str,
        message: str,
        what_to_do: str,
        *,
        payee_id: str | None = None,
        order_id: str | None = None,
        month: str | None = None,
        blocks: bool = True,
    ) -> None:
        """Write an exception down, once however often it is met."""
        found = Exception_(code, message, what_to_do, payee_id, order_id, month, blocks)
        self.exceptions[found] = None
