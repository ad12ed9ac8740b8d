"""Shares of credits read from their clauses, and whether they can add up."""

from collections.abc import Iterable
from fractions import Fraction

from premia_plan.checked import Share
from premia_plan.checking.clause import Clause
from premia_plan.language import Names, Words
from premia_plan.quantities import NotAQuantity, Unit, number, percent_text, quantity

_WEIGHT = "weight "


def read_share(clause: Clause, names: Names) -> Share:
    """Read a share.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    share, when, to = clause.part("share"), clause.optional("when"), clause.word("to")
    condition = None if when is None else when.formula(names, Unit.BOOL)
    if share.text == "rest":
        return Share(to, None, condition, clause.path)
    if share.text.startswith(_WEIGHT):
        weight = number(share.text.removeprefix(_WEIGHT))
        return Share(to, None, condition, clause.path, weight=weight)
    if share.text[0].isdigit():
        return Share(to, _ratio(share), condition, clause.path)
    value = share.formula(names, Unit.RATE, Unit.COUNT)
    return Share(to, None, condition, clause.path, value=value)


def _ratio(clause: Clause) -> Fraction:
    """Read a percentage or a fraction such as 1/3."""
    try:
        ratio = Fraction(clause.text) if "/" in clause.text else quantity(clause.text).value
    except (NotAQuantity, ZeroDivisionError):
        message = Words(f"{clause.text!r} is no share", f"{clause.text!r} non è una quota")
        hint = Words("Write a share like 25 % or 1/3", "Scrivi una quota come 25 % o 1/3")
        raise clause.refuse("value.pattern", message, hint) from None
    return ratio


def check_shares(shares: tuple[Share, ...], clause: Clause, sums_to: str) -> None:
    """Note shares that could leave a part of the order to nobody, or give more than all.

    `sums_to` is what the plan says of their sum, "" where it says nothing.
    """
    fixed = sum(_known(shares), Fraction(0))
    takers = [share for share in shares if share.is_rest or share.weight is not None]
    if _takers_are_refused(takers, clause):
        return
    if takers and sums_to == "any":
        message = Words("somebody takes what the others leave", "qualcuno prende ciò che avanza")
        hint = Words(
            "Leave sums_to out: with a rest or weights they always add up",
            "Togli sums_to: con un resto o con pesi la somma torna sempre",
        )
        clause.error("shares.rest_of_any", message, hint)
    elif takers and all(share.when is not None for share in takers):
        message = Words("the rest is taken only sometimes", "il resto è preso solo a volte")
        hint = Words(
            "Leave its `when` out: somebody must take what the others do not",
            "Togli il suo `when`: qualcuno deve prendere ciò che avanza",
        )
        clause.error("shares.open_rest", message, hint)
    elif sums_to != "any" and (fixed > 1 or (takers and fixed == 1)):
        hint = Words(
            "Let the fixed shares leave something for the rest, or say `sums_to: any`",
            "Fa' che le quote fisse lascino qualcosa al resto, o scrivi `sums_to: any`",
        )
        clause.error("shares.too_much", _sum(fixed), hint)
    elif not takers and not sums_to:
        _check_without_rest(shares, clause, fixed)
    elif not takers and sums_to != "any" and fixed != 1 and _is_fixed(shares):
        hint = Words(
            "Let them add up to 100 %, or say `sums_to: any`",
            "Portale al 100 %, o scrivi `sums_to: any`",
        )
        clause.error("shares.no_rest", _sum(fixed), hint)


def _sum(fixed: Fraction) -> Words:
    shown = percent_text(fixed)
    return Words(f"the shares add up to {shown}", f"le quote fanno {shown}")


def _takers_are_refused(takers: list[Share], clause: Clause) -> bool:
    rests = [share for share in takers if share.is_rest]
    if len(rests) > 1:
        message = Words("two shares take the rest", "due quote prendono il resto")
        hint = Words("Keep one `share: rest`", "Lascia un solo `share: rest`")
        clause.error("shares.two_rests", message, hint)
    elif rests and len(takers) > 1:
        message = Words("weights divide what the rest takes", "i pesi dividono ciò che va al resto")
        hint = Words(
            "Give the rest a weight too, or keep the rest alone",
            "Da' un peso anche al resto, o lascia solo il resto",
        )
        clause.error("shares.rest_and_weights", message, hint)
    elif any(share.weight == 0 for share in takers):
        message = Words("a weight is zero", "un peso è zero")
        clause.error("shares.no_weight", message, Words("Leave the share out", "Togli la quota"))
    else:
        return False
    return True


def _check_without_rest(shares: tuple[Share, ...], clause: Clause, fixed: Fraction) -> None:
    """Note shares of which some may drop out or not be enough, where the plan does not say so."""
    if any(share.value is not None for share in shares):
        return
    if fixed != 1 or any(share.when is not None for share in shares):
        hint = Words(
            "Add a share with `share: rest`, usually the order's seller, or say `sums_to`",
            "Aggiungi una quota con `share: rest`, di solito il venditore, o scrivi `sums_to`",
        )
        case = (
            Words(
                f"{percent_text(1 - fixed)} of an order", f"{percent_text(1 - fixed)} di un ordine"
            )
            if fixed < 1
            else Words("a share that drops out", "una quota che viene meno")
        )
        message = Words("nobody takes the rest", "nessuno prende il resto")
        clause.error("shares.no_rest", message, hint, case)


def _is_fixed(shares: Iterable[Share]) -> bool:
    return all(share.ratio is not None and share.when is None for share in shares)


def _known(shares: Iterable[Share]) -> list[Fraction]:
    """Return the shares that always apply."""
    return [share.ratio for share in shares if share.ratio is not None]
