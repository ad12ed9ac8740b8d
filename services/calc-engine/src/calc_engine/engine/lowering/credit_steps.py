"""Components on credits whose steps do more than round: conditions, factors, floors and caps."""

from dataclasses import dataclass

from calc_engine.engine.ir import Column, Expression, Kind, Relation, columns_of
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.lowered import Lowered, RowScope
from calc_engine.engine.lowering.stepping import Steps, keep, kept
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import (
    FALSE,
    TRUE,
    case,
    compare,
    whole,
)
from premia_plan.checked import CapStep, CreditComponent, LimitStep, RoundStep

FIRST = "first"
"""The column of an amount that is rounded before any other step, after the component's name."""


@dataclass(slots=True)
class _CreditSheet:
    context: Context
    name: str
    relation: Relation
    _cuts: int = 0

    def cut(self) -> None:
        self._cuts += 1
        name = f"stepped_{self.name}_{self._cuts}"
        self.relation = self.context.program.name(name, self.relation)


@dataclass(frozen=True, slots=True)
class Stepped:
    """Credits with what a component gives after its steps.

    `refused` is the place in `words` of what is missing. `asked` says whether the amount was asked.
    """

    relation: Relation
    pay: Ratio
    refused: Expression
    words: tuple[str, ...]
    asked: Expression


def only_rounds(component: CreditComponent) -> bool:
    """Say whether a component rounds its amount to the cent, and does nothing else to it."""
    return all(isinstance(step, RoundStep) and step.is_plain for step in component.steps) and (
        len(component.steps) == 1
    )


def stepped(
    context: Context,
    component: CreditComponent,
    credits: Relation,
    amount: Lowered,
    scope: RowScope,
) -> Stepped:
    """Return the amounts after all steps.

    Raises:
        NotLowered: if there is a step that is not lowered.
    """
    sheet, name = _CreditSheet(context, component.name, credits), component.name
    steps, places = component.steps, context.places
    if component.rounds_at_once:
        units = amount.number.rounded(places)
        most = min(amount.number.most_rounded(places), 1 << 62)
        first = kept(sheet, f"{name}_{FIRST}", Ratio.scaled(units, int(10**places), most))
        amount = Lowered(first, amount.missing, is_clean=False)
        steps = steps[1:]
    is_negative = _is_negative(component, credits)
    applied = Steps(sheet, name, steps, scope, places, is_negative)
    pay = applied.apply(amount)
    asked: Expression = TRUE
    if applied.asked_first is not None:
        asked = Column(f"{name}_asked", Kind.BOOL)
    refused = Column(f"{name}_why", Kind.WHOLE)
    keep(sheet, refused=refused)
    return Stepped(sheet.relation, pay, Column("refused", Kind.WHOLE), applied.words, asked)


def _is_negative(component: CreditComponent, credits: Relation) -> Expression:
    """Return whether a credit is of a negative deal; false where no step asks."""
    if not any(isinstance(step, (CapStep, LimitStep)) for step in component.steps):
        return FALSE
    if "amount" not in columns_of(credits):
        raise NotLowered("limits on credits of something else than the order's amount")
    units, amount = Column("units", Kind.WHOLE), Column("amount", Kind.WHOLE)
    own = compare("<", units, whole(0))
    return case([(compare("!=", units, whole(0)), own)], compare("<", amount, whole(0)))


def trace_columns(component: CreditComponent, relation: Relation) -> list[str]:
    """Return the columns that explain the steps of a component."""
    if only_rounds(component):
        return []
    return [name for name in columns_of(relation) if name.startswith(f"{component.name}_")]
