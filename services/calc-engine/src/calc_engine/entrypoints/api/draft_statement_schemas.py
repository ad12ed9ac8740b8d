"""Drafts of statements between runs, as the API shows them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from calc_engine.application.read_draft_statements import DraftStatements
from calc_engine.domain.proposal import Proposal
from calc_engine.domain.stated_in import shown
from calc_engine.entrypoints.api.run_schemas import RUN_ID, SHA256, STATEMENT_ID, USER_ID
from calc_engine.entrypoints.api.statement_schemas import LineOut
from premia_common.contracts.fields import MoneyOut
from premia_plan.results import Exception_

_EUR = {"amount": "1287.00", "currency": "EUR"}
_ZERO = {"amount": "0.00", "currency": "EUR"}


class DraftExceptionOut(BaseModel):
    """What a person must look at before this can be paid."""

    code: str
    message: str
    what_to_do: str
    order_id: str | None
    month: str | None
    blocks: bool

    @classmethod
    def of(cls, found: Exception_) -> "DraftExceptionOut":
        """Show it."""
        return cls(
            code=found.code,
            message=found.message,
            what_to_do=found.what_to_do,
            order_id=found.order_id,
            month=found.month,
            blocks=found.blocks,
        )


class DraftStatementOut(BaseModel):
    """A statement as the next run would propose it."""

    statement_id: UUID
    principal_id: UUID
    currency: str
    digest: str
    total: MoneyOut
    brought_forward: MoneyOut
    payable: MoneyOut
    carried_forward: MoneyOut
    held: MoneyOut
    lines: list[LineOut]

    @classmethod
    def of(cls, draft: Proposal) -> "DraftStatementOut":
        """Show a draft."""
        said = shown(draft)
        return cls(
            statement_id=draft.statement_id,
            principal_id=UUID(draft.principal_id),
            currency=said.currency,
            digest=draft.digest,
            total=MoneyOut.of(said.total),
            brought_forward=MoneyOut.of(said.brought_forward),
            payable=MoneyOut.of(said.payable),
            carried_forward=MoneyOut.of(said.carried_forward),
            held=MoneyOut.of(draft.held),
            lines=[LineOut.of(line, said.currency) for line in draft.lines],
        )


_DRAFT_STATEMENTS: dict[str, Any] = {
    "payee_id": USER_ID,
    "period": "2026-03",
    "run_id": RUN_ID,
    "renewed_at": "2026-04-01T08:00:00Z",
    "changes": 3,
    "is_current": True,
    "waits_because": None,
    "drafts": [
        {
            "statement_id": STATEMENT_ID,
            "principal_id": USER_ID,
            "currency": "EUR",
            "digest": SHA256,
            "total": _EUR,
            "brought_forward": _ZERO,
            "payable": _EUR,
            "carried_forward": _ZERO,
            "held": _ZERO,
            "lines": [],
        }
    ],
    "exceptions": [],
}


class DraftStatementsOut(BaseModel):
    """The drafts of a payee's statements of a period that is open."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DRAFT_STATEMENTS]})

    payee_id: UUID
    period: str
    run_id: UUID
    """The run it goes on from."""
    renewed_at: datetime
    changes: int
    """How often new facts renewed the period's standings since that run."""
    is_current: bool
    """Whether it knows every fact that has arrived."""
    waits_because: str | None
    """Why it is not renewed before the next run; null as a rule."""
    drafts: list[DraftStatementOut]
    exceptions: list[DraftExceptionOut]

    @classmethod
    def of(cls, payee_id: UUID, found: DraftStatements) -> "DraftStatementsOut":
        """Show the drafts."""
        return cls(
            payee_id=payee_id,
            period=str(found.standing.period),
            run_id=found.standing.run_id,
            renewed_at=found.standing.renewed_at,
            changes=found.standing.changes,
            is_current=found.is_current,
            waits_because=found.standing.waits_because,
            drafts=[DraftStatementOut.of(draft) for draft in found.drafts],
            exceptions=[DraftExceptionOut.of(item) for item in found.exceptions],
        )
