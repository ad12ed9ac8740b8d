"""Credit rules read from their clauses."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, cast

from premia_plan.apportion import Leftover
from premia_plan.checked import (
    ContractYears,
    CreditRule,
    DealCap,
    DirectCredit,
    FactKind,
    FirstOnes,
    OverlayCredit,
    RollupCredit,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.leftovers import read_leftover, refuse_leftover
from premia_plan.checking.nouns import fact_words, not_known_of
from premia_plan.checking.shares import check_shares, read_share
from premia_plan.checking.surplus import read_surplus
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Formula, Names, evaluate_inputs, suggested
from premia_plan.language.words import Words, unit_words
from premia_plan.quantities import Unit

ALL_LEVELS = 99
"""The longest chain that `levels: all` credits."""


def read_credit(
    name: str, clause: Clause, words: Vocabulary, siblings: Mapping[str, Clause]
) -> CreditRule:
    """Read a credit rule.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    rollup, overlay = clause.optional("rollup"), clause.optional("overlay")
    if rollup is not None:
        return _read_rollup(name, rollup, words, siblings)
    if overlay is not None:
        return _read_overlay(name, overlay, words, siblings)
    return _read_direct(name, clause, words)


def _read_direct(name: str, clause: Clause, words: Vocabulary) -> DirectCredit:
    source = cast("FactKind", clause.word("from", "order"))
    years = clause.optional("each_year")
    _declare(clause, words)
    names = words.fact(source)
    by_year = names.with_units({"credit.year": Unit.COUNT}) if years is not None else names
    shares = tuple(read_share(entry, names) for entry in clause.part("shares").entries())
    sums_to = clause.word("sums_to")
    check_shares(shares, clause.part("shares"), sums_to)
    _check_roles([(entry.part("to"), source) for entry in clause.part("shares").entries()])
    cap = clause.optional("cap")
    return DirectCredit(
        name,
        clause.part("amount").formula(by_year, Unit.MONEY),
        shares,
        clause.path,
        source,
        _condition(clause.optional("where"), names),
        cast("Literal['base', 'commission', 'each']", clause.word("divides")),
        sums_to != "any",
        _optional(clause.optional("quota"), by_year, Unit.MONEY),
        _optional(clause.optional("quantity"), by_year),
        _read_first(clause.optional("first"), words, source),
        None if years is None else _read_years(years, names),
        None if cap is None else _read_cap(cap, by_year, has_years=years is not None),
        _read_leftover(clause),
    )


def _read_leftover(clause: Clause) -> Leftover:
    if clause.word("divides") == "each":
        why = Words(
            "each share is rounded for itself, so no cent is left over",
            "ogni quota è arrotondata per sé, quindi non avanza alcun centesimo",
        )
        hint = Words("Write divides: base, or leave it out", "Scrivi divides: base, o toglilo")
        refuse_leftover(clause, why, hint)
    return read_leftover(clause)


def _declare(clause: Clause, words: Vocabulary) -> None:
    """Let formulas about credits name what only some credits have."""
    if clause.optional("each_year") is not None:
        words.declare("credit", "credit.year", Unit.COUNT)
        words.declare("credit", "credit.year_starts", Unit.DATE)
    if clause.optional("first") is not None:
        words.declare("credit", "credit.place", Unit.COUNT)
    quantity = clause.optional("quantity")
    if quantity is not None:
        names = words.fact(cast("FactKind", clause.word("from", "order")))
        unit = quantity.formula(names.with_units({"credit.year": Unit.COUNT})).unit
        known = words.at("credit").units.get("credit.quantity", unit)
        if not unit.is_number:
            raise quantity.refuse(
                "unit.unexpected",
                Words(
                    f"{unit_words(unit).en} is no quantity",
                    f"{unit_words(unit).it} non è una quantità",
                ),
                Words("Give a number", "Indica un numero"),
            )
        if known is not unit:
            message = Words(
                f"credit.quantity is {unit_words(unit).en} here and {unit_words(known).en} in "
                "another credit",
                f"credit.quantity qui è {unit_words(unit).it} e in un altro credito "
                f"{unit_words(known).it}",
            )
            raise quantity.refuse(
                "credit.two_units",
                message,
                Words("Give both the same unit", "Dai a entrambi la stessa unità"),
            )
        words.declare("credit", "credit.quantity", unit)


def _check_roles(roles: list[tuple[Clause, FactKind]]) -> None:
    """Note payees named by a kind of fact that the credit is not made from."""
    for at, source in roles:
        carrier = at.text.partition(".")[0].replace("_", " ")
        if carrier not in {"order", source}:
            hint = Words(
                f"Name a payee of the order or of the {source}, or say from: {carrier}",
                f"Indica un beneficiario dell'ordine o di {fact_words(source).it}, "
                f"o scrivi from: {carrier}",
            )
            at.error("credit.other_fact", not_known_of(at.text, source), hint)


def _condition(clause: Clause | None, names: Names) -> Formula | None:
    return None if clause is None else clause.formula(names, Unit.BOOL)


def _optional(clause: Clause | None, names: Names, *units: Unit) -> Formula | None:
    return None if clause is None else clause.formula(names, *units)


def _read_first(clause: Clause | None, words: Vocabulary, source: FactKind) -> FirstOnes | None:
    if clause is None:
        return None
    names = words.fact(source)
    taken = clause.optional("taken")
    over = clause.word("per").removeprefix("payee and ")
    when = None if taken is None or taken.text == "when credited" else taken
    return FirstOnes(
        _read_count(clause.part("count"), words),
        cast("Literal['month', 'quarter', 'half', 'year', 'plan']", over),
        clause.part("dated_by").formula(names, Unit.DATE),
        None if when is None else when.formula(names, Unit.BOOL),
        cast("Literal['keeps', 'frees']", clause.word("reversal", "keeps")),
        clause.path,
    )


def _read_count(clause: Clause, words: Vocabulary) -> Formula:
    count = clause.formula(words.payee, Unit.COUNT)
    written = literal(count)
    if written is not None and (written < 1 or written.denominator != 1):
        message = Words(
            f"{clause.text} is no number of places", f"{clause.text} non è un numero di posti"
        )
        raise clause.refuse(
            "value.not_possible",
            message,
            Words("Write 1 or more, or a formula", "Scrivi 1 o più, o una formula"),
        )
    return count


def _read_years(clause: Clause, names: Names) -> ContractYears:
    return ContractYears(
        clause.part("count").formula(names, Unit.COUNT),
        clause.part("from").formula(names, Unit.DATE),
        clause.path,
    )


def _read_cap(clause: Clause, names: Names, *, has_years: bool) -> DealCap:
    amount = clause.part("amount")
    limit = amount.formula(names, Unit.MONEY)
    written = literal(limit)
    if written is not None and written < 0:
        raise amount.refuse(
            "value.negative",
            Words(
                "a cap below zero lets nothing through",
                "un tetto sotto zero non lascia passare nulla",
            ),
            Words("Raise it", "Alzalo"),
        )
    surplus = read_surplus(clause, "deal", own_period=False, has_years=has_years, of="credit")
    return DealCap(limit, clause.path, surplus)


def literal(formula: Formula) -> Fraction | None:
    """Return the number that a formula is, if it names nothing."""
    if formula.inputs:
        return None
    value = evaluate_inputs(formula.text, {})
    return value if isinstance(value, Fraction) else None


def _read_overlay(
    name: str, clause: Clause, words: Vocabulary, siblings: Mapping[str, Clause]
) -> OverlayCredit:
    of = clause.part("of")
    source = _source(of, siblings, ("shares",))
    share = read_share(clause, words.fact(source))
    if share.is_rest or share.weight is not None:
        hint = Words(
            "Write a share like 10 %: nothing is left over on top of the whole",
            "Scrivi una quota come 10 %: oltre all'intero non avanza nulla",
        )
        raise clause.part("share").refuse(
            "overlay.rest", Words("an overlay has no rest", "un overlay non ha un resto"), hint
        )
    _check_roles([(clause.part("to"), source)])
    return OverlayCredit(name, of.text, share, clause.path)


def _read_rollup(
    name: str, clause: Clause, words: Vocabulary, siblings: Mapping[str, Clause]
) -> RollupCredit:
    of, levels = clause.part("of"), clause.part("levels")
    source = _source(of, siblings, ("shares", "overlay"))
    names = words.fact(source)
    share, is_all = clause.optional("share"), levels.text == "all"
    at_level = names.with_units({"credit.level": Unit.COUNT, **words.tables_at("credit")})
    return RollupCredit(
        name,
        of.text,
        clause.word("along"),
        ALL_LEVELS if is_all else levels.whole_number(),
        clause.part("dated_by").formula(names, Unit.DATE),
        clause.path,
        None if share is None else share.formula(at_level, Unit.RATE, Unit.COUNT),
        is_all,
    )


def _source(of: Clause, siblings: Mapping[str, Clause], keys: tuple[str, ...]) -> FactKind:
    """Return the kind of fact that a credit is made from, which another builds on.

    Raises:
        ClauseRefused: after noting that nothing can be built on it.
    """
    fitting = [
        name
        for name, sibling in siblings.items()
        if any(sibling.optional(key) is not None for key in keys)
    ]
    if of.text not in fitting:
        message = Words(
            f"{of.text} is no direct credit that could be built on",
            f"{of.text} non è un credito diretto su cui costruire",
        )
        raise of.refuse("name.unknown", message, suggested(of.text, fitting))
    overlay = siblings[of.text].optional("overlay")
    if overlay is not None:
        return _source(overlay.part("of"), siblings, ("shares",))
    return cast("FactKind", siblings[of.text].word("from", "order"))
