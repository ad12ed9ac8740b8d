"""An earning of a reversed order: what its reversals take, and how its lines are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Protocol
from uuid import UUID

from premia_plan.checked import TakeBack
from premia_plan.quantities import exact_text, percent_text
from premia_plan.reasons import Reason, because
from premia_plan.reference.book import Book
from premia_plan.reference.earning import Earning
from premia_plan.reference.order import OrderFacts
from premia_plan.reference.reversal import Reversal
from premia_plan.reference.share import Share
from premia_plan.reference.taking import Taken
from premia_plan.results import Detail, What


class Lines(Protocol):
    """Writes the lines of shares."""

    def pay(self, earning: Earning, share: Share, not_before: date | None = None) -> UUID | None:
        """Release a share when it is due, else hold it; return the node of the release."""

    def hold(
        self, earning: Earning, share: Share, due: date | None, reason: Reason | None = None
    ) -> None:
        """Write that a share waits."""

    def share_node(
        self, earning: Earning, share: Share, kind: str, because_of: tuple[UUID, ...] = ()
    ) -> UUID:
        """Write the node of a share's amount."""

    def write(
        self,
        earning: Earning,
        what: What,
        *,
        month: str | None,
        units: int,
        share: int | None,
        node_id: UUID,
        reason: Reason | None = None,
        event_month: str = "",
    ) -> None:
        """Write a line."""


@dataclass(frozen=True, slots=True)
class Blow:
    """A reversal with the part it takes of one earning."""

    reversal: Reversal
    taken: Taken
    effect: TakeBack

    @property
    def ratio(self) -> Fraction:
        """The part of what was paid that it takes."""
        return self.taken.ratio * self.reversal.part


@dataclass(frozen=True, slots=True)
class ReversedEarning:
    """An earning, its order, and where its lines go."""

    earning: Earning
    order: OrderFacts
    lines: Lines
    book: Book

    def node(
        self,
        word: str,
        *key: str,
        kind: str,
        units: int,
        operation: str,
        detail: Mapping[str, Detail],
        children: tuple[UUID, ...],
    ) -> UUID:
        """Write a node of an amount of the earning."""
        return self.book.node(
            word,
            *self.earning.key,
            *key,
            kind=kind,
            value=self.book.money(units),
            unit="money",
            operation=operation,
            payee_id=self.earning.payee_id,
            detail=detail,
            children=children,
        )

    def write(
        self,
        what: What,
        units: int,
        share: int | None,
        *,
        month: str | None,
        node_id: UUID,
        reason: Reason,
        key: str,
    ) -> None:
        """Write a line; `key` tells apart what several reversals do to one share."""
        self.lines.write(
            self.earning,
            what,
            month=month,
            units=units,
            share=share,
            node_id=node_id,
            reason=reason,
            event_month=key,
        )

    def parts(self, ratio: Fraction, before: Fraction) -> dict[str, Detail]:
        """Return the detail of a part taken after others."""
        earlier: dict[str, Detail] = {} if before == 0 else {"before": exact_text(before)}
        return {"takes": exact_text(ratio), "places": self.book.places, **earlier}


def effect_on(component: str, reversal: Reversal) -> TakeBack | None:
    """Return what a reversal takes back of a component; None if it takes nothing."""
    effect = None
    if reversal.rule is not None and component in reversal.components:
        effect = reversal.rule.effect[component]
    return effect if isinstance(effect, TakeBack) else None


def by(reversal: Reversal, code: str) -> Reason:
    """Return the reason that names a reversal, and the fact it is of where that is no order."""
    day = reversal.day.isoformat()
    of = "order" if reversal.rule is None else reversal.rule.of
    named = {"state": reversal.state} if reversal.state else {"part": percent_text(reversal.part)}
    whole = code if reversal.state else f"{code}_in_part"
    if of == "order":
        return because(whole, day=day, **named)
    return because(f"{whole}_of_fact", day=day, fact=of, **named)
