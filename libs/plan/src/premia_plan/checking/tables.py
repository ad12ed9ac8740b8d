"""Rate tables: rows read, gaps and overlaps found."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations
from typing import Literal, cast

from premia_plan.checked import ANY, RateRow, RateTable, TableKey
from premia_plan.checking.clause import Clause
from premia_plan.checking.measures import stated
from premia_plan.checking.row_gaps import Hole, note_hole
from premia_plan.checking.table_rows import read_row
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Words, suggested
from premia_plan.language.words import unit_words
from premia_plan.quantities import Unit, exact_text, written_quantity

TREES = ("category", "territory")
DAY = timedelta(days=1)
_AT_EDGE = Words(
    "The plan is valid then: let the rows cover it, or say under `missing` what happens",
    "Il piano vale in quei giorni: coprili, o indica in `missing` che cosa succede",
)


@dataclass(frozen=True, slots=True)
class Validity:
    """The days a plan is valid, half-open."""

    start: date
    end: date


def read_table(name: str, clause: Clause, words: Vocabulary, validity: Validity) -> RateTable:
    """Read a rate table and note its gaps and overlaps.

    Raises:
        ClauseRefused: after noting what keeps it from being read.
    """
    keys = tuple(
        _read_key(key_name, key, words)
        for entry in clause.part("keys").entries()
        for key_name, key in entry.parts().items()
    )
    dated = clause.optional("dated_by")
    dated_by = dated.formula(words.table_key, Unit.DATE) if dated is not None else None
    rows = tuple(
        read_row(
            index, row, keys, words.tables[name], words.currency, is_dated=dated_by is not None
        )
        for index, row in enumerate(clause.part("rows").entries())
    )
    limits = clause.optional("limits")
    least, most = (
        None if limits is None or limits.optional(key) is None else _limit(limits.part(key), words)
        for key in ("least", "most")
    )
    multiplies = _multiplied(clause.part("gives"), words)
    missing = clause.word("missing", "exception")
    table = RateTable(
        name,
        words.tables[name],
        keys,
        dated_by,
        "zero" if missing == "zero" else "exception",
        rows,
        clause.path,
        _instead(clause.optional("missing"), words.tables[name], words.currency),
        multiplies,
        least,
        most,
    )
    check_rows(table, clause, validity, has_outcome=clause.optional("missing") is not None)
    return table


def _limit(clause: Clause, words: Vocabulary) -> Fraction:
    found = written_quantity(clause.text)
    if found.currency not in {None, words.currency}:
        hint = Words(
            f"Write the amount in {words.currency}", f"Scrivi l'importo in {words.currency}"
        )
        raise clause.refuse(
            "unit.currency",
            Words(
                f"{found.currency} is not the plan's currency",
                f"{found.currency} non è la valuta del piano",
            ),
            hint,
        )
    return found.value


def _multiplied(clause: Clause, words: Vocabulary) -> str | None:
    """Return the table whose rates are multiplied, if some are."""
    name = clause.text.removeprefix("multiplier of ")
    if name == clause.text:
        return None
    if words.tables.get(name) is not Unit.RATE:
        known = [other for other, unit in words.tables.items() if unit is Unit.RATE]
        message = Words(
            f"{name} is no table of percentages", f"{name} non è una tabella di percentuali"
        )
        raise clause.refuse("name.unknown", message, suggested(name, known))
    return name


def _instead(clause: Clause | None, unit: Unit, currency: str) -> Fraction | None:
    if clause is None or clause.text in {"exception", "zero"}:
        return None
    return stated(clause, unit, currency)


def _read_key(name: str, clause: Clause, words: Vocabulary) -> TableKey:
    value = clause.part("value").formula(words.table_key)
    match = cast("Literal['tree', 'exact', 'band', 'range']", clause.word("match"))
    carrier, _, last = clause.word("value").rpartition(".")
    tree = last if carrier and last in TREES else None
    if last == "code" and carrier in TREES:
        tree = carrier
    if match == "tree" and tree is None:
        hint = Words(
            f"Only {' and '.join(TREES)} have trees; use match: exact",
            f"Solo {' e '.join(TREES)} hanno alberi; usa match: exact",
        )
        raise clause.refuse(
            "table.no_tree",
            Words(
                f"{clause.word('value')} has no tree", f"{clause.word('value')} non ha un albero"
            ),
            hint,
        )
    if match in {"band", "range"} and not value.unit.is_number:
        hint = Words(
            "Bands and ranges need a number; use match: exact",
            "Fasce e intervalli richiedono un numero; usa match: exact",
        )
        raise clause.refuse(
            "table.no_band",
            Words(
                f"{unit_words(value.unit).en} cannot be cut into bands",
                f"{unit_words(value.unit).it} non si divide in fasce",
            ),
            hint,
        )
    if match == "exact" and not (value.unit is Unit.TEXT or value.unit.is_number):
        raise clause.refuse(
            "table.no_key",
            Words(
                f"{unit_words(value.unit).en} is no key",
                f"{unit_words(value.unit).it} non è una chiave",
            ),
            Words("Use a text or a number", "Usa un testo o un numero"),
        )
    return TableKey(name, value, match, tree if match == "tree" else None)


def check_rows(table: RateTable, clause: Clause, validity: Validity, *, has_outcome: bool) -> None:
    """Note overlaps and gaps between the rows of a table."""
    groups: dict[tuple[str | Fraction, ...], list[RateRow]] = defaultdict(list)
    for row in table.rows:
        groups[row.keys].append(row)
    for rows in groups.values():
        rows.sort(key=lambda row: (row.valid_from or date.min, row.index))
        _check_sequence(rows, table, clause, validity, has_outcome=has_outcome)
    _check_bands(table, clause, has_outcome=has_outcome)
    _check_ranges(table, clause)
    if not has_outcome and not _has_catch_all(table):
        hint = Words(
            f"Add `missing: exception` or `missing: zero`, or rows whose keys are {ANY}",
            f"Aggiungi `missing: exception` o `missing: zero`, o righe con chiavi {ANY}",
        )
        message = Words(
            f"{table.name} says nothing about what no row fits",
            f"{table.name} non dice che cosa vale se nessuna riga è adatta",
        )
        clause.error("table.no_outcome", message, hint)


def _check_sequence(
    rows: list[RateRow],
    table: RateTable,
    clause: Clause,
    validity: Validity,
    *,
    has_outcome: bool,
) -> None:
    """Note where the rows of the same keys overlap, or leave days without one."""
    named = ", ".join(key if isinstance(key, str) else exact_text(key) for key in rows[0].keys)
    covered_to: date | None = None
    for row in rows:
        at = clause.part("rows").entry(row.index)
        starts = row.valid_from or date.min
        if covered_to is not None and starts < covered_to:
            _note_overlap(at, named, max(starts, validity.start))
        elif covered_to is not None and starts > covered_to:
            hole = Hole(row, named, covered_to, starts, covered_to)
            note_hole(hole, table, at, hint=_between(starts), is_error=True)
        elif covered_to is None and starts > validity.start:
            hole = Hole(row, named, validity.start, starts, starts - DAY)
            note_hole(hole, table, at, hint=_AT_EDGE, is_error=not has_outcome)
        ends = row.valid_to or date.max
        covered_to = ends if covered_to is None else max(covered_to, ends)
    if covered_to is not None and covered_to < validity.end:
        at = clause.part("rows").entry(rows[-1].index)
        hole = Hole(rows[-1], named, covered_to, validity.end, validity.end - DAY)
        note_hole(hole, table, at, hint=_AT_EDGE, is_error=not has_outcome)


def _note_overlap(at: Clause, named: str, day: date) -> None:
    message = Words(
        f"two rows for {named} are valid at once", f"due righe per {named} valgono insieme"
    )
    hint = Words(
        "End one row on the day the other starts", "Fai finire l'una il giorno in cui parte l'altra"
    )
    at.error(
        "rates.overlap",
        message,
        hint,
        Words(f"on {day} two rows fit {named}", f"il {day} due righe sono adatte a {named}"),
    )


def _between(starts: date) -> Words:
    return Words(
        f"End days are out: let the row before end on {starts}, or this start earlier",
        f"Il giorno di fine è escluso: fai finire la riga prima il {starts}, o parti prima",
    )


def _check_bands(table: RateTable, clause: Clause, *, has_outcome: bool) -> None:
    for place, key in enumerate(table.keys):
        if key.match != "band":
            continue
        lowest: dict[tuple[str | Fraction, ...], Fraction] = {}
        for row in table.rows:
            others = (*row.keys[:place], *row.keys[place + 1 :])
            start = row.keys[place]
            if isinstance(start, Fraction):
                lowest[others] = min(lowest.get(others, start), start)
        for others, start in lowest.items():
            if start > 0:
                named = ", ".join(str(other) for other in others) or table.name
                message = Words(
                    f"the bands of {key.name} for {named} start at {exact_text(start)}",
                    f"le fasce di {key.name} per {named} partono da {exact_text(start)}",
                )
                hint = Words("Let the first band start at 0", "La prima fascia parta da 0")
                note = clause.warning if has_outcome else clause.error
                note(
                    "rates.band_gap",
                    message,
                    hint,
                    Words(
                        f"{key.name} just below {exact_text(start)}",
                        f"{key.name} appena sotto {exact_text(start)}",
                    ),
                )


def _check_ranges(table: RateTable, clause: Clause) -> None:
    """Note ranges that overlap and of which neither holds the other: neither is nearer."""
    for place, key in enumerate(table.keys):
        if key.match != "range":
            continue
        groups: dict[tuple[str | Fraction, ...], list[RateRow]] = defaultdict(list)
        for row in table.rows:
            groups[(*row.keys[:place], *row.keys[place + 1 :])].append(row)
        for rows in groups.values():
            for upper, lower in combinations(rows, 2):
                _check_pair(clause, key.name, place, upper, lower)


def _check_pair(clause: Clause, key: str, place: int, upper: RateRow, lower: RateRow) -> None:
    first, second = upper.range_of(place), lower.range_of(place)
    if first is None or second is None or not first.crosses(second):
        return
    at = clause.part("rows").entry(lower.index)
    shown = Words(
        f"{upper.keys[place]} and {lower.keys[place]}", f"{upper.keys[place]} e {lower.keys[place]}"
    )
    message = Words(
        f"the ranges {shown.en} of {key} overlap and neither is the nearer",
        f"gli intervalli {shown.it} di {key} si sovrappongono e nessuno è più vicino",
    )
    hint = Words("Let one end where the other starts", "L'uno finisca dove comincia l'altro")
    case = _at(key, second.start or first.end or Fraction(0))
    at.error("rates.equally_near", message, hint, case)


def _at(key: str, value: Fraction) -> Words:
    return Words(f"{key} of {exact_text(value)}", f"{key} di {exact_text(value)}")


def _has_catch_all(table: RateTable) -> bool:
    """Say whether some row fits every value of the keys that are open-ended.

    `credit.level` is not open-ended: the plan says how many levels there are.
    """
    open_ended = [
        place
        for place, key in enumerate(table.keys)
        if key.match not in {"band", "range"} and key.value.names != ("credit.level",)
    ]
    return any(all(row.keys[place] == ANY for place in open_ended) for row in table.rows)
