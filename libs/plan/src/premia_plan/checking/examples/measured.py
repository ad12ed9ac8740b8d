"""Targets and loaded values of a worked example."""

from collections.abc import Mapping
from decimal import Decimal

from premia_plan.checking.examples.reader import Reader
from premia_plan.language import suggestion
from premia_plan.quantities import Unit
from premia_plan.relations import MeasurementRow, TargetRow


def targets(reader: Reader) -> list[TargetRow]:
    """Return the targets."""
    return [
        TargetRow(payee, name, month, value, reader.source("target", f"{payee} {month}"))
        for payee, month, name, value in _monthly(reader, "targets", reader.names.targets)
    ]


def measurements(reader: Reader) -> list[MeasurementRow]:
    """Return the loaded values."""
    names = reader.names
    loaded = {key: item.unit for key, item in names.measures.items() if key not in names.targets}
    return [
        MeasurementRow(payee, name, month, value, reader.source("kpi", f"{payee} {month}"))
        for payee, month, name, value in _monthly(reader, "kpis", loaded)
    ]


def _monthly(
    reader: Reader, key: str, units: Mapping[str, Unit]
) -> list[tuple[str, str, str, Decimal]]:
    """Return (payee, month, name, value) of rows such as `{payee, month, kpi: 95 %}`."""
    found = []
    for row in reader.rows(key):
        for column in ("payee", "month"):
            if row.optional(column) is None:
                raise row.refuse("key.missing", f"{column!r} is missing", f"Add {column}: …")
        payee, month = reader.payee(row.part("payee")), row.word("month")
        for name, cell in row.parts().items():
            if name in {"payee", "month"}:
                continue
            if name not in units:
                message = f"{name!r} is not known here"
                raise cell.refuse("name.unknown", message, suggestion(name, units))
            found.append((payee, month, name, reader.decimal(cell, units[name])))
    return found
