"""What a calculation writes down as it goes: nodes, lines and exceptions, each once."""

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from premia_common.identifiers import derive_id
from premia_plan.apportion import money_text, round_units
from premia_plan.quantities import Unit, exact_text
from premia_plan.reasons import Reason
from premia_plan.reference.ids import id_of
from premia_plan.relations import SourceRef
from premia_plan.results import Detail, Exception_, Line, LineKind, Node, What


class Book:
    """Collects the result of one calculation of one plan.

    `since` is the first month whose lines are wanted, "" for all.

    The parts of a node's key are quoted and escaped into one text: no other parts give the same
    text, and one long text is hashed several times faster than many short ones. A line's id is
    the exclusive or of three ids: of its order, its payee, and the rest, which many lines share.
    """

    def __init__(self, plan_name: str, places: int, since: str = "") -> None:
        self.plan_name = plan_name
        self.places = places
        self.since = since
        self.nodes: dict[UUID, Node] = {}
        self.lines: list[Line] = []
        self.exceptions: dict[Exception_, None] = {}
        self.details: dict[Hashable, Mapping[str, Detail]] = {}
        """Details that many nodes share, by whatever tells them apart."""
        self._parts: dict[tuple[str, ...], UUID] = {}

    def aside(self, word: str) -> "Book":
        """Return a book whose nodes go among these under keys of their own."""
        found = Book(f"{self.plan_name} {word}", self.places, self.since)
        found.nodes, found.exceptions = self.nodes, self.exceptions
        return found

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

    def units(self, value: Fraction) -> int:
        """Return an amount in minor units, half away from zero."""
        return round_units(value, self.places)

    def text(self, value: Fraction, unit: Unit) -> str:
        """Return a value exactly, money with the currency's decimals where it has no finer ones."""
        if unit is Unit.MONEY:
            units, finer = divmod(value.numerator * 10**self.places, value.denominator)
            if not finer:
                return money_text(units, self.places)
        return exact_text(value)

    def rounded_text(self, value: Fraction, places: int) -> str:
        """Return a value that was rounded to some decimals, with all of them."""
        return money_text(value.numerator * 10**places // value.denominator, places)

    def number(self, node_id: UUID) -> Fraction:
        """Return the value of a node that was written, as an exact number."""
        return Fraction(self.nodes[node_id].value)

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
        fact_key: tuple[str, ...] | None = None,
    ) -> None:
        """Write a line down; `event_month` tells apart what several events do to one share.

        `fact_key` is what tells its fact from others where that is no order.
        """
        whose = (order_id or "",) if fact_key is None else fact_key
        path = (credit_id or "").removeprefix("/".join(whose))
        place = "" if share is None else str(share)
        line_id = UUID(
            int=self._part("order", *whose).int
            ^ self._part("payee", payee_id or "").int
            ^ self._part("line", self.plan_name, component, path, what, place, event_month).int
        )
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

    def _part(self, *key: str) -> UUID:
        found = self._parts.get(key)
        if found is None:
            found = self._parts[key] = derive_id(*key)
        return found

    def explaining(self, roots: Iterable[UUID]) -> Iterable[Node]:
        """Return the nodes that some nodes rest on, and these; others only led to nothing."""
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
