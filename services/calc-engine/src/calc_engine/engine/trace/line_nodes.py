"""The nodes right below lines: release shares and what a storno takes, and credits' earnings."""

from collections.abc import Mapping
from fractions import Fraction
from uuid import UUID

from calc_engine.engine.lowering.credit_steps import FIRST, only_rounds
from calc_engine.engine.lowering.stepping import AMOUNT, ASKED
from calc_engine.engine.slots import Slot, ratio_texts, slots
from calc_engine.engine.trace.credit_nodes import CreditKey, CreditNodes
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.order_leaves import OrderLeaves
from calc_engine.engine.trace.refused import Refused, unknown
from calc_engine.engine.trace.rows import Rows
from calc_engine.engine.trace.step_nodes import StepNodes, input_nodes, number_at
from calc_engine.engine.trace.taking_nodes import TakingNodes
from premia_plan.checked import CheckedPlan, CreditComponent, TakeBack
from premia_plan.quantities import Unit, exact_text
from premia_plan.reasons import unknown_value
from premia_plan.reference.figure import formula_detail
from premia_plan.results import Detail


class EarningNodes:
    """Writes the nodes of what a component earns on credits."""

    def __init__(
        self,
        *,
        plan: CheckedPlan,
        component: CreditComponent,
        earned: Rows,
        words: tuple[str, ...],
        credits: CreditNodes,
        book: NodeBook,
    ) -> None:
        self._plan = plan
        self._component = component
        self._earned = earned
        self._words = words
        self._credits = credits
        self._book = book
        self._at = earned.by("order_no", "place", "level")
        self._detail: Mapping[str, Detail] = {
            **formula_detail(component.amount),
            "rounding": "half_up",
            "places": book.places,
        }
        self._plain: Mapping[str, Detail] = formula_detail(component.amount)

    def missing(self, key: CreditKey) -> str | None:
        """Return the name of the first input that was missing, if one was."""
        place: int | None = self._earned["refused"][self._at[key[1:]]]
        if place is None:
            return None
        return self._words[place].rpartition("|")[2]

    def unrated(self, key: CreditKey) -> str:
        """Return the first table that gave nothing to a credit.

        Raises:
            LookupError: if every table gave something.
        """
        at = self._at[key[1:]]
        for name in self._component.amount.names:
            if name in self._plan.tables and self._earned[f"row_{name}"][at] is None:
                return name
        raise LookupError("every rate was found")

    def node(self, key: CreditKey) -> UUID:
        """Return the node of what a credit earned, or of why nothing could be calculated."""
        missing = self.missing(key)
        if missing is not None:
            return self._refused(key, missing)
        if only_rounds(self._component):
            return self._amount(key, self._earned["earned_units"][self._at[key[1:]]])
        return self._stepped(key, None)

    def _refused(self, key: CreditKey, missing: str) -> UUID:
        code = "rate_missing" if missing in self._plan.tables else unknown_value(missing).code
        reached = self._reached(key)
        return self._book.node(
            "earning" if reached is None else "refused earning",
            self._component.name,
            self._credits.credit_id(key),
            kind="not_calculated",
            value=self._book.money(0),
            unit="money",
            operation="nothing",
            payee_id=self._credits.payee(key),
            detail={"clause": self._component.amount.path, "reason": code},
            children=(reached or self._credits.node(key),),
        )

    def _reached(self, key: CreditKey) -> UUID | None:
        """Return the step that was the last one before what was missing; None before all steps."""
        if not only_rounds(self._component):
            where, _ = self._steps().missing(self._at[key[1:]]) or (AMOUNT, "")
            if where not in {AMOUNT, ASKED}:
                return self._stepped(key, int(where))
        return None

    def _steps(self) -> StepNodes:
        component = self._component
        steps = component.steps[1:] if component.rounds_at_once else component.steps
        return StepNodes(component.name, steps, self._earned, self._words, self._book)

    def _stepped(self, key: CreditKey, until: int | None) -> UUID:
        """Return the node of the amount after its steps, or after those before one."""
        steps, at, payee_id = self._steps(), self._at[key[1:]], self._credits.payee(key)
        own = (self._component.name, self._credits.credit_id(key))
        inputs = _CreditInputs(self, key)
        amount = (
            steps.unasked(own, payee_id, inputs)
            if steps.is_unasked(at)
            else self._amount_before(key, at)
        )
        return steps.after(amount, at, own, payee_id, inputs, until=until)

    def _amount_before(self, key: CreditKey, at: int) -> UUID:
        """Return the node of the amount before its steps."""
        component = self._component
        if component.rounds_at_once:
            first = number_at(self._earned, at, f"{component.name}_{FIRST}") or Fraction(0)
            return self._amount(key, int(first * 10**self._book.places))
        if component.amount.is_bare_name:
            return self.input(key, component.amount.names[0]) or self._credits.node(key)
        value = number_at(self._earned, at, f"{component.name}_x") or Fraction(0)
        return self._formula(key, self._book.text(value, Unit.MONEY), self._plain)

    def _amount(self, key: CreditKey, units: int) -> UUID:
        return self._formula(key, self._book.money(units), self._detail)

    def _formula(self, key: CreditKey, value: str, detail: Mapping[str, Detail]) -> UUID:
        amount = self._component.amount
        return self._book.node(
            "earning",
            self._component.name,
            self._credits.credit_id(key),
            kind="earning",
            value=value,
            unit="money",
            operation="formula",
            payee_id=self._credits.payee(key),
            detail=detail,
            children=input_nodes(amount, _CreditInputs(self, key), self._book),
        )

    def input(self, key: CreditKey, name: str) -> UUID | None:
        """Return the node of a value that a formula reads; None for a rate that is missing."""
        table = self._plan.tables.get(name)
        if table is None:
            return self._credits.input_node(key, name)
        row = self._earned[f"row_{name}"][self._at[key[1:]]]
        if row is None and table.missing == "exception":
            return None
        return self._credits.rate_node(key, table, row)


class _CreditInputs:
    """What formulas about one credit read."""

    def __init__(self, nodes: EarningNodes, key: CreditKey) -> None:
        self._nodes = nodes
        self._key = key

    def node(self, name: str) -> UUID | None:
        """Return the node of a value; None where it cannot be worked out."""
        return self._nodes.input(self._key, name)

    def refusal(self, name: str) -> Refused | None:
        """Return why a value cannot be worked out; a credit's reasons are told by its line."""
        return None if self.node(name) is not None else unknown(name, "")


class ShareNodes:
    """Writes the nodes of release shares, and of what is taken back of them."""

    def __init__(
        self, plan: CheckedPlan, credits: CreditNodes, leaves: OrderLeaves, book: NodeBook
    ) -> None:
        self._plan = plan
        self._credits = credits
        self._leaves = leaves
        self._book = book
        self._taking = TakingNodes(plan, credits, leaves, book)

    def share(
        self,
        component: str,
        key: CreditKey,
        earning: UUID,
        *,
        competence: str,
        index: int,
        units: int,
        kind: str,
        falls_short: bool = False,
    ) -> UUID:
        """Return the node of one share; `competence` is empty for what no period's close pays.

        One that `falls_short` is held or dropped because its condition did not hold when due.
        """
        planned = slots(self._plan.release[component])[index]
        because: tuple[UUID, ...] = ()
        if kind == "release":
            because = self._due_by(key[1], planned)
        elif falls_short and planned.share.proviso is not None:
            names = planned.share.proviso.condition.inputs
            because = tuple(self._leaves.input_node(key[1], name) for name in names)
        elif kind in {"release_void", "dropped"}:
            because = (self._leaves.reversal_node(key[1]),)
        return self._share(
            (component, self._credits.credit_id(key), competence),
            earning,
            because,
            index=index,
            units=units,
            kind=kind,
            payee_id=self._credits.payee(key),
        )

    def _due_by(self, order_no: int, planned: Slot) -> tuple[UUID, ...]:
        """Return the nodes of what the day of a share follows from."""
        state, formula = planned.state, planned.formula
        states = () if state is None else (self._leaves.state_node(order_no, state),)
        names = () if formula is None else formula.inputs
        return (*states, *(self._leaves.input_node(order_no, name) for name in names))

    def whole_share(
        self,
        component: str,
        whose: str,
        earning: UUID,
        *,
        competence: str,
        index: int,
        units: int,
        kind: str,
        payee_id: str,
    ) -> UUID:
        """Return the node of one share of what a payee gets for a whole period."""
        return self._share(
            (component, whose, competence),
            earning,
            (),
            index=index,
            units=units,
            kind=kind,
            payee_id=payee_id,
        )

    def _share(
        self,
        key: tuple[str, str, str],
        earning: UUID,
        because: tuple[UUID, ...],
        *,
        index: int,
        units: int,
        kind: str,
        payee_id: str | None,
    ) -> UUID:
        schedule = slots(self._plan.release[key[0]])
        planned = schedule[index]
        return self._book.node(
            "share",
            *key,
            str(index),
            kind=kind,
            value=self._book.money(units),
            unit="money",
            operation="share",
            payee_id=payee_id,
            detail={
                "clause": planned.share.path,
                "shares": ratio_texts(schedule),
                "index": index,
                "at": planned.moment,
                "places": self._book.places,
            },
            children=(earning, *because),
        )

    def taken_back(
        self,
        component: str,
        key: CreditKey,
        released: UUID,
        *,
        competence: str,
        index: int,
        units: int,
    ) -> UUID:
        """Return the node of what a storno takes of a share."""
        storno = self._plan.storno
        effect = None if storno is None else storno.effect.get(component)
        if not isinstance(effect, TakeBack):
            raise TypeError(f"no storno takes a part of {component}")
        part = self._taking.part(component, key, effect.takes)
        return self._book.node(
            "take back",
            component,
            self._credits.credit_id(key),
            competence,
            str(index),
            kind="reversal",
            value=self._book.money(units),
            unit="money",
            operation="take_back",
            payee_id=self._credits.payee(key),
            detail={
                "clause": effect.path,
                "takes": exact_text(part.ratio),
                "places": self._book.places,
            },
            children=(
                released,
                self._leaves.reversal_node(key[1]),
                *(() if part.node_id is None else (part.node_id,)),
            ),
        )
