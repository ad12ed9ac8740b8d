"""Credits, measures and attainments read from their clauses."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, cast

from premia_plan.checked import (
    AttainmentRule,
    DirectCredit,
    LoadedMeasure,
    RollupCredit,
    Share,
    SummedMeasure,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import GIVES, Vocabulary
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


def check_uses(
    credits: Mapping[str, Clause],
    measures: Mapping[str, Clause],
    components: Mapping[str, Clause],
) -> None:
    """Note what uses a credit that does not count for it; `counts_for` left out means both."""
    for clause in measures.values():
        of = clause.optional("of")
        if of is not None:
            _check_use(of, of.text, "target", credits)
    for clause in components.values():
        per = clause.optional("per")
        if per is not None:
            _check_use(per, per.text.removeprefix("credit of "), "money", credits)


def _check_use(at: Clause, name: str, use: str, credits: Mapping[str, Clause]) -> None:
    if name in credits and not counts_for(credits[name], use):
        hint = f"Add `{use}` to counts_for of {name}, or use another credit"
        at.error(f"credit.not_for_{use}", f"{name} does not count for {use}", hint)


def counts_for(credit: Clause, use: str) -> bool:
    """Say whether a credit counts for `money` or for `target`."""
    uses = credit.optional("counts_for")
    return uses is None or use in (entry.text for entry in uses.entries())


def read_measure(
    name: str,
    clause: Clause,
    words: Vocabulary,
    credit_rules: Mapping[str, DirectCredit | RollupCredit],
) -> SummedMeasure | LoadedMeasure:
    """Read a measure.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    if clause.optional("loaded") is not None:
        return LoadedMeasure(name, GIVES[clause.word("gives")], clause.path)
    sums = clause.part("sum").formula(words.credit, Unit.MONEY, Unit.COUNT)
    of = clause.part("of")
    if of.text not in credit_rules:
        message = f"the credit {of.text} is not known"
        raise of.refuse("name.unknown", message, suggestion(of.text, credit_rules))
    when = clause.optional("when")
    return SummedMeasure(
        name,
        sums,
        of.text,
        None if when is None else when.formula(words.order_in_time, Unit.BOOL),
        clause.part("dated_by").formula(words.order_in_time, Unit.DATE),
        cast("Literal['leaves', 'stays']", clause.word("reversed_order", "leaves")),
        sums.unit,
        clause.path,
    )


def read_attainment(
    name: str,
    clause: Clause,
    measures: Mapping[str, SummedMeasure | LoadedMeasure],
    targets: Mapping[str, Unit],
) -> AttainmentRule:
    """Read an attainment.

    Raises:
        ClauseRefused: if its measure or the target is not there or their units differ.
    """
    of = clause.part("of")
    measure = measures.get(of.text)
    if not isinstance(measure, SummedMeasure):
        known = [key for key, item in measures.items() if isinstance(item, SummedMeasure)]
        message = f"{of.text} is no measure of credits"
        raise of.refuse("name.unknown", message, suggestion(of.text, known))
    if of.text not in targets:
        hint = f"Declare it under targets: {of.text}: {{gives: {measure.unit}, …}}"
        raise of.refuse("target.undeclared", f"{of.text} has no target", hint)
    if targets[of.text] is not measure.unit:
        message = f"the target is {targets[of.text]} and the measure {measure.unit}"
        raise of.refuse("unit.mixed", message, "Give both the same unit")
    return AttainmentRule(name, of.text, clause.path)
