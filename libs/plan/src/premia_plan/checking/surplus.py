"""What becomes of what a cap cuts off, read where it has one meaning and refused elsewhere."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from premia_plan.checked import AtState, Component, CreditComponent, Later, ReleaseShare
from premia_plan.checked.steps import Surplus
from premia_plan.checking.clause import Clause
from premia_plan.language.words import Words

_LATER_RELEASE = Words(
    "Write over: release with surplus: deferred, so that it waits for a later month",
    "Scrivi over: release con surplus: deferred, così attende un mese successivo",
)
_NEXT_PERIOD = Words(
    "Write over: payee and month with surplus: carried, or surplus: lost",
    "Scrivi over: payee and month con surplus: carried, oppure surplus: lost",
)
_IN_A_COMPONENT = Words(
    "Write this cap into a component, or over: release with surplus: deferred",
    "Scrivi questo tetto in un componente, oppure over: release con surplus: deferred",
)


def read_surplus(
    clause: Clause, over: str, *, own_period: bool, has_years: bool, of: str
) -> Surplus:
    """Read what becomes of a limit's surplus; that of a floor, which has none, is `lost`.

    `own_period` says that the limit is over just what a cell or a pool gives, `has_years` that
    what is limited is credited by contract years, and `of` whose step it is (a credit has a cap).

    Raises:
        ClauseRefused: after noting that the surplus has nowhere to go.
    """
    surplus = clause.word("surplus", "lost")
    is_of_payee = over.startswith("payee and ")
    if surplus == "carried" and not own_period and not (is_of_payee and of == "component"):
        raise _not_carried(clause, over)
    if surplus == "deferred" and not (has_years and (over == "line" or of == "credit")):
        message = Words(
            f"what is over a {over} waits for no release",
            f"quanto supera {over} non attende alcun rilascio",
        )
        hint = _instead("line" if of == "credit" else over)
        raise clause.part("surplus").refuse("limit.not_deferred", message, hint)
    return cast("Surplus", surplus)


def check_released_whole(
    clause: Clause, component: Component, shares: Sequence[ReleaseShare]
) -> None:
    """Note a surplus carried on for no order, where orders release their pay bit by bit.

    What is carried is due at the close of the period it joins, so what it is cut off from may
    wait for nothing but a state, and a time after it that is the same for every order.

    Raises:
        ClauseRefused: after noting it.
    """
    if not isinstance(component, CreditComponent) or _is_whole(shares):
        return
    for limit in component.limits:
        if limit.surplus == "carried":
            message = Words(
                "what is carried is for no order: it would be paid while the release of its "
                "orders still holds their pay",
                "quanto è riportato non è di alcun ordine: sarebbe pagato mentre il rilascio dei "
                "suoi ordini ne trattiene ancora il compenso",
            )
            hint = Words(
                f"Release {component.name} whole at a state, as in [{{share: rest, at: activated}}]"
                ", or write surplus: lost",
                f"Rilascia {component.name} per intero a uno stato, come in "
                "[{share: rest, at: activated}], oppure scrivi surplus: lost",
            )
            raise replace(clause, path=limit.path).refuse("limit.not_carried", message, hint)


def _is_whole(shares: Sequence[ReleaseShare]) -> bool:
    """Say whether all is released at once by a state, or a written time after it."""
    first, at = shares[0], shares[0].at
    is_written = isinstance(at, AtState) or (isinstance(at, Later) and not at.number.names)
    is_plain = first.instalments is None and first.proviso is None and first.by_fact is None
    return len(shares) == 1 and is_written and is_plain


def _instead(over: str) -> Words:
    """Return what to write instead of deferring what is over something."""
    if over == "line":
        return Words(
            "Credit it each_year, so that it goes into the next contract year; or write "
            "over: release with surplus: deferred",
            "Accredita each_year, così passa all'anno di contratto successivo; oppure scrivi "
            "over: release con surplus: deferred",
        )
    if over.startswith("payee and ") or over == "pool":
        return Words(
            "Write surplus: carried, which goes into the next period; or over: release",
            "Scrivi surplus: carried, che passa al periodo successivo; oppure over: release",
        )
    return _LATER_RELEASE


def _not_carried(clause: Clause, over: str) -> Exception:
    """Note that a surplus has no period to be carried to, and return what to raise."""
    if over == "line":
        message, hint = Words("an order has no next one", "un ordine non ne ha uno dopo"), None
    elif over.startswith("payee and "):
        message = Words(
            "the surplus of several components is no one component's",
            "l'eccedenza di più componenti non è di uno solo",
        )
        hint = _IN_A_COMPONENT
    else:
        message = Words(
            f"the surplus of a limit over {over} has no period to go to",
            f"l'eccedenza di un limite su {over} non ha un periodo in cui passare",
        )
        hint = None
    return clause.part("surplus").refuse("limit.not_carried", message, hint or _NEXT_PERIOD)
