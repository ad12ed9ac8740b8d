"""The nodes of credits, and of the rates that were looked up for them."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias
from uuid import UUID

from calc_engine.engine.credit_rules import as_direct, path_of
from calc_engine.engine.numbered import Numbered
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.order_leaves import OrderLeaves
from calc_engine.engine.trace.rivals import Rivals, keys_of
from calc_engine.engine.trace.rows import Rows
from calc_engine.engine.trace.share_nodes import DealNodes, alone_detail
from premia_plan.checked import CheckedPlan, DirectCredit, RateTable, RollupCredit
from premia_plan.language import Value as FormulaValue
from premia_plan.quantities import exact_text, percent_text
from premia_plan.results import Detail

CreditKey: TypeAlias = tuple[str, int, int, int]
"""Rule, order number, place of the share, level."""


@dataclass(frozen=True, slots=True)
class _KeyScope:
    """A credit's values, for naming the keys that a rate was asked for with."""

    leaves: OrderLeaves
    credit: CreditKey
    amount: Fraction

    def value(self, name: str) -> FormulaValue | None:
        if name == "credit.amount":
            return self.amount
        if name == "credit.level":
            return Fraction(self.credit[3])
        return self.leaves.value(self.credit[1], name)

    def day_reached(self, state: str) -> date | None:
        raise LookupError(f"a key that asks for {state}")


class CreditNodes:
    """Writes the nodes of the credits of one result."""

    def __init__(
        self,
        plan: CheckedPlan,
        numbered: Numbered,
        credits: dict[str, Rows],
        *,
        leaves: OrderLeaves,
        rivals: Rivals,
        book: NodeBook,
    ) -> None:
        self._plan = plan
        self._numbered = numbered
        self._leaves = leaves
        self._rivals = rivals
        self._book = book
        self._rows = credits
        self._at = {name: rows.by("order_no", "place", "level") for name, rows in credits.items()}
        self._placed = {
            name: credits[name].groups("order_no")
            for name, rule in plan.credits.items()
            if as_direct(plan, rule) is not None
        }
        self._deals = DealNodes(plan, leaves, book)

    def direct(self, name: str) -> DirectCredit:
        """Return a rule that splits orders.

        Raises:
            TypeError: if it is another kind of rule.
        """
        rule = as_direct(self._plan, self._plan.credits[name])
        if rule is None:
            raise TypeError(f"{name} splits no orders")
        return rule

    def payee(self, key: CreditKey) -> str | None:
        """Return the payee of a credit."""
        return self._numbered.payee(self._value(key, "payee_no"))

    def units(self, key: CreditKey) -> int:
        """Return a credit in minor units."""
        return self._value(key, "units") or 0

    def _value(self, key: CreditKey, column: str) -> int | None:
        found: int | None = self._rows[key[0]][column][self._at[key[0]][key[1:]]]
        return found

    def credit_id(self, key: CreditKey) -> str:
        """Return a credit's id."""
        return f"{self._leaves.order(key[1]).order_id}{self.path(key)}"

    def path(self, key: CreditKey) -> str:
        """Return a credit's id without its order."""
        name, _, place, level = key
        return path_of(self._plan, name, place, level)

    def node(self, key: CreditKey) -> UUID:
        """Return the node of a credit."""
        name, order_no, place, level = key
        rule = self._plan.credits[name]
        if isinstance(rule, RollupCredit):
            below = (rule.of, order_no, place, 0)
            made_of = self.node(below)
            detail: dict[str, Detail] = {
                "clause": rule.path,
                "hierarchy": rule.hierarchy,
                "level": level,
                "below": self.payee(below),
            }
        else:
            return self._direct(key)
        return self._book.node(
            "credit",
            self.credit_id(key),
            kind="credit_rolled_up",
            value=self._book.money(self.units(key)),
            unit="money",
            operation="same",
            payee_id=self.payee(key),
            detail=detail,
            children=(made_of,),
        )

    def _direct(self, key: CreditKey) -> UUID:
        """Return the node of a credit of an order."""
        name, order_no, place, _ = key
        rule, rows, deals = self.direct(name), self._rows[name], self._deals
        applied = self._applied(name, order_no)
        share, index, at = rule.shares[place], applied.index(place), self._at[name][key[1:]]
        ratios = deals.ratios(rule, order_no, applied)
        texts = [exact_text(ratio) for ratio in ratios]
        if rule.divides == "each":
            operation = "formula"
            detail = alone_detail(share, texts, index, self._book.places)
            children = deals.alone(share, order_no, deals.deal(rule, order_no, rows, at))
        else:
            total = sum(ratios, Fraction(0))
            operation = "split" if total else "nothing"
            detail = {
                "clause": share.path,
                "ratios": texts,
                "index": index,
                "places": self._book.places,
            }
            whole = deals.shared(rule, order_no, rows, at, total)
            children = (whole, *deals.value_nodes(share, order_no))
        return self._book.node(
            "credit",
            self.credit_id(key),
            kind="credit",
            value=self._book.money(self.units(key)),
            unit="money",
            operation=operation,
            payee_id=self.payee(key),
            detail=detail,
            children=children,
        )

    def _applied(self, name: str, order_no: int) -> list[int]:
        """Return the places of the shares that applied to an order."""
        return sorted(self._rows[name]["place"][at] for at in self._placed[name][order_no,])

    def listed(self, name: str, order_no: int) -> str:
        """Return what the shares that apply to an order take, in words."""
        rule = self.direct(name)
        ratios = self._deals.ratios(rule, order_no, self._deals.applied(rule, order_no))
        return ", ".join(map(percent_text, ratios)) or percent_text(Fraction(0))

    def input_node(self, key: CreditKey, name: str) -> UUID:
        """Return the node of a value that a formula about a credit reads."""
        if name == "credit.amount":
            return self.node(key)
        if name == "credit.level":
            rule = self._plan.credits[key[0]]
            clause = rule.path
            if not isinstance(rule, RollupCredit):
                clause = self.direct(key[0]).shares[key[2]].path
            credit_id = self.credit_id(key)
            return self._book.node(
                "level",
                credit_id,
                kind="credit_level",
                value=str(key[3]),
                unit="count",
                detail={"clause": clause, "credit_id": credit_id},
            )
        return self._leaves.input_node(key[1], name)

    def rate_node(self, key: CreditKey, table: RateTable, row: int | None) -> UUID:
        """Return the leaf of the rate row that was found, or of the clause that gives nothing."""
        if row is None:
            return self._missing_node(key, table)
        found = table.rows[row]
        scope = self._scope(key)
        keys = tuple(each.value.evaluate(scope) for each in table.keys)
        dated = None if table.dated_by is None else table.dated_by.evaluate(scope)
        day = dated if isinstance(dated, date) else None
        detail: dict[str, Detail] = {
            "clause": found.path,
            "table": table.name,
            "row": found.index,
            "keys": keys_of(table, found),
            "from": None if found.valid_from is None else found.valid_from.isoformat(),
            "to": None if found.valid_to is None else found.valid_to.isoformat(),
        }
        asked: tuple[str, ...] = ()
        lost = self._rivals.of(table, found, keys, day)
        if lost:
            on = None if day is None else day.isoformat()
            asked = (self.keys_text(key, table), on or "")
            detail |= {"asked": asked[0], "day": on, "lost": lost}
        return self._book.node(
            "rate",
            table.name,
            found.path,
            *asked,
            kind="rate_row",
            value=exact_text(found.gives),
            unit=table.gives.value,
            detail=detail,
        )

    def _scope(self, key: CreditKey) -> _KeyScope:
        amount = Fraction(self.units(key), 10**self._book.places)
        return _KeyScope(self._leaves, key, amount)

    def _missing_node(self, key: CreditKey, table: RateTable) -> UUID:
        keys = self._keys(key, table)
        return self._book.node(
            "rate",
            table.name,
            "missing",
            self.keys_text(key, table),
            kind="rate_missing",
            value="0",
            unit=table.gives.value,
            detail={
                "clause": f"{table.path}/missing",
                "table": table.name,
                "reason": "rate_missing",
                "keys": keys,
            },
        )

    def keys_text(self, key: CreditKey, table: RateTable) -> str:
        """Return with which keys a rate was asked for, in words."""
        return ", ".join(f"{name} {value}" for name, value in self._keys(key, table).items())

    def _keys(self, key: CreditKey, table: RateTable) -> dict[str, str]:
        scope = self._scope(key)
        values = {each.name: each.value.evaluate(scope) for each in table.keys}
        return {
            name: exact_text(value) if isinstance(value, Fraction) else str(value)
            for name, value in values.items()
        }
