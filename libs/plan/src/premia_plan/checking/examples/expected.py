"""What a worked example expects besides amounts: rates, bands, what is held, single lines."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import get_args

from premia_common.money import minor_digits, round_half_up
from premia_plan.checked import ExpectedLine, ExpectedRate
from premia_plan.checking.clause import Clause
from premia_plan.checking.examples.reader import Reader
from premia_plan.checking.miswritten import no_number
from premia_plan.checking.unknown import unknown_component
from premia_plan.language import Words, suggested
from premia_plan.quantities import NotAQuantity, Quantity, Unit, written_quantity
from premia_plan.reasons import REASONS
from premia_plan.results import What

_COLUMNS = {
    "payee": "payee_id",
    "component": "component",
    "order": "order_id",
    "principal": "principal",
    "what": "what",
    "month": "month",
    "competence": "competence",
    "share": "share",
    "reason": "reason_code",
}


def expected_rates(
    clause: Clause | None, reader: Reader
) -> Mapping[tuple[str, str, str], ExpectedRate]:
    """Return effective rates, by payee, period or credit, and component."""
    return {key: _rate(cell) for key, cell in _placed(clause, reader)}


def _rate(clause: Clause) -> ExpectedRate:
    written = _quantity(clause)
    digits = clause.text.split()[0].rstrip("%").partition(".")[2]
    scale = 100 if written.unit is Unit.RATE else 1
    value = written.value * scale
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return ExpectedRate(round_half_up(exact, len(digits)), scale)


def _quantity(clause: Clause) -> Quantity:
    try:
        return written_quantity(clause.text)
    except NotAQuantity as error:
        raise clause.refuse(
            "value.pattern", no_number(error), Words("Write it like 2.5 %", "Scrivilo come 2.5 %")
        ) from None


def expected_bands(
    clause: Clause | None, reader: Reader
) -> Mapping[tuple[str, str, str], Mapping[Fraction, Decimal]]:
    """Return what the bands of some tiers give, by where they start."""
    return {
        key: {
            _quantity(part.part("from")).value: reader.decimal(part.part("part"), Unit.MONEY)
            for part in parts.entries()
        }
        for key, parts in _placed(clause, reader)
    }


def _placed(clause: Clause | None, reader: Reader) -> Iterator[tuple[tuple[str, str, str], Clause]]:
    for payee, places in ({} if clause is None else clause.parts()).items():
        reader.payee_named(payee, places)
        for place, components in places.parts().items():
            for name, cell in components.parts().items():
                yield (payee, place, _component(name, cell, reader)), cell


def _component(name: str, clause: Clause, reader: Reader) -> str:
    if name not in reader.names.components:
        hint = suggested(name, reader.names.components)
        raise clause.refuse("name.unknown", unknown_component(name), hint)
    return name


def expected_lines(clause: Clause | None, reader: Reader) -> tuple[ExpectedLine, ...] | None:
    """Return lines that must be there; None where the example says nothing of them."""
    if clause is None:
        return None
    return tuple(_line(row, reader) for row in clause.entries())


def _line(row: Clause, reader: Reader) -> ExpectedLine:
    reader.payee(row.part("payee"))
    _component(row.word("component"), row.part("component"), reader)
    for name, known in (("what", get_args(What)), ("reason", tuple(REASONS))):
        cell = row.optional(name)
        if cell is not None and cell.text not in known:
            hint = suggested(cell.text, known)
            raise cell.refuse(
                "name.unknown",
                Words(
                    f"{cell.text!r} is no {name} of a line",
                    f"{cell.text!r} non è un valore di {name} per una riga",
                ),
                hint,
            )
    value = reader.decimal(row.part("amount"), Unit.MONEY)
    return ExpectedLine(
        {
            column: row.word(name)
            for name, column in _COLUMNS.items()
            if row.optional(name) is not None
        },
        round_half_up(value, minor_digits(reader.names.words.currency)),
        row.path,
    )
