"""Credit rules read from their clauses."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, cast

from premia_plan.checked import (
    DirectCredit,
    RollupCredit,
    Share,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import suggestion
from premia_plan.quantities import Unit, percent_text, quantity


def read_credit(
    name: str, clause: Clause, words: Vocabulary, siblings: Mapping[str, Clause]
) -> DirectCredit | RollupCredit:
    """Read a credit rule.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    rollup = clause.optional("rollup")
    if rollup is not None:
        return _read_rollup(name, rollup, words, siblings)
    amount = clause.part("amount").formula(words.order, Unit.MONEY)
    shares = tuple(_read_share(entry, words) for entry in clause.part("shares").entries())
    _check_shares(shares, clause.part("shares"))
    return DirectCredit(name, amount, shares, clause.path)


def _read_rollup(
    name: str, clause: Clause, words: Vocabulary, siblings: Mapping[str, Clause]
) -> RollupCredit:
    of = clause.part("of")
    direct = [key for key, sibling in siblings.items() if sibling.optional("shares") is not None]
    if of.text not in direct:
        message = f"{of.text} is no direct credit that could be rolled up"
        raise of.refuse("name.unknown", message, suggestion(of.text, direct))
    return RollupCredit(
        name,
        of.text,
        clause.word("along"),
        clause.part("levels").whole_number(),
        clause.part("dated_by").formula(words.order, Unit.DATE),
        clause.path,
    )


def _read_share(clause: Clause, words: Vocabulary) -> Share:
    when = clause.optional("when")
    share = clause.word("share")
    return Share(
        cast("Literal['order.seller', 'order.partner']", clause.word("to")),
        None if share == "rest" else quantity(share).value,
        None if when is None else when.formula(words.order, Unit.BOOL),
        clause.path,
    )


def _check_shares(shares: tuple[Share, ...], clause: Clause) -> None:
    """Note shares that could leave a part of the order to nobody, or give more than all."""
    rests = [share for share in shares if share.ratio is None]
    fixed = sum((share.ratio for share in shares if share.ratio is not None), Fraction(0))
    if len(rests) > 1:
        clause.error("shares.two_rests", "two shares take the rest", "Keep one `share: rest`")
    elif rests and rests[0].when is not None:
        hint = "Leave its `when` out: somebody must take what the others do not"
        clause.error("shares.open_rest", "the rest is taken only sometimes", hint)
    elif fixed > 1 or (rests and fixed == 1):
        hint = "Let the fixed shares leave something for the rest"
        clause.error("shares.too_much", f"the shares add up to {percent_text(fixed)}", hint)
    elif not rests and (fixed != 1 or any(share.when is not None for share in shares)):
        hint = "Add a share with `share: rest`, usually the order's seller"
        case = f"{percent_text(1 - fixed)} of an order" if fixed < 1 else "a share that drops out"
        clause.error("shares.no_rest", "nobody takes the rest", hint, case)
