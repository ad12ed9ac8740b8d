"""The exceptions of a result: what a person must look at, as the rows tell it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from calc_engine.engine.codes import Standing
from calc_engine.engine.credit_rules import as_direct
from calc_engine.engine.dimensions import holds_on
from calc_engine.engine.lowering.shares import DOES_NOT_ADD_UP
from calc_engine.engine.trace.credit_nodes import CreditKey
from calc_engine.engine.trace.measure_nodes import StageKey
from calc_engine.engine.trace.refused import Refused, unknown
from calc_engine.engine.trace.result import Trace
from calc_engine.engine.trace.rows import Rows, month_text
from premia_plan.checked import CreditComponent, RollupCredit
from premia_plan.period import month_of
from premia_plan.reasons import NOT_REACHED, because
from premia_plan.results import Exception_

TO_SEND = "Send the order again with it"
TO_RECORD = "Record it for this payee and month; the next run pays the component"


class ExceptionReader:
    """Reads the exceptions of one result."""

    def __init__(self, trace: Trace, since: int) -> None:
        self._trace = trace
        self._plan = trace.plan
        self._rows = trace.outcome.rows
        self._since = since

    def all(self) -> tuple[Exception_, ...]:
        """Return every exception once, in their order."""
        found = {
            *self._trace.facts.exceptions,
            *self._of_orders(),
            *self._of_credits(),
            *self._of_hierarchies(),
            *self._of_measures(),
            *self._of_earnings(),
            *self._of_cells(),
        }
        quiet = self._quiet()
        return tuple(
            sorted(
                (item for item in found if item.order_id not in quiet),
                key=lambda e: (
                    e.code,
                    e.payee_id or "",
                    e.order_id or "",
                    e.month or "",
                    e.message,
                ),
            )
        )

    def _quiet(self) -> frozenset[str]:
        """Return the orders to which nothing happened since the first month that is wanted."""
        rows = self._rows["under_plan"]
        return frozenset(
            self._trace.leaves.order(order_no).order_id
            for order_no, last in zip(rows["order_no"], rows["last_month"], strict=True)
            if last < self._since
        )

    def _of_orders(self) -> Iterator[Exception_]:
        leaves, attributes = self._trace.leaves, list(self._plan.order_attributes.items())
        for order_no, by_day in _pairs(self._rows["other_currency"]):
            order = leaves.order(order_no)
            yield _of_order(
                "order_currency",
                f"Order {order.order_id} is in {order.currency}, the plan in {self._plan.currency}",
                "Correct the order's currency, or pay it by a plan in its currency",
                order.order_id,
                month_of(by_day),
            )
        unreadable = self._rows["unreadable"]
        for at in range(unreadable.count):
            order = leaves.order(unreadable["order_no"][at])
            name, unit = attributes[unreadable["attribute_no"][at]]
            yield _of_order(
                "attribute_unreadable",
                f"Order {order.order_id}: {name} is {order.attributes[name]!r}, which is no {unit}",
                "Correct it at its source and send the order again",
                order.order_id,
                month_of(unreadable["by_day"][at]),
            )

    def _of_credits(self) -> Iterator[Exception_]:
        for name, rule in self._plan.credits.items():
            direct = as_direct(self._plan, rule)
            if direct is None:
                continue
            rows = self._rows[f"uncredited_{name}"]
            words = self._trace.outcome.words[f"uncredited_{name}"]
            for at in range(rows.count):
                place = rows["missing"][at]
                order_no, missing = rows["order_no"][at], words[place]
                order_id = self._trace.leaves.order(order_no).order_id
                found = self._not_credited(name, order_no, missing)
                why = found.reason.text.removeprefix("not paid, because ")
                yield _of_order(
                    found.reason.code,
                    f"Order {order_id} cannot be credited: {why}",
                    found.to_do,
                    order_id,
                    month_of(rows["by_day"][at]),
                )
            credits = self._rows[f"credits_{name}"]
            for at, standing in enumerate(credits["standing"]):
                if standing in (Standing.UNKNOWN, Standing.MISSING):
                    yield self._unresolved((name, *_credit(credits, at)), Standing(standing))

    def _not_credited(self, name: str, order_no: int, missing: str) -> Refused:
        """Return why an order cannot be credited by a rule."""
        if missing == DOES_NOT_ADD_UP:
            shares = self._trace.credits.listed(name, order_no)
            return Refused(
                because("shares_do_not_add_up", credit=name, shares=shares),
                "Correct the shares at their source; the next run credits it",
            )
        formula, _, word = missing.rpartition("|")
        return unknown(word, formula or self._trace.credits.direct(name).amount.text)

    def _unresolved(self, key: CreditKey, standing: Standing) -> Exception_:
        rule = as_direct(self._plan, self._plan.credits[key[0]])
        reason = self._trace.reasons.standing(key)
        order_id = self._trace.leaves.order(key[1]).order_id
        to_do = "Add the payee or its external identifier; the next run pays the order"
        if standing is Standing.MISSING and rule is not None:
            role = rule.shares[key[2]].to.removeprefix("order.")
            to_do = f"Send the order again with its {role}"
        month = month_of(self._trace.leaves.by_day(key[1]))
        return _of_order(reason.code, f"Order {order_id}: {reason.text}", to_do, order_id, month)

    def _of_hierarchies(self) -> Iterator[Exception_]:
        for name, rule in self._plan.credits.items():
            if isinstance(rule, RollupCredit):
                asked = set(_pairs(self._rows[f"unclear_{name}"]))
                for payee_no, day in asked:
                    yield from self._unclear(rule.hierarchy, payee_no, day)
        for name, measure in self._plan.measures.items():
            rows = self._rows.get(f"unclear_team_{name}")
            for payee_no, day in set() if rows is None else set(_pairs(rows)):
                yield from self._unclear(measure.per.along or "", payee_no, day)

    def _unclear(self, hierarchy: str, payee_no: int, day: date) -> Iterator[Exception_]:
        edges: list[dict[str, Any]] = self._trace.facts.arranged.tables["edges"].to_pylist()
        passed = [payee_no]
        while True:
            above = {
                row["reports_to"]
                for row in edges
                if row["hierarchy"] == hierarchy
                and row["payee_no"] == passed[-1]
                and holds_on(row, day)
            }
            names = [self._trace.measures.payee(number) for number in passed]
            superiors = sorted(self._trace.measures.payee(number) for number in above)
            if len(above) != 1:
                yield _of_payee(
                    "hierarchy_ambiguous",
                    f"In the hierarchy {hierarchy}, {names[-1]} reports to "
                    f"{' and '.join(superiors)} at once",
                    "End one of the reporting lines on the day the other starts",
                    names[-1],
                )
                return
            if superiors[0] in names:
                yield from _circle(hierarchy, names[names.index(superiors[0]) :])
                return
            passed.extend(above)

    def _of_measures(self) -> Iterator[Exception_]:
        for name in self._plan.measures:
            rows = self._rows.get(f"uncounted_{name}")
            if rows is None:
                continue
            rule = self._trace.measures.rule(name)
            for at in range(rows.count):
                order_id = self._trace.leaves.order(rows["order_no"][at]).order_id
                yield Exception_(
                    "fact_missing",
                    f"Order {order_id} cannot be counted for {name}",
                    f"Send the order again with what {rule.sums.text} needs",
                    self._trace.facts.numbered.payee(rows["payee_no"][at]),
                    order_id,
                    None,
                    blocks=True,
                )

    def _of_earnings(self) -> Iterator[Exception_]:
        for name, component in self._plan.components.items():
            if not isinstance(component, CreditComponent):
                continue
            rows = self._rows[f"earned_{name}"]
            for at, refused in enumerate(rows["refused"]):
                if refused is not None and rows["standing"][at] == Standing.PAID:
                    found = self._uncalculated(name, (component.of, *_credit(rows, at)))
                    if found.code != NOT_REACHED:
                        yield found

    def _uncalculated(self, component: str, key: CreditKey) -> Exception_:
        reason = self._trace.reasons.missing(component, key)
        missing = self._trace.earnings[component].missing(key)
        to_do = TO_SEND
        if missing in self._plan.tables:
            to_do = f"Add a row to {missing} that fits, in a new version of the plan"
        order_id = self._trace.leaves.order(key[1]).order_id
        return Exception_(
            reason.code,
            f"Order {order_id}, {component}: {reason.text}",
            to_do,
            self._trace.credits.payee(key),
            order_id,
            month_of(self._trace.leaves.by_day(key[1])),
            blocks=True,
        )

    def _of_cells(self) -> Iterator[Exception_]:
        yield from self._of_whole_cells()
        for name in self._trace.stages:
            rows = self._rows[f"refused_{name}"]
            for at in range(rows.count):
                stage = StageKey(*(rows[column][at] for column in StageKey._fields))
                reason = self._trace.reasons.cell(name, stage)
                payee_id = self._trace.measures.payee(stage.payee_no)
                yield Exception_(
                    reason.code,
                    f"{payee_id}, {name} of {month_text(stage.month)}: {reason.text}",
                    TO_RECORD,
                    payee_id,
                    None,
                    month_text(stage.month),
                    blocks=True,
                )

    def _of_whole_cells(self) -> Iterator[Exception_]:
        for name, nodes in self._trace.whole.items():
            rows = self._rows[f"refused_{name}"]
            for at in range(rows.count):
                stage = StageKey(*(rows[column][at] for column in StageKey._fields))
                found, period = nodes.refusal(stage), nodes.period(stage)
                payee_id = self._trace.measures.payee(stage.payee_no)
                yield Exception_(
                    found.reason.code,
                    f"{payee_id}, {name} of {period}: {found.reason.text}",
                    found.to_do,
                    payee_id,
                    None,
                    period,
                    blocks=True,
                )


def _circle(hierarchy: str, members: list[str]) -> Iterator[Exception_]:
    first = members.index(min(members))
    ring = [*members[first:], *members[:first]]
    for member in ring:
        yield _of_payee(
            "hierarchy_cyclic",
            f"In the hierarchy {hierarchy}, {' → '.join([*ring, ring[0]])} "
            "report to each other in a circle",
            "End one of these reporting lines; nothing is rolled up along it until then",
            member,
        )


def _of_order(code: str, message: str, to_do: str, order_id: str, month: str) -> Exception_:
    return Exception_(code, message, to_do, None, order_id, month, blocks=False)


def _of_payee(code: str, message: str, to_do: str, payee_id: str) -> Exception_:
    return Exception_(code, message, to_do, payee_id, None, None, blocks=True)


def _pairs(rows: Rows) -> Iterator[tuple[int, date]]:
    """Yield the rows of a relation of a number and a day."""
    names = [name for name in ("order_no", "payee_no", "by_day", "roll_day") if name in rows]
    yield from zip(rows[names[0]], rows[names[1]], strict=True)


def _credit(rows: Rows, at: int) -> tuple[int, int, int]:
    return rows["order_no"][at], rows["place"][at], rows["level"][at]
