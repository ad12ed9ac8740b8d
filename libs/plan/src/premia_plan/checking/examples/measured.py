"""Targets, loaded values and opening balances of a worked example."""

from collections.abc import Iterator, Mapping
from datetime import date

from premia_plan.checked import LoadedMeasure
from premia_plan.checking.clause import Clause
from premia_plan.checking.examples.reader import Reader
from premia_plan.checking.unknown import column_missing
from premia_plan.language import Words, suggested
from premia_plan.period import last_month
from premia_plan.quantities import Unit
from premia_plan.relations import MeasurementRow, OpeningRow, PaidBeforeRow, TargetRow
from premia_plan.relations.opening import OpeningKind

_COLUMNS = frozenset({"payee", "month", "from", "provisional", "known"})


def targets(reader: Reader) -> list[TargetRow]:
    """Return the targets."""
    units = {name: rule.unit for name, rule in reader.names.targets.items()}
    return [
        TargetRow(
            payee,
            name,
            month,
            reader.decimal(cell, units[name]),
            reader.source("target", f"{payee} {month}"),
            _day(reader, row.optional("from")),
        )
        for row, payee, month, name, cell in _periodic(reader, "targets", units)
    ]


def measurements(reader: Reader) -> list[MeasurementRow]:
    """Return the loaded values."""
    loaded = {
        name: rule.unit
        for name, rule in reader.names.measures.items()
        if isinstance(rule, LoadedMeasure)
    }
    return [
        MeasurementRow(
            payee,
            name,
            month,
            reader.decimal(cell, loaded[name]),
            reader.source("kpi", f"{payee} {month}"),
            row.word("provisional") == "true",
        )
        for row, payee, month, name, cell in _periodic(reader, "kpis", loaded)
    ]


def openings(reader: Reader) -> list[OpeningRow]:
    """Return the opening balances."""
    return [_opening(reader, row) for row in reader.rows("openings")]


def _opening(reader: Reader, row: Clause) -> OpeningRow:
    names = reader.names
    measures = {name: rule.unit for name, rule in names.measures.items()}
    known: Mapping[OpeningKind, Mapping[str, Unit]] = {
        "measure": measures,
        "paid": dict.fromkeys(names.components, Unit.MONEY),
        "draw": dict.fromkeys(names.payment.draws, Unit.MONEY),
        "reserve": dict.fromkeys(names.payment.reserves, Unit.MONEY),
        "balance": {"carried": Unit.MONEY},
    }
    of = [kind for kind in known if row.optional(kind) is not None]
    if len(of) != 1:
        hint = Words(f"Name one of {', '.join(known)}", f"Indica uno tra {', '.join(known)}")
        raise row.refuse(
            "key.missing",
            Words("nothing says what the balance is of", "nulla dice di che cosa è il saldo"),
            hint,
        )
    kind, name = of[0], row.part(of[0])
    if name.text not in known[kind]:
        hint = suggested(name.text, known[kind])
        raise name.refuse(
            "name.unknown",
            Words(f"the {kind} {name.text} is not known", f"{kind} {name.text} non è noto"),
            hint,
        )
    payee, period = _subject(reader, row.part("payee")), _period(row)
    return OpeningRow(
        kind,
        payee,
        "" if kind == "balance" else name.text,
        period,
        reader.decimal(row.part("amount"), known[kind][name.text]),
        reader.day(row.part("day")),
        reader.source("opening", f"{payee} {kind} {name.text} {period}"),
    )


def paid_before(reader: Reader) -> list[PaidBeforeRow]:
    """Return what the version before paid for the period under way."""
    return [
        PaidBeforeRow(
            reader.payee(row.part("payee")),
            reader.component(row.part("component")),
            _period(row),
            reader.decimal(row.part("amount"), Unit.MONEY),
            reader.source("paid_before", f"{row.word('payee')} {row.word('component')}"),
        )
        for row in reader.rows("paid_before")
    ]


def _periodic(
    reader: Reader, key: str, units: Mapping[str, Unit]
) -> Iterator[tuple[Clause, str, str, str, Clause]]:
    """Give (row, payee, period, name, cell) of rows such as `{payee, month, kpi: 95 %}`."""
    for row in reader.rows(key):
        for column in ("payee", "month"):
            if row.optional(column) is None:
                raise row.refuse("key.missing", *column_missing(column))
        payee, month = _subject(reader, row.part("payee")), _period(row)
        for name, cell in row.parts().items():
            if name in _COLUMNS:
                continue
            if name not in units:
                message = Words(f"{name!r} is not known here", f"{name!r} qui non è noto")
                raise cell.refuse("name.unknown", message, suggested(name, units))
            yield row, payee, month, name, cell


def _subject(reader: Reader, clause: Clause) -> str:
    """Return a payee that is given, or another subject of figures."""
    if clause.text == "plan" or clause.text.startswith(("territory:", "category:", "team:")):
        return clause.text
    return reader.payee(clause)


def _period(row: Clause) -> str:
    clause = row.part("month")
    try:
        last_month(clause.text)
    except ValueError:
        hint = Words(
            "Write a month like 2026-03, or 2026-Q1, 2026-H1, 2026",
            "Scrivi un mese come 2026-03, o 2026-Q1, 2026-H1, 2026",
        )
        raise clause.refuse(
            "value.pattern",
            Words(f"{clause.text!r} is no period", f"{clause.text!r} non è un periodo"),
            hint,
        ) from None
    return clause.text


def _day(reader: Reader, clause: Clause | None) -> date | None:
    return None if clause is None else reader.day(clause)
