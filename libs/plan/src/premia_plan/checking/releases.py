"""Caps on what is released in a month, read from steps: what is beyond waits in an account."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from premia_plan.checked import Component, Payment, Reserve, WithinCap
from premia_plan.checking.clause import Clause
from premia_plan.checking.leftovers import refuse_leftover
from premia_plan.checking.limits import is_of_release
from premia_plan.language.words import Words
from premia_plan.quantities import NotAQuantity, Unit

DEFERRED = "deferred"
"""Before the component's name, what the account of its cap is called."""
OF_PLAN = f"{DEFERRED} of the plan"
_FOR_NO_ORDER = Words(
    "what is deferred is the payee's, for no single order: no cent is left over",
    "quanto è rinviato è del beneficiario, per nessun ordine: non avanza alcun centesimo",
)
_LEAVE_OUT = Words("Leave leftover out", "Togli leftover")


def read_release_caps(
    plan: Clause, components: Mapping[str, Component], currency: str
) -> dict[str, Reserve]:
    """Read the caps on what components, or the whole plan, release to a payee in a month.

    Raises:
        ClauseRefused: after noting what keeps one from being read.
    """
    found: dict[str, Reserve] = {}
    clauses = plan.part("components").parts()
    for name in components:
        entries = clauses[name].part("steps").entries()
        found |= _read(f"{DEFERRED} {name}", [name], entries, currency)
    steps = plan.optional("steps")
    entries = [] if steps is None else steps.entries()
    return found | _read(OF_PLAN, components, entries, currency)


def _read(name: str, of: Iterable[str], entries: list[Clause], currency: str) -> dict[str, Reserve]:
    found: dict[str, Reserve] = {}
    for clause in entries:
        if found:
            message = Words(
                "a step after the cap on what is released comes too late",
                "un passo dopo il tetto sul rilascio arriva troppo tardi",
            )
            raise clause.refuse(
                "limit.release_last",
                message,
                Words("Write that cap last", "Scrivi quel tetto per ultimo"),
            )
        if is_of_release(clause):
            found[name] = _reserve(name, of, clause, currency)
    return found


def _reserve(name: str, of: Iterable[str], clause: Clause, currency: str) -> Reserve:
    if clause.optional("floor") is not None:
        message = Words("what is released is not raised", "ciò che si rilascia non si alza")
        raise clause.part("over").refuse(
            "limit.other_scope", message, Words("Raise what is earned", "Alza ciò che è maturato")
        )
    if clause.word("surplus") != DEFERRED:
        message = Words(
            "what is earned and due cannot be lost when it is released",
            "ciò che è maturato e dovuto non può andare perso al rilascio",
        )
        hint = Words(
            "Write surplus: deferred, or cap what is earned, such as over: payee and month",
            "Scrivi surplus: deferred, o limita ciò che matura, come over: payee and month",
        )
        raise clause.part("surplus").refuse("limit.release_lost", message, hint)
    if clause.optional("pushed_back") is not None:
        message = Words(
            "nothing is pushed back: what is deferred is the payee's, for no single order",
            "nulla si ripartisce: quanto è rinviato è del beneficiario, per nessun ordine",
        )
        hint = Words("Leave pushed_back out", "Togli pushed_back")
        raise clause.part("pushed_back").refuse("limit.not_pushed_back", message, hint)
    refuse_leftover(clause, _FOR_NO_ORDER, _LEAVE_OUT)
    most = _written(clause.part("cap"), currency)
    if most <= 0:
        message = Words("nothing would ever be released", "non si rilascerebbe mai nulla")
        raise clause.part("cap").refuse(
            "value.not_possible",
            message,
            Words("Write an amount above zero", "Scrivi un importo sopra zero"),
        )
    return Reserve(
        name,
        frozenset(of),
        (),
        None,
        meets_reversals=False,
        refills=True,
        release=WithinCap(most),
        path=clause.path,
    )


def _written(clause: Clause, currency: str) -> Fraction:
    """Return a cap's amount; a formula has no place there.

    Raises:
        ClauseRefused: after noting that it is no written amount of money.
    """
    try:
        return clause.amount(Unit.MONEY, currency).value
    except NotAQuantity:
        message = Words(
            f"{clause.text!r} is no written amount, as a cap on what is released must be",
            f"{clause.text!r} non è un importo scritto, come deve essere un tetto al rilascio",
        )
        hint = Words(
            f"Write it like 100 {currency}, or cap what is earned by a formula",
            f"Scrivilo come 100 {currency}, oppure limita con una formula ciò che è maturato",
        )
        raise clause.refuse("value.pattern", message, hint) from None


def with_release_caps(payment: Payment, caps: Mapping[str, Reserve]) -> Payment:
    """Return the terms of payment with the caps, which come before the reserves."""
    return payment if not caps else replace(payment, reserves={**caps, **payment.reserves})
