"""Terms of payment read from their clauses: draws, reserves, balances, and proration."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, cast

from premia_plan.checked import (
    AfterLeaving,
    AfterMonths,
    CalendarSpan,
    Component,
    Draw,
    JoinedSpan,
    OnDate,
    Payment,
    Proration,
    Reserve,
    ReserveBand,
    ReserveRelease,
    Span,
)
from premia_plan.checked.proration import Basis, Scaled
from premia_plan.checking.clause import Clause
from premia_plan.checking.unknown import unknown_component
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Words, suggested
from premia_plan.quantities import Unit

CARRIED = "carried"
"""What the balance carried on is called among the accounts."""

_PRESETS = {
    "recoverable draw": ("amount", True),
    "non-recoverable draw": ("amount", False),
    "recoverable guarantee": ("level", True),
    "non-recoverable guarantee": ("level", False),
}


def read_payment(
    clause: Clause | None, components: Mapping[str, Component], words: Vocabulary
) -> Payment:
    """Read the terms of payment; what is left out has its default.

    Raises:
        ClauseRefused: after noting what keeps them from being read.
    """
    if clause is None:
        return Payment()
    draws, reserves = clause.optional("draws"), clause.optional("reserves")
    read_draws = (
        {}
        if draws is None
        else {name: _read_draw(name, part, words) for name, part in draws.parts().items()}
    )
    read_reserves = (
        {}
        if reserves is None
        else {
            name: _read_reserve(name, part, components, words)
            for name, part in reserves.parts().items()
        }
    )
    for name in (*read_draws, *read_reserves):
        if name == CARRIED or (name in read_draws and name in read_reserves):
            message = Words(f"{name} is the name of two accounts", f"{name} è il nome di due conti")
            raise clause.refuse(
                "payment.same_name",
                message,
                Words("Give each its own name", "Dai a ciascuno un nome proprio"),
            )
    balance = clause.word("negative_balance", CARRIED)
    return Payment(
        cast("Literal['carried', 'forgiven', 'due at leaving']", balance),
        _amount(clause.optional("minimum"), words),
        read_draws,
        read_reserves,
        clause.path,
    )


def read_proration(clause: Clause | None) -> Proration:
    """Read what counts in part, and by which days or months."""
    default = Proration()
    if clause is None:
        return default
    scales: set[Scaled] = set(default.scales)
    named = clause.optional("scales")
    for name, part in ({} if named is None else named.parts()).items():
        scaled = cast("Scaled", name)
        (scales.add if part.text == "true" else scales.discard)(scaled)
    return Proration(
        cast("Basis", clause.word("basis", default.basis)),
        clause.word("leave") == "counts",
        frozenset(scales),
        clause.path,
    )


def _amount(clause: Clause | None, words: Vocabulary) -> Fraction:
    if clause is None:
        return Fraction(0)
    value = clause.amount(Unit.MONEY, words.currency).value
    if value < 0:
        message = Words(f"{clause.text} is less than nothing", f"{clause.text} è meno di zero")
        raise clause.refuse("payment.negative", message, Words("Write 0 or more", "Scrivi 0 o più"))
    return value


def _share(clause: Clause | None, words: Vocabulary) -> Fraction:
    if clause is None:
        return Fraction(1)
    value = clause.amount(Unit.RATE, words.currency).value
    if not 0 < value <= 1:
        hint = Words(
            "Write more than 0 % and at most 100 %", "Scrivi più di 0 % e al massimo 100 %"
        )
        raise clause.refuse(
            "payment.share",
            Words(f"{clause.text} is no share", f"{clause.text} non è una quota"),
            hint,
        )
    return value


def _read_draw(name: str, clause: Clause, words: Vocabulary) -> Draw:
    kind, recoverable = _kind_of(clause)
    who = clause.optional("for")
    return Draw(
        name=name,
        who=None if who is None else who.formula(words.payee, Unit.BOOL),
        amount=clause.part(kind).formula(words.payee, Unit.MONEY),
        is_level=kind == "level",
        is_recoverable=recoverable,
        recovered_from=cast(
            "Literal['all earnings', 'above the level']",
            clause.word("recovered_from", "above the level"),
        ),
        recovery_share=_share(clause.optional("recovery_share"), words),
        drawn=_read_span(clause.optional("drawn")),
        recovered=_read_span(clause.optional("recovered")),
        may_fall_below=clause.word("below_level") == "allowed",
        at_leaving=cast("Literal['due', 'forgiven']", clause.word("at_leaving", "due")),
        path=clause.path,
    )


def _kind_of(clause: Clause) -> tuple[str, bool]:
    """Return whether it is an amount or a level, and whether it is owed."""
    written = "level" if clause.optional("level") is not None else "amount"
    preset, recoverable = clause.optional("preset"), clause.optional("recoverable")
    if preset is None:
        if recoverable is None:
            hint = Words(
                "Add recoverable: true or false, or a preset",
                "Aggiungi recoverable: true o false, oppure un preset",
            )
            raise clause.refuse(
                "key.missing",
                Words(
                    "nothing says whether the draw is owed",
                    "nulla dice se l'anticipo va restituito",
                ),
                hint,
            )
        return written, recoverable.text == "true"
    kind, is_owed = _PRESETS[preset.text]
    if kind != written:
        message = Words(
            f"a {preset.text} is given by its {kind}", f"{preset.text} si indica con {kind}"
        )
        raise preset.refuse(
            "draw.preset",
            message,
            Words(
                f"Write {kind}: … instead of {written}: …",
                f"Scrivi {kind}: … al posto di {written}: …",
            ),
        )
    if recoverable is not None and (recoverable.text == "true") is not is_owed:
        message = Words(
            f"a {preset.text} cannot be recoverable: {recoverable.text}",
            f"{preset.text} non può essere recoverable: {recoverable.text}",
        )
        raise recoverable.refuse(
            "draw.preset", message, Words("Leave one of the two out", "Togli uno dei due")
        )
    return kind, is_owed


def _read_span(clause: Clause | None) -> Span:
    if clause is None:
        return CalendarSpan(None, None)
    span: Span
    if clause.optional("first") is not None:
        last = clause.optional("last")
        first_month = clause.part("first").whole_number()
        last_month = None if last is None else last.whole_number()
        is_empty = last_month is not None and last_month < first_month
        span = JoinedSpan(first_month, last_month)
    else:
        start, end = clause.word("from") or None, clause.word("to") or None
        is_empty = start is not None and end is not None and end < start
        span = CalendarSpan(start, end)
    if is_empty:
        hint = Words(
            "The last month is in, and not before the first",
            "L'ultimo mese è compreso, e non viene prima del primo",
        )
        raise clause.refuse(
            "span.empty",
            Words("the months end before they start", "i mesi finiscono prima di cominciare"),
            hint,
        )
    return span


def _read_reserve(
    name: str, clause: Clause, components: Mapping[str, Component], words: Vocabulary
) -> Reserve:
    covered = clause.part("of")
    for entry in covered.entries():
        if entry.text not in components:
            hint = suggested(entry.text, components)
            raise entry.refuse("name.unknown", unknown_component(entry.text), hint)
    ceiling = clause.optional("ceiling")
    return Reserve(
        name=name,
        of=None if covered.text == "all" else frozenset(part.text for part in covered.entries()),
        bands=_read_bands(clause.part("withholds"), words),
        ceiling=None if ceiling is None else _amount(ceiling, words),
        meets_reversals=clause.word("meets_reversals", "true") != "false",
        refills=clause.word("refills", "true") == "true",
        release=_read_release(clause.part("released")),
        path=clause.path,
        meets_each=clause.word("meets_reversals") == "each reversal",
    )


def _read_bands(clause: Clause, words: Vocabulary) -> tuple[ReserveBand, ...]:
    bands: list[ReserveBand] = []
    for entry in clause.entries():
        starts = _amount(entry.part("from"), words)
        share = entry.part("share").amount(Unit.RATE, words.currency).value
        if share > 1:
            message = Words(
                f"{entry.word('share')} is more than all",
                f"{entry.word('share')} è più dell'intero",
            )
            raise entry.part("share").refuse(
                "payment.share", message, Words("Write at most 100 %", "Scrivi al massimo 100 %")
            )
        if starts <= bands[-1].starts if bands else starts != 0:
            hint = Words(
                f"Let the first start from 0 {words.currency}, and each one higher than the last",
                f"La prima parta da 0 {words.currency}, e ognuna più in alto di quella prima",
            )
            message = Words(
                f"{entry.word('from')} is out of order", f"{entry.word('from')} non è in ordine"
            )
            raise entry.part("from").refuse("reserve.bands", message, hint)
        bands.append(ReserveBand(starts, share, entry.path))
    return tuple(bands)


def _read_release(clause: Clause) -> ReserveRelease:
    months = clause.optional("months")
    if months is not None:
        return AfterMonths(months.whole_number())
    leaving = clause.optional("months_after_leaving")
    if leaving is not None:
        return AfterLeaving(leaving.whole_number())
    return OnDate(clause.part("date").day())
