"""Adjustments, loans and opening balances as they were recorded, by whose statement they move."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from calc_engine.domain.changed_openings import changed_openings
from calc_engine.domain.closed_before import ClosedBefore
from calc_engine.domain.fact import Fact
from calc_engine.domain.named import Names, unknown_name
from calc_engine.domain.opening_owners import Opening, OpeningOwners
from calc_engine.domain.order_states import owned_source
from calc_engine.domain.paid_elsewhere import paid_elsewhere
from calc_engine.domain.payee_caps import payee_caps
from calc_engine.domain.payment_accounts import PostedPayment
from calc_engine.domain.plan_terms import TermsByPayee
from calc_engine.domain.proposal import StatementKey
from calc_engine.domain.records import Records
from premia_common.periods import Month
from premia_plan.relations import AdjustmentRow, LoanRow, OpeningRow, PayeeCapRow
from premia_plan.results import Exception_


@dataclass(frozen=True, slots=True)
class PaymentRows:
    """Rows by the statement they move, and what is told of those that move none."""

    adjustments: tuple[tuple[StatementKey, AdjustmentRow], ...]
    loans: tuple[tuple[StatementKey, LoanRow], ...]
    openings: tuple[tuple[StatementKey, OpeningRow], ...]
    exceptions: tuple[Exception_, ...]
    caps: tuple[tuple[StatementKey, PayeeCapRow], ...] = ()

    @property
    def keys(self) -> frozenset[StatementKey]:
        """The statements that some row moves; a cap takes only of what others move."""
        rows = (*self.adjustments, *self.loans, *self.openings)
        return frozenset(key for key, _ in rows)


def payment_rows(
    records: Records,
    terms: TermsByPayee,
    *,
    closed: ClosedBefore,
    posted: Iterable[PostedPayment],
) -> PaymentRows:
    """Read the rows; one that names nobody is told, and used as soon as somebody has that name.

    Args:
        records: what was recorded.
        terms: who takes part in which plan.
        closed: where payees stood after their last approved statement.
        posted: what approved statements took in: that stays with whom it was taken in for.
    """
    names, exceptions = Names(records), list[Exception_]()
    adjustments, loans = [], []
    for fact in records.of_kind("adjustment"):
        if fact.body["status"] == "declined":
            continue
        key = _key(fact, names, exceptions)
        if key is not None:
            adjustments.append((key, _adjustment(fact, key)))
    for fact in records.counting("loan"):
        key = _key(fact, names, exceptions)
        if key is not None:
            loans.append((key, _loan(fact, key)))
    openings, unnamed = _openings(records, names, exceptions)
    owners = OpeningOwners(terms, closed, posted, openings)
    for fact, row in unnamed:
        found = owners.find(row, fact.body["currency"])
        if len(found) == 1:
            openings.append(((row.payee_id, found[0], fact.body["currency"]), row))
        else:
            exceptions.append(_no_principal(fact, row, found, records))
    exceptions += _not_approved(records, names)
    caps = tuple(payee_caps(records.of_kind("mandate")))
    return PaymentRows(tuple(adjustments), tuple(loans), tuple(openings), tuple(exceptions), caps)


def _not_approved(records: Records, names: Names) -> Iterator[Exception_]:
    """Tell of each payee known by now that rows about it wait for a second person."""
    for fact in records.of_kind("proposed_load"):
        body = fact.body
        for name in body["payees"] if body["status"] == "proposed" else ():
            payee = names.payee(name)
            if payee is not None:
                yield Exception_(
                    "rows_not_approved",
                    f"{body['kind'].capitalize()} rows about {name} from {body['source']} wait for "
                    f"a second person (load {fact.key}); they have no effect until then",
                    "Let another person than who loaded them approve or decline them",
                    payee,
                    None,
                    None,
                    blocks=True,
                )


def opening_row(fact: Fact, payee_id: str) -> OpeningRow:
    """Return an opening balance of a payee."""
    body = fact.body
    return OpeningRow(
        body["balance"],
        payee_id,
        body["name"],
        body["period"],
        Decimal(body["amount"]),
        date.fromisoformat(body["on"]),
        owned_source(fact, f"opening balance, {body['source']}"),
    )


def counted_once(
    rows: PaymentRows,
    posted: Collection[PostedPayment],
    closed: ClosedBefore,
    go_live: Month,
) -> PaymentRows:
    """Return the rows with those left out that were paid, and those moved that came too late.

    What is of a month that was paid already counts in the first month that was not.  Adjustments
    of months before go-live were paid elsewhere.  A loan that was lent is not lent again where a
    later version of it names a later month; it is still recovered.  What was paid elsewhere is
    taken once, whenever it becomes known; of an opening balance that is another since it counted
    the difference counts.
    """
    paid = {
        (item.payee_id, item.principal_id, item.currency, item.what, item.name) for item in posted
    }
    exceptions = list(rows.exceptions)
    adjustments = []
    for key, row in rows.adjustments:
        if (*key, "adjustment", row.adjustment_id) in paid:
            continue
        if row.month < str(go_live):
            exceptions.append(_before_go_live(row, go_live))
            continue
        adjustments.append((key, replace(row, month=max(row.month, closed.first_open(key)))))
    loans = []
    for key, loan in rows.loans:
        first, last = closed.first_open(key), closed.find(key)
        if (*key, "loan", loan.loan_id) in paid:
            if last is not None and loan.month > last.after:
                loan = replace(loan, month=last.after)  # noqa: PLW2901 - it was lent by then
        elif str(go_live) <= loan.month < first:
            loan = replace(loan, month=first)  # noqa: PLW2901 - it lands later
        loans.append((key, loan))
    paid_before = [item for item in rows.openings if item[1].kind == "paid"]
    others = [item for item in rows.openings if item[1].kind != "paid"]
    openings, told = paid_elsewhere(paid_before, posted, closed, go_live)
    changed, changes = changed_openings(others, posted, closed)
    return replace(
        rows,
        adjustments=tuple(adjustments),
        loans=tuple(loans),
        openings=(*others, *changed, *openings),
        exceptions=(*exceptions, *told, *changes),
    )


def _key(fact: Fact, names: Names, exceptions: list[Exception_]) -> StatementKey | None:
    body = fact.body
    payee, principal = names.payee(body["payee"]), names.principal(body["principal"])
    if payee is None:
        exceptions.append(unknown_name(fact, "payee", body["payee"]))
        return None
    if principal is None:
        exceptions.append(unknown_name(fact, "principal", body["principal"]))
        return None
    return payee, principal, body["amount"]["currency"]


def _openings(
    records: Records, names: Names, exceptions: list[Exception_]
) -> tuple[list[Opening], list[tuple[Fact, OpeningRow]]]:
    """Return the balances of statements, and apart from them those that name no principal."""
    found: list[Opening] = []
    unnamed: list[tuple[Fact, OpeningRow]] = []
    for fact in records.counting("opening"):
        body = fact.body
        if body["balance"] == "measure":
            continue
        payee, named = names.payee(body["payee"]), body["principal"]
        principal = None if named is None else names.principal(named)
        if payee is None:
            exceptions.append(unknown_name(fact, "payee", body["payee"]))
        elif named is None:
            unnamed.append((fact, opening_row(fact, payee)))
        elif principal is None:
            exceptions.append(unknown_name(fact, "principal", named))
        else:
            found.append(((payee, principal, body["currency"]), opening_row(fact, payee)))
    return found, unnamed


def _no_principal(
    fact: Fact, row: OpeningRow, owners: Sequence[str], records: Records
) -> Exception_:
    """Return what is told of a balance that nobody or more than one could owe."""
    if not owners:
        told = unknown_name(fact, "principal", f"of {fact.body['payee']}")
        return replace(told, payee_id=row.payee_id)
    codes = {found: code for code, found in records.principal_codes.items()}
    several = " and ".join(sorted(codes.get(owner, owner) for owner in owners))
    balance = f"{row.kind} {row.name}".strip()
    return Exception_(
        "opening_of_several_principals",
        f"The opening {balance} of {fact.body['payee']}, {row.amount} {fact.body['currency']} on "
        f"{row.on}, is not used: it names no principal, and {several} may owe it",
        "Withdraw it, and load it again with the principal that owes it",
        row.payee_id,
        None,
        None,
        blocks=True,
    )


def _adjustment(fact: Fact, key: StatementKey) -> AdjustmentRow:
    body = fact.body
    return AdjustmentRow(
        fact.key,
        key[0],
        key[1],
        body["month"],
        Decimal(body["amount"]["amount"]),
        body["reason"],
        body["made_by"],
        body["approved_by"],
        _day(body["approved_on"]),
        _day(body["expires_on"]),
        owned_source(fact, f"adjustment: {body['reason']}"),
    )


def _loan(fact: Fact, key: StatementKey) -> LoanRow:
    body = fact.body
    return LoanRow(
        body["loan_id"],
        key[0],
        key[1],
        body["month"],
        Decimal(body["amount"]["amount"]),
        Decimal(body["instalment"]["amount"]),
        body["recovered_from"],
        owned_source(fact, f"loan {body['loan_id']}"),
    )


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def _before_go_live(row: AdjustmentRow, go_live: Month) -> Exception_:
    return Exception_(
        "adjustment_before_go_live",
        f"Adjustment {row.adjustment_id} of {row.amount} is of {row.month}, before {go_live}: it "
        "is not paid here",
        f"Make it again for {go_live} or later if it is still meant",
        row.payee_id,
        None,
        row.month,
        blocks=False,
    )
