"""Ranks, pools and what is paid by them, read from their clauses."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Literal, cast

from premia_plan.checked import Place, Pool, PoolShare, Rank, RankPay, Ties
from premia_plan.checking.cell_formulas import read_cell_formula
from premia_plan.checking.clause import Clause
from premia_plan.checking.leftovers import read_leftover
from premia_plan.checking.miswritten import gives_words
from premia_plan.checking.nouns import asked_over
from premia_plan.checking.step_place import StepPlace
from premia_plan.checking.steps import read_steps
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Formula, Words, suggested
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit


def declare_rank(name: str, clause: Clause, words: Vocabulary) -> None:
    """Let formulas name a rank."""
    words.declare_figure(name, Unit.COUNT, cast("PeriodKind", clause.word("over")))


def read_rank(name: str, clause: Clause, words: Vocabulary) -> Rank:
    """Read a rank.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    over = cast("PeriodKind", clause.word("over"))
    return Rank(
        name,
        _number(clause.part("of"), words, over),
        _population(clause.part("among"), words),
        over,
        clause.word("order", "highest first") == "highest first",
        _read_ties(clause.optional("ties"), words, over),
        clause.path,
    )


def _number(clause: Clause, words: Vocabulary, over: PeriodKind) -> Formula:
    formula = read_cell_formula(clause, words, over)
    if not formula.unit.is_number:
        message = gives_words(formula)
        raise clause.refuse(
            "unit.unexpected", message, Words("It must give a number", "Serve un numero")
        )
    return formula


def _population(clause: Clause, words: Vocabulary) -> str:
    known = words.figures.populations
    if clause.text not in known:
        message = Words(
            f"the population {clause.text} is not known", f"la popolazione {clause.text} non è nota"
        )
        raise clause.refuse("name.unknown", message, suggested(clause.text, known))
    return clause.text


def _read_ties(clause: Clause | None, words: Vocabulary, over: PeriodKind) -> Ties:
    if clause is None:
        return "average pay"
    if clause.text in {"best shared", "worst shared", "average pay", "by id"}:
        return cast("Literal['best shared', 'worst shared', 'average pay', 'by id']", clause.text)
    text = clause.text.removeprefix("by ")
    return _number(Clause(text, clause.path, clause.report), words, over)


def read_pool(name: str, clause: Clause, words: Vocabulary) -> Pool:
    """Read a pool.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    over = cast("PeriodKind", clause.word("over"))
    weights, steps = clause.optional("weights"), clause.optional("steps")
    return Pool(
        name,
        read_cell_formula(clause.part("amount"), words, over, Unit.MONEY),
        over,
        _population(clause.part("among"), words),
        None if weights is None else _number(weights, words, over),
        clause.word("scale", "down only") == "both ways",
        ()
        if steps is None
        else read_steps(steps, StepPlace(words, words.cell, "sum", over, of="pool")),
        clause.path,
        read_leftover(clause),
    )


def read_rank_pay(
    clause: Clause, ranks: Mapping[str, Rank], words: Vocabulary, over: PeriodKind
) -> RankPay:
    """Read what the places of a rank are paid.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    rank = clause.part("rank")
    if rank.text not in ranks:
        message = Words(
            f"the rank {rank.text} is not known", f"la classifica {rank.text} non è nota"
        )
        raise rank.refuse("name.unknown", message, suggested(rank.text, ranks))
    _check_period(rank, rank.text, ranks[rank.text].over, over)
    entries = clause.part("places").entries()
    places = tuple(_read_place(entry, words.currency) for entry in entries)
    for entry, (before, after) in zip(entries[1:], pairwise(places), strict=True):
        if after.first <= before.last:
            message = Words(
                f"place {after.first} is paid twice, or out of order",
                f"il posto {after.first} è pagato due volte, o non è in ordine",
            )
            raise entry.refuse(
                "rank.places",
                message,
                Words(
                    "Write each place once, the first first",
                    "Scrivi ogni posto una volta, il primo per primo",
                ),
            )
    return RankPay(rank.text, places, clause.path)


def _read_place(clause: Clause, currency: str) -> Place:
    first, _, last = clause.word("places").partition(" to ")
    pays: Fraction = clause.part("pays").amount(Unit.MONEY, currency).value
    if last and int(last) < int(first):
        message = Words(
            f"{clause.word('places')} are no places", f"{clause.word('places')} non sono posti"
        )
        raise clause.refuse(
            "rank.places",
            message,
            Words("Write the better place first", "Scrivi prima il posto migliore"),
        )
    return Place(int(first), int(last or first), pays)


def read_pool_share(clause: Clause, pools: Mapping[str, Pool], over: PeriodKind) -> PoolShare:
    """Read of which pool a component pays the shares.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    pool = known_pool(clause, pools, over)
    if pool.weights is None:
        message = Words(
            f"nothing says by what {clause.text} is shared",
            f"nulla dice in base a che cosa si divide {clause.text}",
        )
        raise clause.refuse(
            "pool.no_weights",
            message,
            Words(
                f"Add weights: to the pool {clause.text}",
                f"Aggiungi weights: al fondo {clause.text}",
            ),
        )
    return PoolShare(clause.text, clause.path)


def known_pool(clause: Clause, pools: Mapping[str, Pool], over: PeriodKind) -> Pool:
    """Return the pool that a clause names.

    Raises:
        ClauseRefused: after noting that there is none, or one of other periods.
    """
    if clause.text not in pools:
        message = Words(
            f"the pool {clause.text} is not known", f"il fondo {clause.text} non è noto"
        )
        raise clause.refuse("name.unknown", message, suggested(clause.text, pools))
    _check_period(clause, clause.text, pools[clause.text].over, over)
    return pools[clause.text]


def _check_period(clause: Clause, name: str, own: PeriodKind, over: PeriodKind) -> None:
    if own != over:
        message = asked_over(name, own, over)
        hint = Words("Declare both over the same period", "Dichiara entrambi sullo stesso periodo")
        raise clause.refuse("figure.other_period", message, hint)
