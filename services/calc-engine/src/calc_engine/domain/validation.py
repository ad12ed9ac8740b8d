"""The validation report of a run: what a person must know before statements go to review."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from calc_engine.domain.proposal import Proposal, StatementKey
from calc_engine.domain.run import SourceState
from calc_engine.domain.stated_in import shown
from premia_common.money import Money
from premia_common.periods import Month
from premia_plan.results import Exception_


class ReportBlocks(Exception):
    """Raised when statements are submitted or approved in spite of open blocking exceptions."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        super().__init__(
            f"The run has blocking exceptions: {', '.join(codes)}. Settle them and run again, or "
            "let an approver accept each with a reason."
        )


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From what difference to the last period a statement counts as unusual."""

    ratio: Decimal = Decimal("0.5")
    amount: Decimal = Decimal(100)


@dataclass(frozen=True, slots=True)
class UnusualStatement:
    """A statement that is zero, or far from the payee's last one."""

    statement_id: UUID
    payee_id: str
    reason: str
    now: Money
    before: Money | None


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """One comparison; both sides agree, or a person knows why they do not."""

    name: str
    expected: str
    found: str

    @property
    def agrees(self) -> bool:
        """Say whether both sides are the same."""
        return Decimal(self.expected) == Decimal(self.found)


@dataclass(frozen=True, slots=True)
class ExceptionGroup:
    """All exceptions of one code."""

    code: str
    blocks: bool
    count: int
    example: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """The report of one run."""

    run_id: UUID
    period: Month
    statements: int
    lines: int
    payable: tuple[Money, ...]
    exceptions: tuple[ExceptionGroup, ...]
    zero: tuple[UnusualStatement, ...]
    unusual: tuple[UnusualStatement, ...]
    control_totals: tuple[ControlTotal, ...]
    sources_not_waited_for: tuple[str, ...]
    calculated_again: tuple[str, ...] = ()
    """Plans that outgrew the engine chosen for them and were calculated by the exact one."""

    @property
    def blocking(self) -> tuple[str, ...]:
        """The codes of exceptions that keep statements from review."""
        return tuple(group.code for group in self.exceptions if group.blocks)


def require_accepted(open_codes: Iterable[str]) -> None:
    """Do nothing if no blocking exception is open.

    Raises:
        ReportBlocks: if one is; each code is named once.
    """
    remaining = sorted(set(open_codes))
    if remaining:
        raise ReportBlocks(remaining)


def group_exceptions(exceptions: Iterable[Exception_]) -> tuple[ExceptionGroup, ...]:
    """Return the exceptions by code; a group blocks if one of them does."""
    grouped: dict[str, list[Exception_]] = {}
    for item in exceptions:
        grouped.setdefault(item.code, []).append(item)
    return tuple(
        ExceptionGroup(
            code,
            any(item.blocks for item in items),
            len(items),
            min(item.message for item in items),
            items[0].what_to_do,
        )
        for code, items in sorted(grouped.items())
    )


def unusual_statements(
    proposals: Iterable[Proposal],
    before: Mapping[StatementKey, Money],
    thresholds: Thresholds,
) -> tuple[tuple[UnusualStatement, ...], tuple[UnusualStatement, ...]]:
    """Return the statements that pay nothing, and those far from the payee's last period."""
    zero: list[UnusualStatement] = []
    unusual: list[UnusualStatement] = []
    for proposal in proposals:
        last = before.get((proposal.payee_id, proposal.principal_id, proposal.currency))
        payable = shown(proposal).payable
        if not payable:
            zero.append(_unusual(proposal, "pays nothing", last))
        elif last is not None and last.currency == payable.currency:
            change = abs(payable.amount - last.amount)
            if change > thresholds.amount and change > thresholds.ratio * abs(last.amount):
                percent = thresholds.ratio * 100
                unusual.append(
                    _unusual(
                        proposal,
                        f"differs by more than {percent:f} % from the last period",
                        last,
                    )
                )
    return tuple(zero), tuple(unusual)


def _unusual(proposal: Proposal, reason: str, before: Money | None) -> UnusualStatement:
    return UnusualStatement(
        proposal.statement_id, proposal.payee_id, reason, shown(proposal).payable, before
    )


def control_totals(
    proposals: Sequence[Proposal],
    sources: Iterable[SourceState],
    order_amounts: Mapping[str, Decimal],
) -> tuple[ControlTotal, ...]:
    """Return the comparisons: facts with what sources promised, lines with statements."""
    totals: list[ControlTotal] = []
    for state in sorted(sources, key=lambda item: item.source):
        if state.promised is None:
            continue
        totals.append(
            ControlTotal(f"facts of {state.source}", str(state.promised), str(state.arrived))
        )
        if state.amount_promised is not None:
            totals.append(
                ControlTotal(
                    f"order amounts of {state.source}",
                    state.amount_promised,
                    format(order_amounts.get(state.source, Decimal(0)), "f"),
                )
            )
    for currency in sorted({proposal.currency for proposal in proposals}):
        mine = [proposal for proposal in proposals if proposal.currency == currency]
        by_line = sum(
            (line.amount for item in mine for line in item.lines if line.what != "carried_out"),
            Decimal(0),
        )
        by_statement = sum(
            (item.payable - item.receivable + item.carried_forward - item.brought_forward).amount
            for item in mine
        )
        totals.append(
            ControlTotal(
                f"lines and statements in {currency}",
                format(by_line, "f"),
                format(Decimal(by_statement), "f"),
            )
        )
    totals.extend(_stated_totals(proposals))
    return tuple(totals)


def _stated_totals(proposals: Sequence[Proposal]) -> Iterable[ControlTotal]:
    """Give lines and statements that are in another currency than the plan's."""
    every = [(item, item.stated) for item in proposals if item.stated is not None]
    for currency in sorted({stated.currency for _, stated in every}):
        mine = [(item, stated) for item, stated in every if stated.currency == currency]
        by_line = sum(
            (line.shown for item, _ in mine for line in item.lines if line.what != "carried_out"),
            Decimal(0),
        )
        by_statement = sum(
            (one.payable - one.receivable + one.carried_forward - one.brought_forward).amount
            for _, one in mine
        )
        yield ControlTotal(
            f"lines and statements stated in {currency}",
            format(by_line, "f"),
            format(Decimal(by_statement), "f"),
        )
