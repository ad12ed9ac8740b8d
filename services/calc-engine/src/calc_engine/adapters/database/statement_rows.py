"""Statements and their lines as rows, and rows as statements."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, RowMapping, Select, select, true

from calc_engine.adapters.database import tables
from calc_engine.application.ports import StoredFile
from calc_engine.domain.payment_accounts import AccountMove
from calc_engine.domain.proposal import Proposal
from calc_engine.domain.run import Run
from calc_engine.domain.stated_in import StatedIn
from calc_engine.domain.statement import Statement, StatementStatus, TaxAnswer
from calc_engine.domain.statement_line import StatementLine
from calc_engine.domain.total import Total
from premia_common.money import Money
from premia_common.periods import Month

_head = tables.statement_head.c
_revision = tables.statement_revision.c
_tax = tables.statement_tax.c


def statement_query(tenant_id: UUID) -> Select[Any]:
    """Select a tenant's statements with the current revision and its latest tax answer."""
    latest = (
        select(_tax.status, _tax.reasons, _tax.net)
        .where(_tax.tenant_id == _head.tenant_id, _tax.statement_id == _head.statement_id)
        .where(_tax.revision == _head.revision)
        .order_by(_tax.occurred_at.desc(), _tax.event_id.desc())
        .limit(1)
        .lateral("latest_tax")
    )
    return (
        select(
            tables.statement_head,
            _revision.digest,
            _revision.run_id,
            _revision.made_by,
            _revision.made_at,
            _revision.totals,
            _revision.brought_forward,
            _revision.held,
            _revision.payable,
            _revision.carried_forward,
            _revision.receivable,
            _revision.stated,
            _revision.lines_address,
            _revision.lines_sha256,
            latest.c.status.label("tax_status"),
            latest.c.reasons.label("tax_reasons"),
            latest.c.net.label("tax_net"),
        )
        .join(
            tables.statement_revision,
            (_revision.tenant_id == _head.tenant_id)
            & (_revision.statement_id == _head.statement_id)
            & (_revision.revision == _head.revision),
        )
        .outerjoin(latest, true())
        .where(_head.tenant_id == tenant_id)
    )


def statement_of(row: RowMapping) -> Statement:
    """Return the statement in a row of `statement_query`."""
    currency = row["currency"]
    stated = None if row["stated"] is None else StatedIn.read(row["stated"])
    stated_in = None if stated is None else stated.currency
    tax = None
    if row["tax_status"] is not None:
        tax = TaxAnswer(
            row["revision"],
            row["tax_status"],
            tuple(row["tax_reasons"]),
            Money(row["tax_net"], stated_in or currency),
        )
    return Statement(
        statement_id=row["statement_id"],
        payee_id=row["payee_id"],
        principal_id=row["principal_id"],
        period=Month.parse(row["period"]),
        currency=currency,
        revision=row["revision"],
        digest=row["digest"],
        run_id=row["run_id"],
        made_by=row["made_by"],
        made_at=row["made_at"],
        status=StatementStatus(row["status"]),
        version=row["version"],
        totals=tuple(_total(item, currency, stated_in) for item in row["totals"]),
        brought_forward=Money(row["brought_forward"], currency),
        held=Money(row["held"], currency),
        payable=Money(row["payable"], currency),
        carried_forward=Money(row["carried_forward"], currency),
        lines_address=row["lines_address"],
        lines_sha256=row["lines_sha256"],
        submitted_by=row["submitted_by"],
        approved_by=row["approved_by"],
        approved_at=row["approved_at"],
        tax=tax,
        receivable=Money(row["receivable"], currency),
        stated=stated,
    )


def _total(item: dict[str, Any], currency: str, stated_in: str | None) -> Total:
    return Total(
        item["plan"],
        item["component"],
        item["kind"],
        item["competence"],
        Money(item["amount"], currency),
        UUID(item["corrects"]) if item["corrects"] else None,
        item.get("movement"),
        None if stated_in is None else Money(item["stated"], stated_in),
    )


def revision_row(
    tenant_id: UUID,
    proposal: Proposal,
    revision: int,
    *,
    run: Run,
    lines: StoredFile,
    at: datetime,
) -> dict[str, Any]:
    """Return the row of a revision's content."""
    return {
        "tenant_id": tenant_id,
        "statement_id": proposal.statement_id,
        "revision": revision,
        "digest": proposal.digest,
        "run_id": run.run_id,
        "made_by": run.requested_by,
        "made_at": at,
        "totals": [
            {
                "plan": total.plan,
                "component": total.component,
                "kind": total.kind,
                "competence": total.competence,
                "amount": format(total.amount.amount, "f"),
                "corrects": str(total.corrects) if total.corrects else None,
                "movement": total.movement,
                **_stated(total),
            }
            for total in proposal.totals
        ],
        "brought_forward": proposal.brought_forward.amount,
        "held": proposal.held.amount,
        "payable": proposal.payable.amount,
        "carried_forward": proposal.carried_forward.amount,
        "receivable": proposal.receivable.amount,
        "stated": None if proposal.stated is None else proposal.stated.content(),
        "lines_address": lines.address,
        "lines_sha256": lines.sha256,
    }


def _stated(total: Total) -> dict[str, str]:
    return {} if total.stated is None else {"stated": format(total.stated.amount, "f")}


def line_row(
    tenant_id: UUID, statement_id: UUID, revision: int, line: StatementLine
) -> dict[str, Any]:
    """Return the row of a statement line."""
    return {
        "tenant_id": tenant_id,
        "statement_id": statement_id,
        "revision": revision,
        "line_id": line.line_id,
        "origin_line_id": line.origin_line_id,
        "plan": line.plan,
        "component": line.component,
        "kind": line.kind,
        "what": line.what,
        "competence": line.competence,
        "original_period": line.original_period,
        "corrects": line.corrects,
        "amount": line.amount,
        "order_id": line.order_id,
        "credit_id": line.credit_id,
        "share": line.share,
        "reason": line.reason,
        "node_id": line.node_id,
        "rates": line.rates,
        "stated": line.stated,
        "stated_node_id": line.stated_node_id,
    }


def line_of(row: RowMapping) -> StatementLine:
    """Return the statement line in a row that names payee, principal and currencies too."""
    return StatementLine(
        line_id=row["line_id"],
        origin_line_id=row["origin_line_id"],
        payee_id=str(row["payee_id"]),
        principal_id=str(row["principal_id"]),
        plan=row["plan"],
        component=row["component"],
        kind=row["kind"],
        what=row["what"],
        competence=row["competence"],
        original_period=row["original_period"],
        corrects=row["corrects"],
        amount=Money(row["amount"], row["currency"]).amount,
        currency=row["currency"],
        order_id=row["order_id"],
        credit_id=row["credit_id"],
        share=row["share"],
        reason=row["reason"],
        node_id=row["node_id"],
        rates=row["rates"],
        stated=None if row["stated"] is None else Money(row["stated"], row["stated_in"]).amount,
        stated_node_id=row["stated_node_id"],
    )


def account_row(
    tenant_id: UUID, statement_id: UUID, revision: int, number: int, item: AccountMove
) -> dict[str, Any]:
    """Return the row of what a revision does to an account."""
    return {
        "tenant_id": tenant_id,
        "statement_id": statement_id,
        "revision": revision,
        "number": number,
        "account": item.account,
        "name": item.name,
        "before": item.before,
        "opened": item.opened,
        "moved": item.moved,
        "after": item.after,
        "parts": [[month, format(amount, "f")] for month, amount in item.parts],
        "openings": list(item.openings),
        "was_full": item.was_full,
        "node_id": item.node_id,
    }


def account_of(row: Row[Any], currency: str) -> AccountMove:
    """Return what a row says of an account."""
    return AccountMove(
        row.account,
        row.name,
        Money(row.before, currency).amount,
        Money(row.opened, currency).amount,
        Money(row.moved, currency).amount,
        Money(row.after, currency).amount,
        tuple((month, Decimal(amount)) for month, amount in row.parts),
        tuple(row.openings),
        row.was_full,
        row.node_id,
    )
