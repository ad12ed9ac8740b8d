"""Everything that was recorded, arranged for one run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from calc_engine.domain.fact import Fact, current
from calc_engine.domain.order_states import owned_source
from calc_engine.domain.payee_directory import PayeeDirectory
from calc_engine.domain.payee_rows import payee_rows, position_rows
from calc_engine.domain.published_plan import PublishedPlan, published_plans
from calc_engine.domain.reporting_lines import edges_of
from premia_plan.relations import EdgeRow, PayeeRow, PositionRow, SourceRef, TreeRow

EVERY_VERSION_COUNTS = frozenset({"plan", "plan_retirement", "plan_acceptance"})
"""Of these kinds a later version does not replace an earlier one."""


@dataclass(frozen=True)
class Records:
    """The current facts by kind and key."""

    facts: Mapping[str, Mapping[str, Fact]]

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> "Records":
        """Arrange facts; their order and repetitions do not matter."""
        lasting: dict[str, dict[str, Fact]] = {}
        replaced: list[Fact] = []
        for fact in facts:
            if fact.kind in EVERY_VERSION_COUNTS:
                lasting.setdefault(fact.kind, {})[f"{fact.key}/{fact.version}"] = fact
            else:
                replaced.append(fact)
        return cls({**current(replaced), **lasting})

    def of_kind(self, kind: str) -> Iterable[Fact]:
        """Return the current facts of a kind, in the order of their keys."""
        things = self.facts.get(kind, {})
        return (things[key] for key in sorted(things))

    def counting(self, kind: str) -> Iterable[Fact]:
        """Return the current facts of a kind that nobody withdrew."""
        return (fact for fact in self.of_kind(kind) if not fact.body.get("withdrawn"))

    @cached_property
    def directory(self) -> PayeeDirectory:
        """Who a code means on a day."""
        return PayeeDirectory(self.of_kind("payee"))

    @cached_property
    def plans(self) -> tuple[PublishedPlan, ...]:
        """Every published plan version that still claims orders."""
        return published_plans(self.facts)

    @cached_property
    def edges(self) -> tuple[EdgeRow, ...]:
        """Who reported to whom."""
        return edges_of(self.of_kind("position"))

    @cached_property
    def payees(self) -> tuple[PayeeRow, ...]:
        """Every payee with its attributes, dated ones included; its kind is one of them."""
        return tuple(payee_rows(self.of_kind("payee")))

    @cached_property
    def positions(self) -> tuple[PositionRow, ...]:
        """Who held which position, and what was true of it."""
        return tuple(position_rows(self.of_kind("position")))

    @cached_property
    def trees(self) -> tuple[TreeRow, ...]:
        """The territory and the category tree."""
        return tuple(
            TreeRow(tree, fact.body["code"], fact.body["parent"])
            for tree, kind in (("territory", "territory"), ("category", "product_category"))
            for fact in self.of_kind(kind)
        )

    @cached_property
    def principal_codes(self) -> Mapping[str, str]:
        """The id of each principal by the code that orders use."""
        return {fact.body["code"]: fact.body["principal_id"] for fact in self.of_kind("principal")}

    @cached_property
    def signals_by_order(self) -> Mapping[str, tuple[Fact, ...]]:
        """Billing signals by the key of the order they speak of."""
        found: dict[str, list[Fact]] = {}
        for signal in self.of_kind("billing_signal"):
            if signal.body["order"] is not None:
                found.setdefault(self.order_key(signal.body["order"]), []).append(signal)
        return {key: tuple(signals) for key, signals in found.items()}

    @cached_property
    def _order_numbers(self) -> Mapping[tuple[str, str], str]:
        return {
            (order.body["source"], order.body["order_number"]): key
            for key, order in self.facts.get("order", {}).items()
        }

    def order_key(self, reference: Mapping[str, Any]) -> str:
        """Return the key of the order that a source names by its own id or by its number.

        An order that nobody recorded yet has the key it will have if that is its id.
        """
        key = f"{reference['system']}/{reference['code']}"
        if key in self.facts.get("order", {}):
            return key
        return self._order_numbers.get((reference["system"], reference["code"]), key)


def target_source(fact: Fact) -> SourceRef:
    """Return where a payee's targets came from."""
    return owned_source(fact, f"target {fact.body['name']}, version {fact.body['version']}")
