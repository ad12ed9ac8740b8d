"""Statement revisions as rows."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from invoicing.domain.statement import StatementRevision, StatementTotal
from premia_common.money import Money


def statement_to(statement: StatementRevision) -> dict[str, Any]:
    """Return the columns of a revision, except tenant and time."""
    return {
        "statement_id": statement.statement_id,
        "revision": statement.revision,
        "digest": statement.digest,
        "payee_id": statement.payee_id,
        "principal_id": statement.principal_id,
        "period": statement.period,
        "currency": statement.currency,
        "payable": statement.payable.amount,
        "content": {
            "brought_forward": str(statement.brought_forward.amount),
            "totals": [_total_to(total) for total in statement.totals],
        },
    }


def statement_from(row: RowMapping) -> StatementRevision:
    """Return the revision of a row."""
    currency: str = row["currency"]
    content: Mapping[str, Any] = row["content"]
    return StatementRevision(
        statement_id=row["statement_id"],
        revision=row["revision"],
        digest=row["digest"],
        payee_id=row["payee_id"],
        principal_id=row["principal_id"],
        period=row["period"],
        currency=currency,
        totals=tuple(_total_from(total, currency) for total in content["totals"]),
        brought_forward=Money(Decimal(content["brought_forward"]), currency),
        payable=Money(row["payable"], currency),
    )


def _total_to(total: StatementTotal) -> dict[str, str | None]:
    return {
        "plan": total.plan,
        "component": total.component,
        "kind": total.kind,
        "competence": total.competence,
        "amount": str(total.amount.amount),
        "corrects": str(total.corrects) if total.corrects else None,
    }


def _total_from(total: Mapping[str, Any], currency: str) -> StatementTotal:
    return StatementTotal(
        plan=total["plan"],
        component=total["component"],
        kind=total["kind"],
        competence=total["competence"],
        amount=Money(Decimal(total["amount"]), currency),
        corrects=UUID(total["corrects"]) if total["corrects"] else None,
    )
