"""The service on a real database, with a tenant of its own for each test."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from stdnum import luhn

from invoicing.adapters.database.unit_of_work import DatabaseWork
from invoicing.main import create_app, create_consumer
from invoicing.settings import Settings
from premia_common.contracts.envelope import Envelope, Event
from premia_common.contracts.fields import FileAddress, MoneyOut
from premia_common.contracts.orders import SapDocumentPosted, SapDocumentRejected
from premia_common.contracts.plans import PrincipalChanged
from premia_common.contracts.statements import (
    ComponentTotal,
    StatementApproved,
    StatementCalculated,
)
from premia_common.money import Money
from premia_runtime.auth import FixedKeys
from premia_runtime.clock import FixedClock
from premia_runtime.consumer import Consumer
from premia_runtime.ids import TimeOrderedIds
from premia_runtime.runtime import Runtime
from premia_runtime.testing.databases import ServiceDatabases
from premia_runtime.testing.tokens import AUDIENCE, ISSUER, TokenMint
from premia_runtime.testing.topic import Delivered, QuietBus
from premia_runtime.wiring import open_runtime

new_id = TimeOrderedIds().new

NOW = datetime(2026, 4, 9, 22, 30, tzinfo=UTC)
"""In Rome it is the tenth of April already."""


@dataclass
class Service:
    """The running service and its ports."""

    app: FastAPI
    client: httpx.AsyncClient
    runtime: Runtime[DatabaseWork]
    consumer: Consumer[DatabaseWork]
    settings: Settings


@pytest.fixture(scope="session")
def invoicing_settings(
    service_databases: ServiceDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    database = service_databases["invoicing"]
    return Settings(
        environment="test",
        database_url=database.app,
        system_database_url=database.system,
        nats_url="nats://127.0.0.1:1",
        issuer_url=ISSUER,
        jwks_url=f"{ISSUER}/jwks.json",
        audience=AUDIENCE,
        store_dir=tmp_path_factory.mktemp("handover"),
        public_base_url="http://invoicing.test",
        cursor_secret="a secret of the tests",
    )


@pytest.fixture(scope="session")
async def service(invoicing_settings: Settings, make_token: TokenMint) -> AsyncIterator[Service]:
    clock = FixedClock(NOW)
    runtime = open_runtime(
        invoicing_settings,
        DatabaseWork,
        name="invoicing",
        clock=clock,
        ids=TimeOrderedIds(clock),
        bus=QuietBus(),
        keys=FixedKeys(make_token.key_set),
    )
    app = create_app(invoicing_settings, runtime=runtime, background=False)
    consumer = create_consumer(runtime, invoicing_settings, app.state.invoicing.data)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://invoicing.test") as client,
    ):
        yield Service(app, client, runtime, consumer, invoicing_settings)


@dataclass
class Person:
    """Somebody with a token, who calls the service."""

    client: httpx.AsyncClient
    token: str
    id: UUID

    async def get(
        self, path: str, headers: Mapping[str, str] | None = None, **params: Any
    ) -> httpx.Response:
        return await self.send("GET", path, params=params, headers=headers)

    async def post(
        self, path: str, body: Any = None, *, key: str | None = None, if_match: int | None = None
    ) -> httpx.Response:
        return await self._write("POST", path, body, key, if_match)

    async def put(
        self, path: str, body: Any, *, key: str | None = None, if_match: int | None = None
    ) -> httpx.Response:
        return await self._write("PUT", path, body, key, if_match)

    async def _write(
        self, method: str, path: str, body: Any, key: str | None, if_match: int | None
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key or str(new_id())}
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        return await self.send(method, path, json=body, headers=headers)

    async def send(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **rest: Any
    ) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {self.token}"}
        return await self.client.request(
            method, path, headers={**bearer, **(headers or {})}, **rest
        )


def vat_number(serial: int) -> str:
    """Return an invented VAT number whose check digit is right."""
    stem = f"{serial:07d}015"
    return stem + luhn.calc_check_digit(stem)


def profile_body(payee_id: UUID, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "payee_id": str(payee_id),
        "valid_from": "2025-01-01",
        "role": "agent",
        "legal_form": "individual",
        "tax_regime": "RF01",
        "legal_name": "Agenzia Bianchi di Maria Bianchi",
        "vat_number": vat_number(74311),
        "tax_code": "BNCMRA80A41F205H",
        "iban": "IT60X0542811101000000123456",
        "supplier_number": "0000100234",
        "address": {
            "street": "Via Garibaldi 12",
            "postal_code": "20121",
            "city": "Milano",
            "province": "MI",
            "country": "IT",
        },
    }
    return body | changes


def told(amount: str, currency: str) -> MoneyOut:
    return MoneyOut.of(Money(amount, currency))


@dataclass
class House:
    """One tenant: its people, and what happens to it elsewhere."""

    service: Service
    mint: TokenMint
    tenant: UUID
    principal: UUID = field(default_factory=new_id)

    def person(self, *roles: str, payee_id: UUID | None = None) -> Person:
        subject = new_id()
        token = self.mint(
            tenant=self.tenant,
            roles=roles,
            subject=subject,
            payee_id=payee_id,
            now=int(NOW.timestamp()),
        )
        return Person(self.service.client, token, subject)

    async def hear(self, *events: Event) -> list[Delivered]:
        """Deliver events as the topic does; return how each was answered."""
        deliveries = [Delivered(Envelope.wrap(event).to_bytes()) for event in events]
        await self.service.consumer.receive(deliveries)
        return deliveries

    async def announced(self, kind: type[Event]) -> list[Any]:
        """Return the events of a type that this tenant's outbox holds, in order."""
        async with self.service.runtime.database.transaction(self.tenant) as connection:
            found = await connection.execute(
                text("select body from outbox where type = :type order by id"),
                {"type": kind.type},
            )
            return [kind.read(Envelope.read(row.body.encode())) for row in found]

    def profile(self, payee_id: UUID, **changes: Any) -> dict[str, Any]:
        """Return the body that records a payee's profile."""
        return profile_body(payee_id, **changes)

    async def rows(self, statement: str, **values: Any) -> list[Any]:
        async with self.service.runtime.database.transaction(self.tenant) as connection:
            found = await connection.execute(text(statement), values)
            return list(found.mappings())

    def _base(self) -> dict[str, Any]:
        return {
            "event_id": new_id(),
            "occurred_at": NOW,
            "tenant_id": self.tenant,
            "correlation_id": new_id(),
        }

    def principal_changed(self, version: int = 1, **changes: Any) -> PrincipalChanged:
        fields: dict[str, Any] = {
            "principal_id": self.principal,
            "version": version,
            "code": "1000",
            "name": "Lumen Energia S.p.A.",
            "country": "IT",
            "currency": "EUR",
            "vat_number": "12345670785",
        }
        return PrincipalChanged(**self._base(), **(fields | changes))

    def _statement(
        self,
        payee_id: UUID,
        amounts: Sequence[str],
        *,
        statement_id: UUID,
        revision: int,
        brought_forward: str,
        period: str,
        currency: str,
    ) -> dict[str, Any]:
        before, zero = Money(brought_forward, currency), Money.zero(currency)
        total = sum((Money(amount, currency) for amount in amounts), before)
        return {
            **self._base(),
            "statement_id": statement_id,
            "revision": revision,
            "digest": f"{revision:064x}",
            "payee_id": payee_id,
            "principal_id": self.principal,
            "period": period,
            "currency": currency,
            "totals": tuple(
                ComponentTotal(
                    plan="energia",
                    component=f"gettone_{number}",
                    kind="commission" if Decimal(amount) >= 0 else "recovery",
                    competence=period,
                    amount=told(amount, currency),
                )
                for number, amount in enumerate(amounts, start=1)
            ),
            "brought_forward": told(brought_forward, currency),
            "payable": MoneyOut.of(total if total.amount > 0 else zero),
            "carried_forward": MoneyOut.of(total if total.amount < 0 else zero),
            "lines": FileAddress(address="none", sha256="0" * 64),
        }

    def calculated(
        self,
        payee_id: UUID,
        *amounts: str,
        statement_id: UUID | None = None,
        revision: int = 1,
        brought_forward: str = "0",
        period: str = "2026-03",
        currency: str = "EUR",
    ) -> StatementCalculated:
        return StatementCalculated(
            **self._statement(
                payee_id,
                amounts,
                statement_id=statement_id or new_id(),
                revision=revision,
                brought_forward=brought_forward,
                period=period,
                currency=currency,
            )
        )

    def approved(self, calculated: StatementCalculated) -> StatementApproved:
        content = {name: getattr(calculated, name) for name in StatementCalculated.model_fields}
        return StatementApproved(**(content | self._base()), approved_by=new_id(), approved_at=NOW)

    def sap_posted(self, invoice_id: str, number: str) -> SapDocumentPosted:
        return SapDocumentPosted(
            **self._base(),
            invoice_id=UUID(invoice_id),
            invoice_number=number,
            consumer="sap-prod",
            accounting_document="5100000017",
            fiscal_year="2026",
            company_code="1000",
            posting_date=NOW.date(),
        )

    def sap_rejected(self, invoice_id: str, number: str, **changes: Any) -> SapDocumentRejected:
        fields: dict[str, Any] = {
            **self._base(),
            "invoice_id": UUID(invoice_id),
            "invoice_number": number,
            "consumer": "sap-prod",
            "message_class": "F5",
            "message_number": "117",
            "text": "Account 100234 is blocked for posting",
            "retryable": True,
        }
        return SapDocumentRejected(**(fields | changes))

    async def with_profile(self, payee_id: UUID, **changes: Any) -> str:
        """Record a profile and have a second person approve it; return its id."""
        body = profile_body(payee_id, **changes)
        made = await self.person("finance_clerk").post("/v1/fiscal-profiles", body)
        assert made.status_code == 201, made.text
        profile_id: str = made.json()["id"]
        approver = self.person("finance_approver")
        done = await approver.post(f"/v1/fiscal-profiles/{profile_id}/approve", if_match=1)
        assert done.status_code == 200, done.text
        return profile_id

    async def prepared(self, payee_id: UUID, *amounts: str) -> dict[str, Any]:
        """Bring an approved statement of a payee here; return its document as finance sees it."""
        await self.hear(self.principal_changed())
        statement = self.calculated(payee_id, *amounts)
        await self.hear(statement)
        await self.hear(self.approved(statement))
        listed = await self.person("auditor").get("/v1/pro-formas", payee_id=payee_id)
        [document] = [
            item
            for item in listed.json()["items"]
            if item["statement_id"] == str(statement.statement_id)
        ]
        return dict(document)

    async def sent(
        self, payee_id: UUID, *amounts: str, clerk: Person | None = None
    ) -> dict[str, Any]:
        """Return a document that was sent to its payee, as the answer to sending it."""
        document = await self.prepared(payee_id, *amounts)
        sender = clerk or self.person("finance_clerk")
        answer = await sender.post(f"/v1/pro-formas/{document['id']}/send", if_match=1)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture
def house(service: Service, make_token: TokenMint) -> House:
    return House(service, make_token, new_id())


@pytest.fixture
def other_house(service: Service, make_token: TokenMint) -> House:
    return House(service, make_token, new_id())
