"""Earnings released in shares as the order goes on, and taken back when it is reversed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from premia_plan.apportion import release_units, taken_units
from premia_plan.checked import CheckedPlan, ReleaseShare, TakeBack
from premia_plan.period import month_of
from premia_plan.quantities import exact_text
from premia_plan.reasons import Reason, because
from premia_plan.reference.book import Book
from premia_plan.reference.credit import Credit
from premia_plan.reference.earning import Earning
from premia_plan.reference.order import OrderFacts
from premia_plan.reference.reversal import Reversal
from premia_plan.results import Detail, What


@dataclass(frozen=True, slots=True)
class _Share:
    """One release share of an earning: its place, amount, and the day it is due, if it came."""

    index: int
    units: int
    due: date | None


class Settlement:
    """Writes the lines of earnings."""

    def __init__(self, plan: CheckedPlan, book: Book) -> None:
        self._plan = plan
        self._book = book
        self._details: dict[tuple[str, int], Mapping[str, Detail]] = {}
        self._ratios: dict[str, list[Fraction | None]] = {}
        self._take_backs: dict[str, Mapping[str, Detail]] = {}
        for name, shares in plan.release.items():
            self._ratios[name] = [share.ratio for share in shares]
            texts = ["rest" if share.ratio is None else exact_text(share.ratio) for share in shares]
            for index, share in enumerate(shares):
                self._details[name, index] = {
                    "clause": share.path,
                    "shares": texts,
                    "index": index,
                    "at": share.state or "close",
                    "places": book.places,
                }
        for name, effect in plan.storno.effect.items() if plan.storno is not None else ():
            if isinstance(effect, TakeBack):
                self._take_backs[name] = {
                    "clause": effect.path,
                    "takes": exact_text(effect.ratio),
                    "places": book.places,
                }

    def competence(self, component: str, credit: Credit) -> str:
        """Return the month an order's earning belongs to: its first release state's.

        While that state is open it is the month of the date that puts the order under the plan.
        """
        state = self._plan.release[component][0].state
        day = credit.order.days.get(state) if state is not None else None
        return month_of(credit.order.by_day if day is None else day)

    def is_open(self, component: str, order: OrderFacts) -> bool:
        """Say whether a share of the order's pay still waits for a state."""
        if component in self._take_backs and order.reversal is not None:
            return False
        schedule = self._plan.release[component]
        return any(share.state is not None and share.state not in order.days for share in schedule)

    def settle(self, earning: Earning) -> None:
        """Write what an earning releases, holds, drops and takes back, share by share."""
        schedule = self._plan.release[earning.component]
        reversal = self._reversal(earning)
        amounts = release_units(earning.units, self._ratios[earning.component])
        for index, (units, planned) in enumerate(zip(amounts, schedule, strict=True)):
            share = _Share(index, units, self._due(planned, earning))
            if share.due is not None and (reversal is None or share.due <= reversal.day):
                node_id = self._release(earning, share, planned)
                if reversal is not None and not reversal.is_void:
                    self._take_back(earning, share, reversal, node_id)
            elif reversal is None:
                self._hold(earning, share, planned)
            elif reversal.is_void:
                self._release_void(earning, share, reversal)
            else:
                self._drop(earning, share, reversal)

    def _reversal(self, earning: Earning) -> Reversal | None:
        """Return the order's reversal where it is settled share by share."""
        if earning.order is not None and earning.component in self._take_backs:
            return earning.order.reversal
        return None

    def _due(self, planned: ReleaseShare, earning: Earning) -> date | None:
        if planned.state is None:
            return earning.close
        return None if earning.order is None else earning.order.days.get(planned.state)

    def _share_node(
        self, earning: Earning, share: _Share, kind: str, because_of: tuple[UUID, ...] = ()
    ) -> UUID:
        return self._book.node(
            "share",
            *earning.key,
            str(share.index),
            kind=kind,
            value=self._book.money(share.units),
            unit="money",
            operation="share",
            payee_id=earning.payee_id,
            detail=self._details[earning.component, share.index],
            children=(earning.node_id, *because_of),
        )

    def _release(self, earning: Earning, share: _Share, planned: ReleaseShare) -> UUID:
        order, due = earning.order, share.due
        cause: tuple[UUID, ...] = ()
        if order is not None and planned.state is not None:
            cause = (order.state_node(planned.state),)
        node_id = self._share_node(earning, share, "release", cause)
        month = None if due is None else month_of(due)
        self.write(
            earning,
            "release",
            month=month,
            units=share.units,
            share=share.index,
            node_id=node_id,
        )
        return node_id

    def _release_void(self, earning: Earning, share: _Share, reversal: Reversal) -> None:
        node_id = self._share_node(earning, share, "release_void", _causes(earning, reversal))
        reason = because(
            "void_reversal",
            state=reversal.state,
            day=reversal.day.isoformat(),
            imputable_to=reversal.imputable_to or "",
        )
        self.write(
            earning,
            "void_release",
            month=reversal.month,
            units=share.units,
            share=share.index,
            node_id=node_id,
            reason=reason,
        )

    def _hold(self, earning: Earning, share: _Share, planned: ReleaseShare) -> None:
        node_id = self._share_node(earning, share, "held")
        reason = because("waits_for_state", state=planned.state or "")
        self.write(
            earning,
            "held",
            month=None,
            units=share.units,
            share=share.index,
            node_id=node_id,
            reason=reason,
        )

    def _drop(self, earning: Earning, share: _Share, reversal: Reversal) -> None:
        node_id = self._share_node(earning, share, "dropped", _causes(earning, reversal))
        reason = _by(reversal, "dropped_by_reversal")
        self.write(
            earning,
            "not_paid",
            month=None,
            units=share.units,
            share=share.index,
            node_id=node_id,
            reason=reason,
        )

    def _take_back(
        self, earning: Earning, share: _Share, reversal: Reversal, released: UUID
    ) -> None:
        effect = self._plan.storno.effect[earning.component] if self._plan.storno else None
        if not isinstance(effect, TakeBack):
            return
        units = -taken_units(share.units, effect.ratio)
        node_id = self._book.node(
            "take back",
            *earning.key,
            str(share.index),
            kind="reversal",
            value=self._book.money(units),
            unit="money",
            operation="take_back",
            payee_id=earning.payee_id,
            detail=self._take_backs[earning.component],
            children=(released, *_causes(earning, reversal)),
        )
        reason = _by(reversal, "taken_back")
        self.write(
            earning,
            "reversal",
            month=reversal.month,
            units=units,
            share=share.index,
            node_id=node_id,
            reason=reason,
        )

    def write(
        self,
        earning: Earning,
        what: What,
        *,
        month: str | None,
        units: int,
        share: int,
        node_id: UUID,
        reason: Reason | None = None,
        event_month: str = "",
    ) -> None:
        """Write a line; it is held instead while the payee has not accepted the plan.

        A line that lands before the first month that is wanted is left out.
        """
        if month is not None and month < self._book.since:
            return
        key = event_month
        if month is not None and not earning.standing.is_accepted:
            reason = because("plan_not_accepted", payee=earning.payee_id or "")
            key, month, what = f"{what} {event_month}", None, "held"
        if earning.close is not None:
            key = f"{earning.competence} {key}"
        self._book.line(
            payee_id=earning.payee_id,
            principal=earning.principal,
            component=earning.component,
            kind=earning.kind,
            what=what,
            month=month,
            competence=earning.competence,
            units=units,
            order_id=earning.order_id,
            credit_id=earning.credit_id,
            share=share,
            node_id=node_id,
            reason=reason,
            event_month=key,
        )


def _causes(earning: Earning, reversal: Reversal) -> tuple[UUID, ...]:
    return () if earning.order is None else (earning.order.reversal_node(reversal),)


def _by(reversal: Reversal, code: str) -> Reason:
    return because(code, state=reversal.state, day=reversal.day.isoformat())
