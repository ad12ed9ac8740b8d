"""The nodes of steps of any kind, over credits or over cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol
from uuid import UUID

from calc_engine.engine.lowering.cells.sheet import FLOOR_DAYS, FLOOR_OF_DAYS
from calc_engine.engine.lowering.stepping import AMOUNT, ASKED
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.refused import Refused, unknown
from calc_engine.engine.trace.rows import Rows
from premia_plan.checked import CapStep, GateStep, LimitStep, MultiplyStep, RoundStep, Step
from premia_plan.language import Formula
from premia_plan.quantities import Unit, exact_text


class Inputs(Protocol):
    """Where the nodes of what a formula reads are found."""

    def node(self, name: str) -> UUID | None:
        """Return the node of a value; None where it cannot be worked out."""

    def refusal(self, name: str) -> Refused | None:
        """Return why a value cannot be worked out, if it cannot and that ends it all."""


def input_nodes(formula: Formula, inputs: Inputs, book: NodeBook) -> tuple[UUID, ...]:
    """Return the nodes of what a formula reads, in the order it is written."""
    return tuple(input_node(name, formula, inputs, book) for name in formula.inputs)


def input_node(name: str, formula: Formula, inputs: Inputs, book: NodeBook) -> UUID:
    """Return the node of one input; of one that cannot be worked out, that it was not asked."""
    return inputs.node(name) or not_asked(name, formula.path, book)


def not_asked(name: str, path: str, book: NodeBook) -> UUID:
    """Return the leaf of a value that a clause names and did not need."""
    return book.node(
        "not asked",
        path,
        name,
        kind="not_asked",
        value="",
        unit=Unit.TEXT.value,
        detail={"clause": path, "name": name},
    )


def free_name(*formulas: Formula) -> str:
    """Return a name for the amount that no formula uses."""
    taken = {name for formula in formulas for name in formula.inputs}
    name = AMOUNT
    while name in taken:
        name += "_"
    return name


def number_at(rows: Rows, place: int, column: str) -> Fraction | None:
    """Return the number that two columns of a row hold; None where it is unknown."""
    numerator = rows[column][place]
    if numerator is None:
        return None
    return Fraction(int(numerator), int(rows[f"{column}_below"][place]))


@dataclass(frozen=True, slots=True)
class StepNodes:
    """Writes the nodes of one component's steps from the columns that the lowering kept."""

    name: str
    steps: Sequence[Step]
    rows: Rows
    words: tuple[str, ...]
    book: NodeBook

    def missing(self, place: int) -> tuple[str, str] | None:
        """Return where something was missing, and its name; None if all was there."""
        why = self.rows[f"{self.name}_why"][place]
        if why is None:
            return None
        where, _, name = self.words[why].partition("|")
        return where, name

    def is_unasked(self, place: int) -> bool:
        """Say whether a condition that is asked first did not hold."""
        column = f"{self.name}_asked"
        return column in self.rows and self.rows[column][place] is False

    def unasked(self, key: tuple[str, ...], payee_id: str | None, inputs: Inputs) -> UUID:
        """Return the node of nothing, because a condition asked first does not hold.

        Raises:
            TypeError: if there is no such condition.
        """
        step = self.steps[0]
        if not isinstance(step, GateStep):
            raise TypeError(f"{self.name} asks for no condition first")
        condition = step.condition
        amount = free_name(condition)
        return self.book.node(
            "step",
            *key,
            "0",
            kind="condition_not_met",
            value=self.book.money(0),
            unit="money",
            operation="formula",
            payee_id=payee_id,
            detail={
                "clause": step.path,
                "condition": condition.text,
                "formula": f"if {condition.text} then {amount} else 0",
                "inputs": [*condition.inputs, amount],
            },
            children=(
                *input_nodes(condition, inputs, self.book),
                not_asked(AMOUNT, step.path, self.book),
            ),
        )

    def after(
        self,
        amount: UUID,
        place: int,
        key: tuple[str, ...],
        payee_id: str | None,
        inputs: Inputs,
        *,
        until: int | None = None,
    ) -> UUID:
        """Return the node of the amount after all steps, or after those before one."""
        node_id = amount
        for index in range(len(self.steps) if until is None else until):
            node_id = self._step(index, place, node_id, (*key, str(index)), payee_id, inputs)
        return node_id

    def refusal(self, place: int, inputs: Inputs, after: UUID) -> Refused:
        """Return why a step could not be taken; `after` is the node of the steps before it.

        Raises:
            LookupError: if every step could be taken.
        """
        found = self.missing(place)
        if found is None or found[0] in {AMOUNT, ASKED}:
            raise LookupError(f"no step of {self.name} misses anything")
        where, name = found
        refused = inputs.refusal(name)
        if refused is None:
            refused = unknown(name, self._formula_text(self.steps[int(where)]))
        return refused.after(after)

    @staticmethod
    def _formula_text(step: Step) -> str:
        match step:
            case MultiplyStep():
                return step.factor.text
            case LimitStep():
                return step.limit.text
            case GateStep():
                given = step.instead or step.factor
                return "" if given is None else given.text
        return ""

    def _step(  # noqa: PLR0911, PLR0917 - one per kind of step
        self,
        index: int,
        place: int,
        node_id: UUID,
        key: tuple[str, ...],
        payee_id: str | None,
        inputs: Inputs,
    ) -> UUID:
        step, rows = self.steps[index], self.rows
        value = number_at(rows, place, f"{self.name}_x{index}") or Fraction(0)
        about = _About(key, payee_id, inputs, node_id, value)
        match step:
            case RoundStep():
                return self._round(step, about)
            case MultiplyStep():
                amount = free_name(step.factor)
                text = f"{amount} * ({step.factor.text})"
                return self._worked_out(text, (step.path, "multiplied"), about, step.factor)
            case GateStep() if rows[f"{self.name}_m{index}"][place]:
                return self._gate(step, about, passed=rows[f"{self.name}_p{index}"][place])
            case CapStep() | LimitStep() if not rows[f"{self.name}_m{index}"][place]:
                return node_id
            case CapStep() | LimitStep() if self._is_mirrored(index, place):
                return self._mirrored(step, about, place)
            case CapStep():
                return self.book.node(
                    "step",
                    *key,
                    kind="cap",
                    value=exact_text(step.limit),
                    unit="money",
                    operation="cap",
                    payee_id=payee_id,
                    detail={"clause": step.path, "limit": exact_text(step.limit)},
                    children=(node_id,),
                )
            case LimitStep():
                function = "min" if step.kind == "cap" else "max"
                text = f"{function}({free_name(step.limit)}, {self._limit(step, index, place)})"
                return self._worked_out(text, (step.path, step.kind), about, step.limit)
        return node_id

    def _limit(self, step: LimitStep, index: int, place: int) -> str:
        """Return a limit as its step applies it: a floor for the days in the plan."""
        rows, in_part = self.rows, f"{self.name}_g{index}"
        if in_part not in rows or not rows[in_part][place]:
            return step.limit.text
        days, of_days = rows[FLOOR_DAYS][place], rows[FLOOR_OF_DAYS][place]
        return f"({step.limit.text}) * {days} / {of_days}"

    def _is_mirrored(self, index: int, place: int) -> bool:
        column = f"{self.name}_n{index}"
        return column in self.rows and bool(self.rows[column][place])

    def _mirrored(self, step: CapStep | LimitStep, about: "_About", place: int) -> UUID:
        """Write the node of a negative amount that was limited as its mirror."""
        if isinstance(step, CapStep):
            text = f"-min(-{AMOUNT}, {exact_text(step.limit)})"
            return self._worked_out(text, (step.path, "cap"), about)
        function = "min" if step.kind == "cap" else "max"
        limit = step.limit.text
        if self.rows[f"{self.name}_l{self.steps.index(step)}"][place]:
            limit = f"abs({limit})"
        text = f"-{function}(-{free_name(step.limit)}, {limit})"
        return self._worked_out(text, (step.path, step.kind), about, step.limit)

    def _round(self, step: RoundStep, about: "_About") -> UUID:
        if not step.is_plain:
            to = Fraction(1, 10**self.book.places) if step.to is None else step.to
            text = f"round({AMOUNT}, to: {exact_text(to)}, {step.mode})"
            return self._worked_out(text, (step.path, "rounded"), about)
        return self.book.node(
            "step",
            *about.key,
            kind="rounded",
            value=self.book.text(about.value, Unit.MONEY),
            unit="money",
            operation="round",
            payee_id=about.payee_id,
            detail={"clause": step.path, "rounding": "half_up", "places": self.book.places},
            children=(about.before,),
        )

    def _gate(self, step: GateStep, about: "_About", *, passed: bool) -> UUID:
        given = step.instead if step.instead is not None else step.factor
        if not passed and given is not None:
            amount = free_name(step.condition, given)
            other = f"({given.text})"
            if step.instead is None:
                other = f"{amount} * ({given.text})"
            text = f"if {step.condition.text} then {amount} else {other}"
            return self._worked_out(text, (step.path, "gate"), about, step.condition, given)
        return self.book.node(
            "step",
            *about.key,
            kind="gate",
            value=self.book.text(about.value, Unit.MONEY),
            unit="money",
            operation="gate",
            payee_id=about.payee_id,
            detail={
                "clause": step.path,
                "formula": step.condition.text,
                "inputs": step.condition.inputs,
                "otherwise": exact_text(step.otherwise),
                "passed": passed,
            },
            children=(about.before, *input_nodes(step.condition, about.inputs, self.book)),
        )

    def _worked_out(
        self, text: str, where: tuple[str, str], about: "_About", *formulas: Formula
    ) -> UUID:
        path, kind = where
        nodes = {
            name: input_node(name, formula, about.inputs, self.book)
            for formula in formulas
            for name in formula.inputs
        }
        return self.book.node(
            "step",
            *about.key,
            kind=f"{kind}_worked_out" if kind in {"gate", "cap", "floor"} else kind,
            value=self.book.text(about.value, Unit.MONEY),
            unit="money",
            operation="formula",
            payee_id=about.payee_id,
            detail={"clause": path, "formula": text, "inputs": [free_name(*formulas), *nodes]},
            children=(about.before, *nodes.values()),
        )


@dataclass(frozen=True, slots=True)
class _About:
    """What the node of a step is written from."""

    key: tuple[str, ...]
    payee_id: str | None
    inputs: Inputs
    before: UUID
    value: Fraction
