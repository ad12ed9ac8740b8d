"""The seeded data as recorded facts, as connectors and plans-api would have told them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from bench.data import HERE, Data
from calc_engine.application.ports import FactRow
from premia_common.canonical import canonical_json, digest
from premia_common.identifiers import derive_id
from premia_plan.document import parse_plan

KNOWN = datetime(2027, 3, 1, tzinfo=UTC)
PRINCIPAL, PLAN, SYSTEM = "1000", "bench", "crm"
LONG_AGO = "2020-01-01"
FIRST = f"{1:010d}"


@dataclass(frozen=True, slots=True)
class _Files:
    folder: Path

    def rows(self, name: str, query: str = "select * from data") -> Iterator[Mapping[str, Any]]:
        """Give the rows of a file, or of a query on it."""
        connection = duckdb.connect()
        path = self.folder / f"{name}.parquet"
        found = connection.execute(f"with data as (from '{path}') {query}")
        names = [column[0] for column in found.description or ()]
        while some := found.fetchmany(20_000):
            for row in some:
                yield dict(zip(names, row, strict=True))


def recorded(data: Data) -> Iterator[FactRow]:
    """Give every fact of the data, master data first."""
    files = _Files(data.folder)
    document = parse_plan((HERE / "plan.yaml").read_text(encoding="utf-8"))
    yield _fact("principal", PRINCIPAL, {"principal_id": PRINCIPAL, "code": PRINCIPAL})
    yield _fact(
        "plan",
        PLAN,
        {
            "plan_id": PLAN,
            "plan_name": json.loads(document.canonical())["plan"],
            "version": 1,
            "principal_id": PRINCIPAL,
            "content_hash": document.hash,
            "document": json.loads(document.canonical()),
        },
    )
    for row in files.rows("trees"):
        kind = "territory" if row["tree"] == "territory" else "product_category"
        yield _fact(kind, row["code"], {"code": row["code"], "parent": row["parent"]})
    yield from _people(files, document.hash)
    yield from _orders(files)


def _people(files: _Files, content_hash: str) -> Iterator[FactRow]:
    names = {row["payee_no"]: row["payee_id"] for row in files.rows("payees")}
    channels: dict[int, list[Mapping[str, Any]]] = {}
    for row in files.rows("payee_attributes"):
        channels.setdefault(row["payee_no"], []).append(row)
    edges: dict[int, list[Mapping[str, Any]]] = {}
    for row in files.rows("edges"):
        edges.setdefault(row["payee_no"], []).append(row)
    for number, name in names.items():
        yield _payee(name, channels[number])
        yield _position(name, edges.get(number, []), names)
    for row in files.rows("assignments"):
        name = names[row["payee_no"]]
        body = {"assignment_id": name, "plan_id": PLAN, "mandate_id": name, "payee_id": name}
        dates = {"valid_from": _day(row["valid_from"]), "valid_to": _day(row["valid_to"])}
        yield _fact("assignment", name, {**body, "principal_id": PRINCIPAL, **dates})
        if row["accepted"]:
            accepted = {"payee_id": name, "content_hash": content_hash}
            yield _fact("plan_acceptance", f"{PLAN}/{name}", accepted)
    yield from _targets(files, names)
    for row in files.rows("measurements"):
        name, month = names[row["payee_no"]], _month(row["month"])
        body = {"name": row["name"], "month": month, "value": str(row["value"])}
        payee = {"system": SYSTEM, "code": name}
        key = f"quality/{name}-{month}"
        yield _fact("measurement", key, {**body, "source": "quality", "payee": payee}, "1/000001")


def _payee(name: str, channels: list[Mapping[str, Any]]) -> FactRow:
    dated = [
        {
            "name": "channel",
            "type": "text",
            "value": row["a_channel"],
            "valid_from": _day(row["valid_from"]) or LONG_AGO,
            "valid_to": _day(row["valid_to"]),
        }
        for row in channels
    ]
    known = {"system": SYSTEM, "code": name, "valid_from": LONG_AGO, "valid_to": None}
    body = {"payee_id": name, "code": name, "kind": channels[0]["a_kind"], "attributes": {}}
    return _fact("payee", name, {**body, "dated_attributes": dated, "external_ids": [known]})


def _position(name: str, edges: list[Mapping[str, Any]], names: Mapping[int, str]) -> FactRow:
    lines = [
        {
            "reports_to": names[edge["reports_to"]],
            "valid_from": _day(edge["valid_from"]),
            "valid_to": _day(edge["valid_to"]),
        }
        for edge in edges
    ]
    body = {"position_id": name, "code": name, "hierarchy": "sales", "reporting_lines": lines}
    return _fact("position", name, {**body, "holdings": [{"payee_id": name}]})


def _targets(files: _Files, names: Mapping[int, str]) -> Iterator[FactRow]:
    values: dict[int, list[Mapping[str, Any]]] = {}
    for row in files.rows("targets"):
        amount = {"amount": str(row["amount"]), "currency": "EUR"}
        values.setdefault(row["payee_no"], []).append(
            {"month": _month(row["month"]), "amount": amount}
        )
    for number, some in values.items():
        name = names[number]
        body = {"payee_id": name, "name": "activated_value", "version": 1, "values": some}
        yield _fact("target", name, body)


def _orders(files: _Files) -> Iterator[FactRow]:
    states = "select order_no, list({'state': state, 'on': day}) as states from data group by 1"
    path = files.folder / "states.parquet"
    query = (
        f"select data.*, s.states from data left join (with data as (from '{path}') {states}) as s"  # noqa: S608 - own
        " using (order_no) order by order_no"
    )
    for row in files.rows("orders", query):
        body = order_body(
            row["order_id"],
            row["signed_on"],
            seller=row["seller"],
            partner=row["partner"],
            category=row["category"],
            territory=row["territory"],
            amount=str(row["amount"]),
            states=[(state["state"], state["on"]) for state in row["states"] or ()],
            imputable_to=row["imputable_to"],
        )
        yield _fact("order", f"{SYSTEM}/{row['order_id']}", body, f"{LONG_AGO}/000001")


def order_body(
    number: str,
    signed_on: date,
    *,
    seller: str,
    partner: str | None,
    category: str,
    territory: str,
    amount: str,
    states: list[tuple[str, date]],
    imputable_to: str | None = None,
) -> dict[str, Any]:
    """Return an order as connectors tell it."""
    return {
        "source": SYSTEM,
        "record_id": number,
        "record_version": LONG_AGO,
        "order_number": number,
        "mapping_version": 1,
        "raw": {"message_id": number, "sha256": "0" * 64, "part": None},
        "principal": PRINCIPAL,
        "signed_on": signed_on.isoformat(),
        "seller": {"system": SYSTEM, "code": seller},
        "partner": {"system": SYSTEM, "code": partner} if partner else None,
        "category": category,
        "territory": territory,
        "amount": {"amount": amount, "currency": "EUR"},
        "lines": [],
        "attributes": {},
        "states": [{"state": state, "on": day.isoformat(), "at": None} for state, day in states],
        "cause": None,
        "imputable_to": imputable_to,
        "deleted": False,
    }


def _fact(kind: str, key: str, body: Mapping[str, Any], version: str = FIRST) -> FactRow:
    content = canonical_json(body)
    event_id = derive_id("bench", kind, key)
    return FactRow(kind, key, version, KNOWN, event_id, content.decode(), digest(content))


def late_fact(number: str, body: Mapping[str, Any]) -> FactRow:
    """Return an order as it is stored when it arrives."""
    return _fact("order", f"{SYSTEM}/{number}", body, f"{LONG_AGO}/000001")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _month(number: int) -> str:
    return f"{number // 100}-{number % 100:02d}"
