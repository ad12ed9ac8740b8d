"""The nodes of what shares divide: deals, caps on them, shares of every kind, overlays."""

from collections.abc import Sequence
from fractions import Fraction
from uuid import UUID

from calc_engine.engine.lowering.shares import EXACT
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.order_leaves import OrderLeaves
from calc_engine.engine.trace.rows import Rows
from premia_plan.apportion import round_units
from premia_plan.checked import CheckedPlan, DirectCredit, OverlayCredit, Share
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.dividing import shared_detail
from premia_plan.reference.figure import formula_detail, free_name
from premia_plan.results import Detail

WHOLE, NOTHING = Fraction(1), Fraction(0)


class DealNodes:
    """Writes the nodes of the amounts that credits are shares of."""

    def __init__(self, plan: CheckedPlan, leaves: OrderLeaves, book: NodeBook) -> None:
        self._plan = plan
        self._leaves = leaves
        self._book = book

    def ratios(self, rule: DirectCredit, order_no: int, applied: Sequence[int]) -> list[Fraction]:
        """Return what each of the shares takes that apply to an order."""
        shares = [rule.shares[place] for place in applied]
        known = [self._known(share, order_no) for share in shares]
        left = WHOLE - sum((ratio for ratio in known if ratio is not None), NOTHING)
        taken = sum((_weight(share) for share in shares), NOTHING)
        return [
            left * _weight(share) / taken if ratio is None else ratio
            for share, ratio in zip(shares, known, strict=True)
        ]

    def applied(self, rule: DirectCredit, order_no: int) -> list[int]:
        """Return the places of the shares that apply to an order."""
        scope = self._leaves.scope(order_no)
        shares = enumerate(rule.shares)
        return [place for place, each in shares if each.when is None or each.when.evaluate(scope)]

    def _known(self, share: Share, order_no: int) -> Fraction | None:
        if share.value is None:
            return share.ratio
        found = share.value.evaluate(self._leaves.scope(order_no))
        return found if isinstance(found, Fraction) else NOTHING

    def shared(
        self, rule: DirectCredit, order_no: int, rows: Rows, at: int, total: Fraction
    ) -> UUID:
        """Return the node of what all shares of a deal take together."""
        deal = self.deal(rule, order_no, rows, at)
        if total in {WHOLE, NOTHING}:
            return deal
        book, order_id = self._book, self._leaves.order(order_no).order_id
        units = round_units(self.amount(rule, order_no, rows, at) * total, book.places)
        return book.node(
            "shared",
            rule.name,
            order_id,
            exact_text(total),
            kind="shared_amount",
            value=book.money(units),
            unit=Unit.MONEY.value,
            operation="formula",
            detail=shared_detail(rule, total, book.places),
            children=(deal,),
        )

    def amount(self, rule: DirectCredit, order_no: int, rows: Rows, at: int) -> Fraction:
        """Return the exact amount of a deal that its shares divide."""
        whole = self._whole(rule, order_no, rows, at)
        return whole if rule.cap is None else _exact(rows, at, EXACT[2:])

    def _whole(self, rule: DirectCredit, order_no: int, rows: Rows, at: int) -> Fraction:
        """Return the exact amount of a deal before its cap."""
        if EXACT[0] in rows:
            return _exact(rows, at, EXACT[:2])
        found = self._leaves.value(order_no, rule.amount.names[0])
        return found if isinstance(found, Fraction) else NOTHING

    def deal(self, rule: DirectCredit, order_no: int, rows: Rows, at: int) -> UUID:
        """Return the node of a deal's amount, as its cap leaves it."""
        base = self._base(rule, order_no, rows, at)
        limited = self.amount(rule, order_no, rows, at)
        if rule.cap is None or limited == self._whole(rule, order_no, rows, at):
            return base
        book, limit, amount = self._book, rule.cap.limit, free_name(rule.cap.limit)
        most = f"max(0, {limit.text})"
        return book.node(
            "capped deal",
            self._named(rule),
            self._leaves.order(order_no).order_id,
            kind="capped_deal",
            value=book.text(limited, Unit.MONEY),
            unit=Unit.MONEY.value,
            operation="formula",
            detail={
                "clause": rule.cap.path,
                "formula": f"min({amount}, {most})" if limited >= 0 else f"max({amount}, -{most})",
                "inputs": (amount, *limit.inputs),
            },
            children=(base, *self._inputs(order_no, limit.inputs)),
        )

    def _base(self, rule: DirectCredit, order_no: int, rows: Rows, at: int) -> UUID:
        if rule.amount.is_bare_name:
            return self._leaves.value_node(order_no, rule.amount.names[0])
        return self._book.node(
            "base",
            self._named(rule),
            self._leaves.order(order_no).order_id,
            kind="credited_amount",
            value=self._book.text(self._whole(rule, order_no, rows, at), Unit.MONEY),
            unit="money",
            operation="formula",
            detail=formula_detail(rule.amount),
            children=self._inputs(order_no, rule.amount.inputs),
        )

    def _named(self, rule: DirectCredit) -> str:
        """Return the rule that a deal is of: an overlay is on the deals of another."""
        found = self._plan.credits[rule.name]
        return found.of if isinstance(found, OverlayCredit) else rule.name

    def _inputs(self, order_no: int, names: Sequence[str]) -> tuple[UUID, ...]:
        return tuple(self._leaves.input_node(order_no, name) for name in names)

    def value_nodes(self, share: Share, order_no: int) -> tuple[UUID, ...]:
        """Return the node of what the formula of a share gives; none where it has none."""
        formula = share.value
        if formula is None:
            return ()
        if formula.is_bare_name:
            return (self._leaves.value_node(order_no, formula.names[0]),)
        ratio = self._known(share, order_no) or NOTHING
        return (
            self._book.node(
                "share value",
                self._leaves.order(order_no).order_id,
                share.path,
                kind="share_value",
                value=self._book.text(ratio, Unit.RATE),
                unit=Unit.RATE.value,
                operation="formula",
                detail=formula_detail(formula),
                children=self._inputs(order_no, formula.inputs),
            ),
        )

    def alone(self, share: Share, order_no: int, deal: UUID) -> tuple[UUID, ...]:
        """Return what a share rests on that is rounded for itself."""
        inputs = () if share.value is None else share.value.inputs
        return (deal, *self._inputs(order_no, inputs))


def alone_detail(share: Share, ratios: list[str], index: int, places: int) -> dict[str, Detail]:
    """Return the detail of a share that is a part of the exact amount, rounded for itself."""
    value = share.value
    return {
        "clause": share.path,
        "ratios": ratios,
        "index": index,
        "formula": f"amount * {ratios[index]}" if value is None else f"amount * ({value.text})",
        "inputs": ("amount",) if value is None else ("amount", *value.inputs),
        "rounding": "half_up",
        "places": places,
    }


def _exact(rows: Rows, at: int, columns: Sequence[str]) -> Fraction:
    numerator, denominator = (rows[column][at] for column in columns)
    return Fraction(numerator, denominator)


def _weight(share: Share) -> Fraction:
    """Return the weight by which a share divides what is left; the rest is one of weight 1."""
    if share.weight is not None:
        return share.weight
    return WHOLE if share.is_rest else NOTHING
