"""The nodes of pools: what is in each, how it is shared, and what a payee gets of it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Protocol
from uuid import UUID

from calc_engine.engine.lowering.cells.groups import NO_GROUP, NOT_A_MEMBER, group_name
from calc_engine.engine.lowering.cells.pools import (
    NO_AMOUNT,
    NO_WEIGHT,
    amount_name,
    pool_figure,
    share_name,
    weight_name,
)
from calc_engine.engine.lowering.stepping import AMOUNT
from calc_engine.engine.trace.measure_nodes import StageKey
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.refused import Refused, unknown
from calc_engine.engine.trace.rows import Rows
from calc_engine.engine.trace.step_nodes import Inputs, StepNodes, input_nodes
from calc_engine.engine.trace.tier_nodes import Stages
from premia_plan.apportion import round_units, split_units
from premia_plan.checked import CheckedPlan, Pool
from premia_plan.reasons import because
from premia_plan.reference.figure import formula_detail
from premia_plan.reference.spread import spread_kind
from premia_plan.reference.subject import PLAN


class Sheet(Stages, Protocol):
    """The figures of some stages."""

    rows: Rows
    words: Mapping[str, tuple[str, ...]]

    def row(self, stage: StageKey) -> int:
        """Return where a stage is in the rows."""

    def at(self, stage: StageKey) -> Inputs:
        """Return what formulas about a stage read."""

    def value(self, name: str, stage: StageKey) -> Fraction | None:
        """Return a figure; None where it cannot be worked out."""

    def why(self, name: str, stage: StageKey) -> int | None:
        """Return what is missing of a figure."""

    def refusal(self, name: str, stage: StageKey) -> Refused | None:
        """Return why a figure cannot be worked out, if it cannot."""

    def in_group(self, month: int, as_of: int, group: object) -> Sequence[StageKey]:
        """Return the stages of a group."""


class PoolNodes:
    """Writes what a sheet reads of pools."""

    def __init__(
        self,
        sheet: Sheet,
        groups: Mapping[str, Sheet],
        pools: Mapping[str, Sheet],
        plan: CheckedPlan,
        book: NodeBook,
    ) -> None:
        self._sheet = sheet
        self._groups = groups
        self._pools = pools
        self._plan = plan
        self._book = book

    def _pool_stage(self, pool: Pool, stage: StageKey) -> StageKey:
        """Return the stage of the pool of a payee's group."""
        group = self._sheet.known(group_name(pool.among), stage)
        return self._pools[pool.name].in_group(stage.month, stage.as_of, group)[0]

    def _steps(self, pool: Pool) -> StepNodes:
        sheet = self._pools[pool.name]
        words = sheet.words[pool_figure(pool.name)]
        return StepNodes(f"pool_{pool.name}", pool.steps, sheet.rows, words, self._book)

    def _key(self, pool: Pool, stage: StageKey) -> tuple[str, ...]:
        """Return what tells the nodes of a pool's stage from others, after its name."""
        subject, period, restated = self._pools[pool.name].key(stage)
        return (*(() if subject == PLAN else (subject,)), period, restated)

    def amount(self, pool: Pool, stage: StageKey) -> UUID:
        """Return the node of what is in the pool of a payee's group."""
        own = self._pool_stage(pool, stage)
        return self._stepped(pool, own, None)

    def _stepped(self, pool: Pool, own: StageKey, until: int | None) -> UUID:
        sheet, key = self._pools[pool.name], ("pool", pool.name, *self._key(pool, own))
        exact = sheet.value(amount_name(pool.name), own) or Fraction(0)
        rounded = round_units(exact, self._book.places)
        first = self._book.node(
            *key,
            "amount",
            kind="pool_amount",
            value=self._book.money(rounded),
            unit="money",
            operation="formula",
            payee_id=None,
            detail={
                **formula_detail(pool.amount),
                "rounding": "half_up",
                "places": self._book.places,
            },
            children=input_nodes(pool.amount, sheet.at(own), self._book),
        )
        place = sheet.row(own)
        return self._steps(pool).after(first, place, key, None, sheet.at(own), until=until)

    def _amount_refusal(self, pool: Pool, stage: StageKey) -> Refused:
        own, sheet, steps = self._pool_stage(pool, stage), self._pools[pool.name], self._steps(pool)
        missing = steps.missing(sheet.row(own))
        if missing is None:
            raise LookupError(f"{pool.name} has an amount in {sheet.period(own)}")
        where, name = missing
        if where == AMOUNT:
            return sheet.refusal(name, own) or unknown(name, pool.amount.text)
        before = self._stepped(pool, own, int(where))
        return steps.refusal(sheet.row(own), sheet.at(own), before)

    def refusal(self, component: str, pool: Pool, stage: StageKey) -> Refused | None:
        """Return why a payee has no share, if that is so."""
        why = self._sheet.why(share_name(component), stage)
        if why is None:
            return None
        payee, month = self._sheet.payee(stage), self._sheet.period(stage)
        if why == NOT_A_MEMBER:
            return Refused(
                because("not_in_population", payee=payee, figure=pool.name, month=month),
                "Ask only for payees of the population",
            )
        if why == NO_GROUP:
            return Refused(
                because("group_unknown", payee=payee, population=pool.among, month=month),
                "Record what those of a group have in common, or ask only where it is known",
            )
        if why == NO_AMOUNT:
            return self._amount_refusal(pool, stage)
        if why == NO_WEIGHT:
            reason = because("pool_no_weight", pool=pool.name, month=month)
            return Refused(reason, "Give some payee a weight").after(self.amount(pool, stage))
        member = stage._replace(payee_no=why)
        return self._groups[pool.among].refusal(weight_name(pool.name), member)

    def share(self, pool: Pool, stage: StageKey) -> UUID:
        """Return the node of a payee's share, by the weights of all members."""
        own, inner = self._pool_stage(pool, stage), self._groups[pool.among]
        weight = weight_name(pool.name)
        group = self._sheet.known(group_name(pool.among), stage)
        members = inner.in_group(stage.month, stage.as_of, group)
        weights = [inner.value(weight, each) or Fraction(0) for each in members]
        units = self._pools[pool.name].known("pool_units", own)
        total = units if isinstance(units, int) else 0
        parts = split_units(total, weights)
        key, index = (pool.name, "shares", *self._key(pool, own)), members.index(stage)
        nodes = [inner.node(weight, each) for each in members]
        spread = self._book.node(
            "pool",
            *key,
            kind=spread_kind("pool_shared", weights),
            value=self._book.money(total),
            unit="money",
            operation="spread",
            detail={
                "clause": pool.path,
                "parts": [self._book.money(part) for part in parts],
                "places": self._book.places,
            },
            children=(self.amount(pool, stage), *nodes),
        )
        return self._book.node(
            "pool part",
            *key,
            self._sheet.payee(stage),
            kind="pool_part",
            value=self._book.money(parts[index]),
            unit="money",
            operation="part",
            payee_id=self._sheet.payee(stage),
            detail={"index": index},
            children=(spread, nodes[index]),
        )
