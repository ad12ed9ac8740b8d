"""From the lines of a period to what is due: terms of payment go on from the last closed month."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.payment_accounts import (
    MOVED_BY,
    UNNAMED,
    ZERO,
    AccountMove,
    ClosedAccounts,
    MoveKind,
    PostedPayment,
    Settled,
)
from calc_engine.domain.payment_rows import PaymentRows, counted_once
from calc_engine.domain.plan_terms import PlanTerms, TermsByPayee, grouped
from calc_engine.domain.proposal import StatementKey
from calc_engine.domain.rate_basis import released_in
from calc_engine.domain.statement_line import LineWhat, StatementLine
from premia_common.periods import Month
from premia_plan.paying import (
    OF_CAPS,
    Balance,
    Pay,
    PaymentLine,
    Standing,
    StandingAccount,
    pay,
)
from premia_plan.relations import Relations
from premia_plan.results import Exception_, Line, Node, What

CARRYING = frozenset({"carried_in", "carried_out"})


class PayDoesNotAddUp(ArithmeticError):
    """Raised when lines and balance are not what is paid and carried: nothing must be stated."""

    def __init__(self, key: StatementKey, due: Decimal, settled: Settled) -> None:
        super().__init__(
            f"the lines and the balance of {key} are {due}, but {settled.paid} is paid and "
            f"{settled.carried} carried"
        )


@dataclass(frozen=True, slots=True)
class PaidStatements:
    """The lines that terms of payment add, and what is due to whom they apply to."""

    lines: tuple[StatementLine, ...]
    settled: Mapping[StatementKey, Settled]
    nodes: tuple[Node, ...]
    exceptions: tuple[Exception_, ...]


def pay_statements(
    stated: Sequence[StatementLine],
    terms: TermsByPayee,
    rows: PaymentRows,
    *,
    closed: ClosedBefore,
    posted: Collection[PostedPayment],
    carried: Mapping[StatementKey, Decimal],
    period: Month,
    go_live: Month,
) -> PaidStatements:
    """Pay everybody whom terms of payment, an account or a row of payment concerns.

    Months go on from each payee's last approved statement, so a month that was closed without
    one is worked out too; what it gives is on the open period's statement, with its month.

    Args:
        stated: the lines of the period's statements.
        terms: the plans' terms.
        rows: adjustments, loans and opening balances.
        closed: where payees stood after their last approved statement.
        posted: what approved statements paid of adjustments and loans, and took as paid elsewhere.
        carried: what each ledger carries.
        period: the open period.
        go_live: the tenant's first period.

    Raises:
        PayDoesNotAddUp: if what is paid is not what the lines say, to the cent.
    """
    counted = counted_once(rows, posted, closed, go_live)
    capped = {key for key, _ in rows.caps} & {_key_of(line) for line in stated}
    concerned = {*terms.stated, *rows.keys, *counted.keys, *closed.keys, *capped}
    chosen, told = _chosen(concerned, terms, period)
    exceptions = [*counted.exceptions, *told]
    lines_of: dict[StatementKey, list[StatementLine]] = {key: [] for key in chosen}
    for line in stated:
        if _key_of(line) in lines_of and not line.is_only_restated:
            lines_of[_key_of(line)].append(line)
    lines: list[StatementLine] = []
    settled: dict[StatementKey, Settled] = {}
    nodes: list[Node] = []
    for own, keys in grouped(chosen).values():
        result = pay(
            own.checked,
            relations_of(own, terms, counted, keys),
            [landed_in(line, closed, period) for key in keys for line in lines_of[key]],
            until=period,
            standings={
                key[:2]: before.standing(carried.get(key, ZERO))
                for key in keys
                if (before := closed.find(key)) is not None
            },
            not_before=go_live,
            stated=period,
            released_in=released_in(line for key in keys for line in lines_of[key]),
        )
        exceptions += result.exceptions
        nodes += result.nodes
        for key, paid in _by_key(result, keys).items():
            added = [
                _line(line, own, key, period, _first_like(line, lines_of[key]))
                for line in paid.lines
            ]
            done = _settle(paid, closed.find(key), carried.get(key, ZERO))
            _check(key, [*lines_of[key], *added], done)
            lines += added
            settled[key] = done
    return PaidStatements(tuple(lines), settled, tuple(nodes), tuple(exceptions))


def _chosen(
    keys: Iterable[StatementKey], terms: TermsByPayee, period: Month
) -> tuple[Mapping[StatementKey, PlanTerms], Sequence[Exception_]]:
    """Return the terms that hold for each key, and what is to be told about that."""
    chosen: dict[StatementKey, PlanTerms] = {}
    exceptions: list[Exception_] = []
    for key in sorted(keys):
        found, told = terms.find(key)
        exceptions += told
        if found is None:
            exceptions.append(_no_plan(key, period))
        else:
            chosen[key] = found
    return chosen, exceptions


def _key_of(line: StatementLine) -> StatementKey:
    return line.payee_id, line.principal_id, line.currency


def _first_like(line: PaymentLine, stated: Iterable[StatementLine]) -> StatementLine | None:
    """Return a line of the component that a cap takes from: its plan and kind are the cap's."""
    if line.what != "payee_cap":
        return None
    same = (item for item in stated if item.component == line.name)
    return min(same, key=lambda item: (item.plan, item.kind), default=None)


@dataclass(frozen=True, slots=True)
class _Paid:
    """One key's part of what paying gave."""

    lines: tuple[PaymentLine, ...]
    moved: tuple[PaymentLine, ...]
    balances: tuple[Balance, ...]
    standing: Standing


def _by_key(result: Pay, keys: Iterable[StatementKey]) -> Mapping[StatementKey, _Paid]:
    lines: dict[tuple[str, str], list[PaymentLine]] = {}
    balances: dict[tuple[str, str], list[Balance]] = {}
    for line in result.lines:
        lines.setdefault((line.payee_id, line.principal), []).append(line)
    for balance in result.balances:
        balances.setdefault((balance.payee_id, balance.principal), []).append(balance)
    found = {}
    for key in keys:
        whose = key[:2]
        standing = result.standings.get(whose)
        if standing is None:
            continue
        every = lines.get(whose, [])
        kept = [
            line
            for line in every
            if line.what not in CARRYING
            or (line.what == "carried_out" and line.amount < 0 and line.month == standing.after)
        ]
        found[key] = _Paid(tuple(kept), tuple(every), tuple(balances.get(whose, ())), standing)
    return found


def relations_of(
    own: PlanTerms, terms: TermsByPayee, rows: PaymentRows, keys: Sequence[StatementKey]
) -> Relations:
    """Return what paying reads of some statements under one plan's terms."""
    wanted, payees = frozenset(keys), {key[0] for key in keys}
    every = own.relations
    return Relations(
        payees=tuple(row for row in every.payees if row.payee_id in payees),
        positions=tuple(row for row in every.positions if row.payee_id in payees),
        assignments=tuple(row for key in keys for row in terms.assignments(key, own)),
        leaves=tuple(row for row in every.leaves if row.payee_id in payees),
        holidays=every.holidays,
        adjustments=tuple(row for key, row in rows.adjustments if key in wanted),
        loans=tuple(row for key, row in rows.loans if key in wanted),
        openings=tuple(row for key, row in rows.openings if key in wanted),
        payee_caps=tuple(row for key, row in rows.caps if key in wanted),
    )


def landed_in(line: StatementLine, closed: ClosedBefore, period: Month) -> Line:
    """Return a line as paying reads it: in its own month if that is not paid yet.

    A difference that takes back of what was stated before is a reversal.
    """
    month = str(period)
    if line.original_period is not None and line.original_period >= closed.first_open(
        _key_of(line)
    ):
        month = line.original_period
    return Line(
        line.line_id,
        line.payee_id,
        line.principal_id,
        line.component,
        line.kind,  # type: ignore[arg-type]  # a statement's lines have the engine's kinds
        _what_landed(line),
        month,
        line.competence,
        line.amount,
        line.order_id,
        line.credit_id,
        line.share,
        line.reason,
        None,
        line.node_id,
    )


def _what_landed(line: StatementLine) -> What:
    if line.what == "restatement":
        return "reversal" if line.amount < 0 else "reinstatement"
    return line.what  # type: ignore[return-value]  # a line that landed has the engine's words


def _line(
    line: PaymentLine,
    own: PlanTerms,
    key: StatementKey,
    period: Month,
    like: StatementLine | None,
) -> StatementLine:
    return StatementLine(
        line_id=line.line_id,
        origin_line_id=line.line_id,
        payee_id=key[0],
        principal_id=key[1],
        plan=own.plan.name if like is None else like.plan,
        component=line.name or ("minimum" if line.what == "carried_out" else UNNAMED),
        kind=kind_of(line, own) if like is None else like.kind,
        what=_what(line.what),
        competence=line.month,
        original_period=None if line.month == str(period) else line.month,
        corrects=None,
        amount=line.amount,
        currency=key[2],
        order_id=None,
        credit_id=None,
        share=None,
        reason=line.reason,
        node_id=line.node_id,
    )


def _what(what: str) -> LineWhat:
    return what  # type: ignore[return-value]  # paying's words are among a statement line's


def kind_of(line: PaymentLine, own: PlanTerms) -> str:
    """Return what a payment line is to those who tax and book it."""
    match line.what:
        case "adjustment":
            return "bonus"
        case "draw":
            draw = own.checked.payment.draws.get(line.name)
            return "advance" if draw is None or draw.is_recoverable else "bonus"
        case "loan":
            return "advance"
        case "reserve_used" | "reserve_released" | "forgiven":
            return "refund"
        case _:
            return "recovery"


def _settle(paid: _Paid, before: ClosedAccounts | None, carried: Decimal) -> Settled:
    """Return what is due and where accounts stand; earlier months' pay meets a debt carried on."""
    nodes = {name: item.node_id for each in paid.balances for name, item in each.accounts.items()}
    due = sum((item.paid for item in paid.balances), ZERO)
    on = paid.standing.find("carried", "")
    opened, goes_on = (on.opened, on.amount) if on else (ZERO, carried)
    if due > 0 > goes_on:
        due, goes_on = max(due + goes_on, ZERO), min(due + goes_on, ZERO)
    accounts = [
        _move(account, paid.moved, before, nodes)
        for account in paid.standing.accounts
        if account.kind != "carried"
    ]
    periods = on.openings if on else ()
    if carried or opened or goes_on or periods:
        node = nodes.get("carried")
        accounts.append(
            AccountMove(
                "carried", "", carried, opened, ZERO, goes_on, openings=periods, node_id=node
            )
        )
    accounts += _outside(paid.moved)
    return Settled(due, goes_on, carried + opened, tuple(accounts))


def _move(
    account: StandingAccount,
    lines: Iterable[PaymentLine],
    before: ClosedAccounts | None,
    nodes: Mapping[str, UUID],
) -> AccountMove:
    stood = None if before is None else before.find(account.kind, account.name)
    name = f"loan {account.name}" if account.kind == "loan" else account.name
    own = (
        line.amount
        for line in lines
        if MOVED_BY.get(line.what) == account.kind and line.name == account.name
    )
    return AccountMove(
        account.kind,
        account.name,
        stood.after if stood else ZERO,
        account.opened,
        sum(own, ZERO),
        account.amount,
        account.parts,
        account.openings,
        account.was_full,
        None if account.kind in OF_CAPS else nodes.get(name),
    )


def _outside(lines: Iterable[PaymentLine]) -> Iterable[AccountMove]:
    """Give what was paid before the first period, and what was forgiven of a carried debt."""
    kinds: tuple[MoveKind, ...] = ("opening", "forgiven")
    for kind in kinds:
        moved = sum((line.amount for line in lines if MOVED_BY.get(line.what) == kind), ZERO)
        if moved:
            yield AccountMove(kind, "", ZERO, ZERO, moved, ZERO)


def _check(key: StatementKey, lines: Iterable[StatementLine], settled: Settled) -> None:
    stated = sum((line.amount for line in lines if line.what != "carried_out"), ZERO)
    due = stated + settled.brought_forward
    if due != settled.paid + settled.carried:
        raise PayDoesNotAddUp(key, due, settled)


def _no_plan(key: StatementKey, period: Month) -> Exception_:
    return Exception_(
        "payment_without_plan",
        f"Something is recorded to be paid in {key[2]}, and no plan has that currency",
        "Publish a plan in that currency, or record it in another",
        key[0],
        None,
        str(period),
        blocks=True,
    )
