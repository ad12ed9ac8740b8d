"""Each kind of record: its tables, its columns, and the way back."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Table

from plans_api.adapters.database import tables
from plans_api.adapters.database.versioned_records import Shelf
from plans_api.domain.assignment import Assignment
from plans_api.domain.dated_attribute import DatedAttribute
from plans_api.domain.mandate import Mandate, PayeeCap
from plans_api.domain.payee import ExternalId, Payee
from plans_api.domain.position import Holding, Position, ReportingLine
from plans_api.domain.principal import Principal
from plans_api.domain.target import Target, TargetValue
from plans_api.domain.tree import Place
from plans_api.domain.window import Window
from premia_common.money import Money
from premia_common.periods import Month


def _dates(window: Window) -> dict[str, str | None]:
    end = window.end.isoformat() if window.end else None
    return {"valid_from": window.start.isoformat(), "valid_to": end}


def _window(stored: dict[str, Any]) -> Window:
    end = stored["valid_to"]
    return Window(
        date.fromisoformat(stored["valid_from"]), date.fromisoformat(end) if end else None
    )


def _row_window(row: RowMapping) -> Window:
    return Window(row["valid_from"], row["valid_to"])


def _principal(row: RowMapping) -> Principal:
    return Principal(row["code"], row["name"], row["country"], row["currency"], row["vat_number"])


def _payee(row: RowMapping) -> Payee:
    return Payee(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        language=row["language"],
        attributes=row["attributes"],
        external_ids=tuple(
            ExternalId(stored["system"], stored["code"], _window(stored))
            for stored in row["external_ids"]
        ),
        window=_row_window(row),
        dated_attributes=_attributes(row),
    )


def _attributes(row: RowMapping) -> tuple[DatedAttribute, ...]:
    return tuple(
        DatedAttribute(
            stored["name"], stored["type"], stored["value"], stored["unit"], _window(stored)
        )
        for stored in row["dated_attributes"] or ()
    )


def _attribute_bodies(attributes: tuple[DatedAttribute, ...]) -> list[dict[str, object]]:
    return [
        {
            "name": item.name,
            "type": item.type,
            "value": item.value,
            "unit": item.unit,
            **_dates(item.window),
        }
        for item in attributes
    ]


def _payee_body(payee: Payee) -> dict[str, object]:
    return {
        "name": payee.name,
        "kind": payee.kind,
        "language": payee.language,
        "attributes": dict(payee.attributes),
        "external_ids": [
            {"system": item.system, "code": item.code, **_dates(item.window)}
            for item in payee.external_ids
        ],
        "valid_from": payee.window.start,
        "valid_to": payee.window.end,
        "dated_attributes": _attribute_bodies(payee.dated_attributes),
    }


def _payee_caps(row: RowMapping) -> tuple[PayeeCap, ...]:
    return tuple(
        PayeeCap(
            Money(stored["amount"], stored["currency"]),
            _window(stored),
            tuple(stored["priority"]),
        )
        for stored in row["payee_caps"] or ()
    )


def _money(amount: Money) -> dict[str, str]:
    return {"amount": str(amount.amount), "currency": amount.currency}


def _position(row: RowMapping) -> Position:
    return Position(
        hierarchy=row["hierarchy"],
        code=row["code"],
        holdings=tuple(
            Holding(UUID(stored["payee_id"]), _window(stored)) for stored in row["holdings"]
        ),
        reporting_lines=tuple(
            ReportingLine(stored["reports_to"], _window(stored))
            for stored in row["reporting_lines"]
        ),
        dated_attributes=_attributes(row),
    )


def _position_body(position: Position) -> dict[str, object]:
    return {
        "holdings": [
            {"payee_id": str(item.payee_id), **_dates(item.window)} for item in position.holdings
        ],
        "reporting_lines": [
            {"reports_to": item.reports_to, **_dates(item.window)}
            for item in position.reporting_lines
        ],
        "dated_attributes": _attribute_bodies(position.dated_attributes),
    }


def _target(row: RowMapping) -> Target:
    values = tuple(
        TargetValue(
            Month.parse(stored["month"]),
            Money(stored["amount"], stored["currency"]),
            date.fromisoformat(stored["valid_from"]) if stored.get("valid_from") else None,
        )
        for stored in row["months"]
    )
    return Target(row["payee_id"], row["name"], values)


def _target_body(target: Target) -> dict[str, object]:
    months = [
        {
            "month": str(value.month),
            **_money(value.amount),
            **({"valid_from": value.valid_from.isoformat()} if value.valid_from else {}),
        }
        for value in target.values
    ]
    return {"months": months}


def _places(kind: str, head: Table, versions: Table) -> Shelf[Place]:
    return Shelf(
        kind=kind,
        head=head,
        versions=versions,
        key=lambda place: {"code": place.code},
        body=lambda place: {
            "parent": place.parent,
            "label_it": place.label_it,
            "label_en": place.label_en,
        },
        content=lambda row: Place(row["code"], row["parent"], row["label_it"], row["label_en"]),
    )


PRINCIPALS: Shelf[Principal] = Shelf(
    kind="principal",
    head=tables.principal,
    versions=tables.principal_version,
    key=lambda principal: {"code": principal.code},
    body=lambda principal: {
        "name": principal.name,
        "country": principal.country,
        "currency": principal.currency,
        "vat_number": principal.vat_number,
    },
    content=_principal,
)
PAYEES: Shelf[Payee] = Shelf(
    kind="payee",
    head=tables.payee,
    versions=tables.payee_version,
    key=lambda payee: {"code": payee.code},
    body=_payee_body,
    content=_payee,
)
MANDATES: Shelf[Mandate] = Shelf(
    kind="mandate",
    head=tables.mandate,
    versions=tables.mandate_version,
    key=lambda mandate: {
        "principal_id": mandate.principal_id,
        "payee_id": mandate.payee_id,
        "valid_from": mandate.window.start,
    },
    body=lambda mandate: {
        "valid_to": mandate.window.end,
        "payee_caps": [
            {**_money(cap.amount), "priority": list(cap.priority), **_dates(cap.window)}
            for cap in mandate.payee_caps
        ],
    },
    content=lambda row: Mandate(
        row["principal_id"], row["payee_id"], _row_window(row), _payee_caps(row)
    ),
)
POSITIONS: Shelf[Position] = Shelf(
    kind="position",
    head=tables.position,
    versions=tables.position_version,
    key=lambda position: {"hierarchy": position.hierarchy, "code": position.code},
    body=_position_body,
    content=_position,
)
TERRITORIES = _places("territory", tables.territory, tables.territory_version)
PRODUCT_CATEGORIES = _places(
    "product category", tables.product_category, tables.product_category_version
)
TARGETS: Shelf[Target] = Shelf(
    kind="target",
    head=tables.target,
    versions=tables.target_version,
    key=lambda target: {"payee_id": target.payee_id, "name": target.name},
    body=_target_body,
    content=_target,
)
ASSIGNMENTS: Shelf[Assignment] = Shelf(
    kind="assignment",
    head=tables.assignment,
    versions=tables.assignment_version,
    key=lambda assignment: {
        "plan_id": assignment.plan_id,
        "mandate_id": assignment.mandate_id,
        "valid_from": assignment.window.start,
    },
    body=lambda assignment: {
        "plan_name": assignment.plan_name,
        "principal_id": assignment.principal_id,
        "payee_id": assignment.payee_id,
        "valid_to": assignment.window.end,
    },
    content=lambda row: Assignment(
        plan_id=row["plan_id"],
        plan_name=row["plan_name"],
        mandate_id=row["mandate_id"],
        principal_id=row["principal_id"],
        payee_id=row["payee_id"],
        window=_row_window(row),
    ),
)
