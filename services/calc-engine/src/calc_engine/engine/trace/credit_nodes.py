"""The nodes of credits, and of the rates that were looked up for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias
from uuid import UUID

from calc_engine.engine.numbered import Numbered
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.order_leaves import OrderLeaves
from calc_engine.engine.trace.rivals import Rivals, keys_of
from calc_engine.engine.trace.rows import Rows
from premia_plan.checked import CheckedPlan, DirectCredit, RateTable, RollupCredit, Share
from premia_plan.language import Formula
from premia_plan.language import Value as FormulaValue
from premia_plan.quantities import Unit, exact_text
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
            if isinstance(rule, DirectCredit)
        }

    def direct(self, name: str) -> DirectCredit:
        """Return a rule that splits orders.

        Raises:
            TypeError: if it is another kind of rule.
        """
        rule = self._plan.credits[name]
        if not isinstance(rule, DirectCredit):
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
        rule = self._plan.credits[name]
        if isinstance(rule, RollupCredit):
            return f"/{rule.of}.{place}/{name}.{level}"
        return f"/{name}.{place}"

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
            direct = self.direct(name)
            made_of = self._base(direct, order_no)
            detail = self._split(direct, order_no, place)
        return self._book.node(
            "credit",
            self.credit_id(key),
            kind="credit_rolled_up" if level else "credit",
            value=self._book.money(self.units(key)),
            unit="money",
            operation="same" if level else "split",
            payee_id=self.payee(key),
            detail=detail,
            children=(made_of,),
        )

    def _split(self, rule: DirectCredit, order_no: int, place: int) -> dict[str, Detail]:
        places = self._placed[rule.name][order_no,]
        applied = sorted(self._rows[rule.name]["place"][at] for at in places)
        shares = [rule.shares[each] for each in applied]
        return {
            "clause": rule.shares[place].path,
            "ratios": [exact_text(ratio) for ratio in _ratios(shares)],
            "index": applied.index(place),
            "places": self._book.places,
        }

    def _base(self, rule: DirectCredit, order_no: int) -> UUID:
        if rule.amount.is_bare_name:
            return self._leaves.value_node(order_no, rule.amount.names[0])
        rows = self._rows[rule.name]
        at = self._placed[rule.name][order_no,][0]
        amount = Fraction(rows["base_numerator"][at], rows["base_denominator"][at])
        return self._book.node(
            "base",
            rule.name,
            self._leaves.order(order_no).order_id,
            kind="credited_amount",
            value=self._book.text(amount, Unit.MONEY),
            unit="money",
            operation="formula",
            detail=formula_detail(rule.amount),
            children=tuple(self._leaves.input_node(order_no, name) for name in rule.amount.inputs),
        )

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


def formula_detail(formula: Formula) -> dict[str, Detail]:
    """Return what a node of a formula says besides its value."""
    detail: dict[str, Detail] = {
        "clause": formula.path,
        "formula": formula.text,
        "inputs": formula.inputs,
    }
    if formula.said is not None:
        detail["said"] = {"en": formula.said.en, "it": formula.said.it}
    return detail


def _ratios(shares: Sequence[Share]) -> list[Fraction]:
    fixed = sum((share.ratio for share in shares if share.ratio is not None), Fraction(0))
    return [1 - fixed if share.ratio is None else share.ratio for share in shares]
