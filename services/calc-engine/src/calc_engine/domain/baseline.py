"""What was already posted when a run began: stored as a file, so that a replay reads it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self, cast
from uuid import UUID

from calc_engine.domain.payment_accounts import (
    ZERO,
    AccountMove,
    ClosedAccounts,
    MoveKind,
    PostedPayment,
)
from calc_engine.domain.proposal import StatementKey
from calc_engine.domain.restatement import ApprovedStatements
from calc_engine.domain.statement_line import PostedLine
from premia_common.canonical import canonical_json


@dataclass(frozen=True, slots=True)
class Baseline:
    """Posted lines, carried balances, approved statements, and the period's own statements."""

    posted: tuple[PostedLine, ...]
    balances: Mapping[StatementKey, Decimal]
    approved: ApprovedStatements
    known: tuple[StatementKey, ...]
    """Keys of the statements the open period has already."""
    closed: Mapping[StatementKey, ClosedAccounts] = field(default_factory=dict)
    """Each payee's last approved statement before the period, and where accounts stood."""
    payments: tuple[PostedPayment, ...] = ()
    """Adjustments and loans that approved statements paid, and what they took as paid elsewhere."""
    stated: Mapping[StatementKey, Mapping[str, Decimal]] = field(default_factory=dict)
    """What ledgers carry of statements in currencies that plans name, by these."""

    @property
    def carried(self) -> Mapping[StatementKey, Decimal]:
        """What each payee's pay goes on from, in the plan's currency.

        A ledger carries what statements said; where these had another currency, the last one says
        what that was in the plan's.
        """
        other = {key: item.carried for key, item in self.closed.items() if item.stated_in}
        return {**self.balances, **other}

    def to_bytes(self) -> bytes:
        """Return the canonical JSON, the same for equal baselines."""
        posted = sorted(self.posted, key=lambda line: (str(line.origin_line_id), line.period))
        return canonical_json(
            {
                "posted": [_posted(line) for line in posted],
                "balances": [
                    [*key, format(self.balances[key], "f")] for key in sorted(self.balances)
                ],
                "approved": [[*key, str(self.approved[key])] for key in sorted(self.approved)],
                "known": [list(key) for key in sorted(self.known)],
                "closed": [[*key, *_closed(self.closed[key])] for key in sorted(self.closed)],
                "payments": sorted(
                    [
                        item.payee_id,
                        item.principal_id,
                        item.currency,
                        item.what,
                        item.name,
                        format(item.amount, "f"),
                    ]
                    for item in self.payments
                ),
                **self._stated(),
            }
        )

    def _stated(self) -> Mapping[str, object]:
        rows = [
            [*key, {name: format(amount, "f") for name, amount in sorted(self.stated[key].items())}]
            for key in sorted(self.stated)
        ]
        return {"stated": rows} if rows else {}

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        """Return the baseline from its parsed JSON.

        One of an earlier release knows no accounts, or payments by name only: nothing was taken as
        paid elsewhere then.
        """
        return cls(
            tuple(_read_posted(row) for row in content["posted"]),
            {(row[0], row[1], row[2]): Decimal(row[3]) for row in content["balances"]},
            {(row[0], row[1], row[2], row[3]): UUID(row[4]) for row in content["approved"]},
            tuple((row[0], row[1], row[2]) for row in content["known"]),
            {(row[0], row[1], row[2]): _read_closed(row[3:]) for row in content.get("closed", ())},
            tuple(_read_payment(row) for row in content.get("payments", ())),
            {
                (row[0], row[1], row[2]): {name: Decimal(text) for name, text in row[3].items()}
                for row in content.get("stated", ())
            },
        )


def _closed(item: ClosedAccounts) -> list[object]:
    accounts = [account.content() for account in item.accounts]
    stated = [] if item.stated_in is None else [item.stated_in]
    return [item.after, str(item.statement_id), accounts, *stated]


def _read_closed(row: list[Any]) -> ClosedAccounts:
    accounts = tuple(read_account(item) for item in row[2])
    return ClosedAccounts(row[0], UUID(row[1]), accounts, row[3] if len(row) > 3 else None)


def _read_payment(row: list[Any]) -> PostedPayment:
    amount = Decimal(row[5]) if len(row) > 5 else ZERO
    return PostedPayment(row[0], row[1], row[2], row[3], row[4], amount)


def read_account(row: Sequence[Any], node_id: UUID | None = None) -> AccountMove:
    """Return an account from its content, perhaps with what explains it."""
    return AccountMove(
        cast("MoveKind", row[0]),
        row[1],
        Decimal(row[2]),
        Decimal(row[3]),
        Decimal(row[4]),
        Decimal(row[5]),
        tuple((month, Decimal(amount)) for month, amount in row[6]),
        tuple(row[7]),
        row[8],
        node_id,
    )


def _posted(line: PostedLine) -> list[object]:
    return [
        str(line.origin_line_id),
        str(line.statement_id),
        line.period,
        line.payee_id,
        line.principal_id,
        line.plan,
        line.component,
        line.kind,
        line.competence,
        line.currency,
        format(line.amount, "f"),
        line.order_id,
        line.credit_id,
        line.share,
        *(() if line.stated is None else (format(line.stated, "f"), line.stated_in)),
    ]


def _read_posted(row: list[Any]) -> PostedLine:
    return PostedLine(
        UUID(row[0]),
        UUID(row[1]),
        row[2],
        row[3],
        row[4],
        row[5],
        row[6],
        row[7],
        row[8],
        row[9],
        Decimal(row[10]),
        row[11],
        row[12],
        row[13],
        Decimal(row[14]) if len(row) > 14 else None,
        row[15] if len(row) > 15 else None,
    )
