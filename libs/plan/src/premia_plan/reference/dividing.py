"""A deal divided among the payees who share in it, or credited to somebody on top."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from uuid import UUID

from premia_plan.apportion import round_units, split_units
from premia_plan.checked import DirectCredit, OverlayCredit, Share
from premia_plan.language import Formula
from premia_plan.quantities import Unit, exact_text
from premia_plan.reference.book import Book
from premia_plan.reference.credit import Credit, Extra
from premia_plan.reference.deals import Deal
from premia_plan.reference.figure import input_nodes, node_of, number_from
from premia_plan.reference.leftover import leftover_detail
from premia_plan.reference.sharing import ratios_of
from premia_plan.reference.standing import Standing
from premia_plan.results import Detail

WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class SharePart:
    """A share that applies to a deal, and what it takes; `index` is its place among those."""

    share: Share
    place: int
    index: int
    ratio: Fraction
    units: int
    ratios: list[str]


class Divider:
    """Makes the credits of a deal."""

    def __init__(self, book: Book, details: dict[tuple[str, ...], Mapping[str, Detail]]) -> None:
        self._book = book
        self._details = details
        self._unit = Fraction(1, 10**book.places)
        self._ratios: dict[tuple[str, ...], tuple[list[Fraction], list[str], Fraction]] = {}

    def shares_of(self, rule: DirectCredit, deal: Deal) -> list[SharePart]:
        """Return what each share takes that applies to a deal.

        Raises:
            NotCalculated: if a share is unknown, or they do not add up as they must.
        """
        shares = [
            (place, share)
            for place, share in enumerate(rule.shares)
            if share.when is None or share.when.evaluate(deal.facts)
        ]
        ratios, texts, total = self._ratios_of(rule, [share for _, share in shares], deal)
        places = self._book.places
        if rule.divides == "each":
            parts = [round_units(deal.amount * ratio, places) for ratio in ratios]
        elif total == 0:
            parts = [0 for _ in ratios]
        else:
            parts = split_units(round_units(deal.amount * total, places), ratios, rule.leftover)
        return [
            SharePart(share, place, index, ratios[index], units, texts)
            for index, ((place, share), units) in enumerate(zip(shares, parts, strict=True))
        ]

    def _ratios_of(
        self, rule: DirectCredit, shares: list[Share], deal: Deal
    ) -> tuple[list[Fraction], list[str], Fraction]:
        """Return what each share that applies takes, also as text, and their sum."""
        key = (rule.name, *(share.path for share in shares))
        found = self._ratios.get(key)
        if found is None:
            ratios = ratios_of(shares, deal.scope, sums_to_all=rule.sums_to_all, rule=rule.name)
            found = ratios, [exact_text(ratio) for ratio in ratios], sum(ratios, Fraction(0))
            if all(share.value is None for share in shares):
                self._ratios[key] = found
        return found

    def overlay_of(self, rule: OverlayCredit, deal: Deal) -> SharePart:
        """Return what an overlay takes of a deal, on top of its shares.

        Raises:
            NotCalculated: if its share is unknown or negative.
        """
        share = rule.share
        (ratio,) = ratios_of([share], deal.scope, sums_to_all=False, rule=rule.name)
        units = round_units(deal.amount * ratio, self._book.places)
        return SharePart(share, 0, 0, ratio, units, [exact_text(ratio)])

    def credit(
        self,
        rule: DirectCredit,
        deal: Deal,
        part: SharePart,
        payee_id: str | None,
        standing: Standing,
    ) -> Credit:
        """Return the credit of a share."""
        credit_id = f"{deal.key}/{rule.name}.{part.place}{deal.suffix}"
        if rule.divides == "each":
            return self._alone(
                deal,
                part,
                credit_id=credit_id,
                payee_id=payee_id,
                standing=standing,
                rule=rule,
            )
        total = sum((Fraction(ratio) for ratio in part.ratios), Fraction(0))
        made_of = deal.made_of
        if total not in {WHOLE, Fraction(0)}:
            made_of = partial(_shared_node, rule, deal, total)
        credit = Credit(
            credit_id,
            deal.facts,
            payee_id,
            0,
            part.units,
            part.units * self._unit,
            standing,
            part.share.path,
            self._split_detail(part, rule),
            made_of,
            operation="nothing" if total == 0 else "split",
            more=None if part.share.value is None else partial(_value_nodes, part.share, deal),
            extras=_extras(deal, part, rule),
            deal=deal.key + deal.suffix,
        )
        if rule.divides == "commission":
            credit.undivided = self._whole(credit, deal)
        return credit

    def overlaid(
        self,
        rule: OverlayCredit,
        deal: Deal,
        part: SharePart,
        payee_id: str | None,
        standing: Standing,
    ) -> Credit:
        """Return the credit of an overlay."""
        credit_id = f"{deal.key}/{rule.name}{deal.suffix}"
        return self._alone(deal, part, credit_id=credit_id, payee_id=payee_id, standing=standing)

    def _alone(
        self,
        deal: Deal,
        part: SharePart,
        *,
        credit_id: str,
        payee_id: str | None,
        standing: Standing,
        rule: DirectCredit | None = None,
    ) -> Credit:
        """Return a credit that is a part of the exact amount, rounded for itself."""
        value = part.share.value
        detail: dict[str, Detail] = {
            "clause": part.share.path,
            "ratios": part.ratios,
            "index": part.index,
            "formula": f"amount * {part.ratios[part.index]}"
            if value is None
            else f"amount * ({value.text})",
            "inputs": ("amount",) if value is None else ("amount", *value.inputs),
            "rounding": "half_up",
            "places": self._book.places,
        }
        return Credit(
            credit_id,
            deal.facts,
            payee_id,
            0,
            part.units,
            part.units * self._unit,
            standing,
            part.share.path,
            detail,
            deal.made_of,
            operation="formula",
            more=None if value is None else partial(_inputs, value, deal),
            extras=_extras(deal, part, rule),
            deal=deal.key + deal.suffix,
        )

    def _whole(self, credit: Credit, deal: Deal) -> Credit:
        """Return the whole deal as a credit of the same payee, on which the pay is worked out."""
        return Credit(
            f"{credit.credit_id}/whole",
            credit.order,
            credit.payee_id,
            0,
            round_units(deal.amount, self._book.places),
            deal.amount,
            credit.standing,
            credit.clause,
            {},
            deal.made_of,
            operation="whole",
            extras=credit.extras,
            deal=credit.deal,
        )

    def _split_detail(self, part: SharePart, rule: DirectCredit) -> Mapping[str, Detail]:
        key = (part.share.path, *part.ratios, str(part.index))
        found = self._details.get(key)
        if found is None:
            found = self._details[key] = {
                "clause": part.share.path,
                "ratios": part.ratios,
                "index": part.index,
                "places": self._book.places,
                **leftover_detail(rule.leftover),
            }
        return found


def _extras(deal: Deal, part: SharePart, rule: DirectCredit | None) -> dict[str, Extra]:
    """Return what the credit has of its deal's year, its share, and its part of the quota."""
    share = partial(_share_node, deal, part)
    found = {**deal.scope.extras, "credit.share": Extra(part.ratio, share)}
    for name, formula in (
        ("credit.quota", None if rule is None else rule.quota),
        ("credit.quantity", None if rule is None else rule.quantity),
    ):
        if formula is not None:
            whole = number_from(formula, deal.scope)
            node: Callable[[], UUID] = partial(_part_node, name, formula, deal, part, whole)
            found[name] = Extra(whole * part.ratio, node)
    return found


def _share_node(deal: Deal, part: SharePart) -> UUID:
    """Return the node of the part that a share takes."""
    if part.share.value is not None:
        return _value_nodes(part.share, deal)[0]
    return deal.facts.book.node(
        "credit share",
        deal.key + deal.suffix,
        part.share.path,
        part.ratios[part.index],
        kind="credit_share",
        value=part.ratios[part.index],
        unit=Unit.RATE.value,
        detail={"clause": part.share.path},
    )


def _value_nodes(share: Share, deal: Deal) -> tuple[UUID, ...]:
    """Return the node of what the formula of a share gives."""
    if share.value is None:
        return ()
    key = ("share value", deal.key + deal.suffix, share.path)
    value = number_from(share.value, deal.scope)
    book = deal.facts.book
    return (
        node_of(share.value, deal.scope, book, value, key=key, kind="share_value", unit=Unit.RATE),
    )


def _inputs(formula: Formula, deal: Deal) -> tuple[UUID, ...]:
    return input_nodes(formula, deal.scope, deal.facts.book)


def _part_node(name: str, formula: Formula, deal: Deal, part: SharePart, whole: Fraction) -> UUID:
    """Return the node of a credit's exact part of a deal's quota or quantity."""
    book, key = deal.facts.book, deal.key + deal.suffix
    whole_node = node_of(
        formula,
        deal.scope,
        book,
        whole,
        key=("whole", name, key, formula.path),
        kind="credited_quantity",
        unit=formula.unit,
    )
    return book.node(
        "part of",
        name,
        key,
        part.share.path,
        kind="credited_part",
        value=book.text(whole * part.ratio, formula.unit),
        unit=formula.unit.value,
        operation="formula",
        detail={
            "clause": formula.path,
            "formula": "whole * share",
            "inputs": ("whole", "share"),
        },
        children=(whole_node, _share_node(deal, part)),
    )


def _shared_node(rule: DirectCredit, deal: Deal, total: Fraction) -> UUID:
    """Return the node of what all shares together take, where it is not the whole amount."""
    book = deal.facts.book
    units = round_units(deal.amount * total, book.places)
    return book.node(
        "shared",
        rule.name,
        deal.key + deal.suffix,
        exact_text(total),
        kind="shared_amount",
        value=book.money(units),
        unit=Unit.MONEY.value,
        operation="formula",
        detail=shared_detail(rule, total, book.places),
        children=(deal.made_of(),),
    )


def shared_detail(rule: DirectCredit, total: Fraction, places: int) -> dict[str, Detail]:
    """Return what the node of what all shares take together says besides its value."""
    return {
        "clause": f"{rule.path}/sums_to",
        "formula": f"amount * {exact_text(total)}",
        "inputs": ("amount",),
        "rounding": "half_up",
        "places": places,
    }
