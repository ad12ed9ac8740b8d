"""What the places of a rank are paid, on the sheet of a component."""

from calc_engine.engine.ir import Expression
from calc_engine.engine.lowering.cells.groups import Sheet
from calc_engine.engine.lowering.cells.ranked import rank_figures
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.lowered import Gap, Lowered, Value
from calc_engine.engine.lowering.stepping import kept
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import is_unknown
from premia_plan.checked import Rank, RankPay
from premia_plan.language import read_expression

_WAYS = {"best shared": "best", "worst shared": "worst", "average pay": "average"}


def way_of(rule: Rank) -> str:
    """Return how a rank tells those apart who have the same figure."""
    return _WAYS.get(str(rule.ties), "next")


def paid_places(rule: Rank) -> tuple[str, str]:
    """Return under which names the first and the last place of a payee's tie are."""
    if rule.ties == "average pay":
        return f"{rule.name} best", f"{rule.name} worst"
    return rule.name, rule.name


def rank_pay(sheet: Sheet, component: str, pay: RankPay) -> Lowered:
    """Return what a payee's places are paid on average, written down as `<name>_rank_pay`."""
    # Loads the reference engine, which plans without ranks do not need.
    from premia_plan.reference.ranks import pay_of_places  # noqa: PLC0415

    rule = sheet.context.plan.ranks[pay.rank]
    names = paid_places(rule)
    if rule.ties == "average pay":
        best, worst = rank_figures(sheet, rule, dict(zip(names, ("best", "worst"), strict=True)))
    else:
        found = sheet.value(rule.name)
        if not isinstance(found, Ratio):
            raise NotLowered("places that are no numbers")
        best = worst = found
    formula = read_expression(pay_of_places(pay, sheet.context.plan.currency))
    amount = lower(formula, _Between(best, worst)).number
    gaps = tuple(
        Gap(is_unknown(place.numerator), name, stops=True)
        for name, place in zip(names, (best, worst), strict=True)
    )
    return Lowered(kept(sheet, f"{component}_rank_pay", amount), gaps, is_clean=False)


class _Between:
    """The names in the formula of the average pay of places."""

    def __init__(self, best: Ratio, worst: Ratio) -> None:
        self._values: dict[str, Value] = {"best": best, "worst": worst}

    def value(self, name: str) -> Value:
        """Return the first or the last place."""
        return self._values[name]

    def day_reached(self, state: str) -> Expression:
        """Places reach no states.

        Raises:
            NotLowered: always, since no place asks.
        """
        raise NotLowered(f"places that ask for {state}")
