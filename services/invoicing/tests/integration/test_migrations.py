"""Migrations of a database that holds statements and documents."""

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from premia_runtime.ids import TimeOrderedIds
from premia_runtime.migrate import run_migrations
from premia_runtime.testing.databases import ServiceDatabases

pytestmark = pytest.mark.integration

FOLDER = Path(__file__).resolve().parents[2] / "migrations"
_REVISION = """
    insert into statement_revisions values
    ($1, $2, 1, 'digest', $2, $2, '2026-03', $3, $4, $5, now())
"""
_APPROVAL = """
    insert into statement_approvals values ($1, $2, 1, $2, $2, $3, $2, now())
"""
_CONTENT = """
    insert into document_contents values
    ($1, $2, $2, 1, $3, 'digest', $4, 0, 0, $4, $5, now())
"""


def _told(currency: str, amount: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


async def test_what_was_cut_of_a_third_decimal_is_put_back(
    service_databases: ServiceDatabases,
) -> None:
    new = TimeOrderedIds().new
    database, tenant = service_databases.empty("invoicing"), new()
    await asyncio.to_thread(run_migrations, FOLDER, database.owner, revision="0004")
    connection = await asyncpg.connect(database.app.replace("+asyncpg", ""))
    try:
        await connection.execute("select set_config('app.tenant', $1, false)", str(tenant))
        # 200.214 - 33.000 = 167.214, of which two decimals were kept; euros stay as they are.
        whole: dict[UUID, Decimal] = {}
        for currency, parts, due in (
            ("TND", ("200.214", "-33.000"), "167.214"),
            ("TND", ("10.000", "-33.000"), "0.000"),
            ("EUR", ("200.21", "-33.00"), "167.21"),
        ):
            statement, cut = new(), Decimal(due).quantize(Decimal("0.01"))
            totals = [{"amount": part} for part in parts]
            content = json.dumps({"brought_forward": "0.00", "totals": totals})
            names = ("taxable", "vat", "withholding", "net")
            tax = {name: _told(currency, "0") for name in names}
            tax |= {"taxable": _told(currency, due), "net": _told(currency, due)}
            payload = json.dumps({"tax": tax})
            await connection.execute(_REVISION, tenant, statement, currency, cut, content)
            await connection.execute(_APPROVAL, tenant, statement, cut)
            await connection.execute(_CONTENT, tenant, statement, payload, cut, currency)
            whole[statement] = Decimal(due)

        await asyncio.to_thread(run_migrations, FOLDER, database.owner)

        for question in (
            "select statement_id, payable from statement_revisions",
            "select statement_id, payable from statement_approvals",
            "select statement_id, taxable from document_contents",
            "select statement_id, net from document_contents",
        ):
            found = await connection.fetch(question)
            assert {row[0]: row[1] for row in found} == whole
        await connection.execute("select set_config('app.tenant', $1, false)", str(new()))
        assert await connection.fetchval("select count(*) from statement_revisions") == 0
    finally:
        await connection.close()
