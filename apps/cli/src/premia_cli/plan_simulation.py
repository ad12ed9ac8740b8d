"""`premia plan simulate`: what a plan would pay on a folder of tables, and why."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from premia_cli.months import FirstMonthIfAny, LastMonthIfAny
from premia_cli.offline.formats import TableUnreadable
from premia_cli.offline.trial import Trial, try_plan
from premia_cli.output import Format, console, errors, print_json, print_rows
from premia_cli.plan_files import PlanFile, usable_plan
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.narration import Language

REFUSED = 1
INCOMPLETE = 4
"""Done, but rows were left out or an exception would keep a statement from approval."""
NOT_PAID = {"held": "held until an order has come far enough", "not_paid": "not paid"}
"""What is earned and in none of the sums."""
ZERO = Decimal(0)
Sums: TypeAlias = Mapping[str, Decimal]


def simulate(
    file: PlanFile,
    *,
    data: Annotated[
        Path, typer.Option("--data", exists=True, file_okay=False, help="Folder of tables.")
    ],
    since: FirstMonthIfAny = None,
    until: LastMonthIfAny = None,
    orders: Annotated[
        list[str] | None, typer.Option("--order", help="Explain this order; may be given often.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", exists=True, dir_okay=False, help="Another plan to compare."),
    ] = None,
    language: Annotated[
        Language, typer.Option("--language", help="The language of an order's reasons.")
    ] = "en",
    output: Annotated[Format, typer.Option("--output", help="table or json")] = Format.TABLE,
) -> None:
    """Say what a plan would pay on a folder of tables; nothing is written.

    With `--order`, every line of an order with its reason. With `--against`, who wins and who
    loses, compared with another plan.

    Ends with 1 if the plan or a table cannot be used, and with 4 if rows were left out or an
    exception would keep a statement from approval.
    """
    plan = usable_plan(file)
    trial = _tried(plan, data, since, until)
    other = None
    if against is not None:
        other = _tried(usable_plan(against), data, since, trial.until)
    if output is Format.JSON:
        print_json(_told(plan, trial, other, orders or [], language))
    else:
        _tell(plan, trial, other, orders or [], language)
    if trial.rejected or any(item.blocks for item in trial.result.exceptions):
        raise typer.Exit(INCOMPLETE)


def _tell(
    plan: CheckedPlan, trial: Trial, other: Trial | None, orders: list[str], language: Language
) -> None:
    _tell_sums(
        plan, "component", trial.paid_by_component(), other.paid_by_component() if other else None
    )
    _tell_sums(plan, "payee", trial.paid_by_payee(), other.paid_by_payee() if other else None)
    for what, amount in trial.not_paid().items():
        told = NOT_PAID.get(what, what)
        console.print(f"besides {amount:f} {plan.currency} {told}", markup=False, soft_wrap=True)
    for order in orders:
        _tell_order(trial, order, plan.currency, language)
    for row in trial.rejected:
        errors.print(str(row), markup=False, soft_wrap=True)
    for note in trial.folder.notes:
        console.print(f"note: {note}", markup=False, soft_wrap=True)
    for item in trial.result.exceptions:
        errors.print(f"{item.message}. {item.what_to_do}", markup=False, soft_wrap=True)
    console.print(f"{plan.name}: {len(trial.result.lines)} lines up to {trial.until}")


def _tried(plan: CheckedPlan, data: Path, since: Month | None, until: Month | None) -> Trial:
    try:
        return try_plan(plan, data, since=since, until=until)
    except TableUnreadable as error:
        errors.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(REFUSED) from None


def _both(
    trial: Trial, other: Trial | None, sums: Callable[[Trial], Sums]
) -> tuple[Sums, Sums | None]:
    return sums(trial), sums(other) if other is not None else None


def _sums(noun: str, sums: Sums, others: Sums | None) -> list[dict[str, str]]:
    """Return a row for each name; beside another plan, the largest loss first."""
    if others is None:
        return [{noun: name, "paid": format(amount, "f")} for name, amount in sums.items()]
    rows = [
        (sums.get(name, ZERO) - others.get(name, ZERO), name) for name in sorted({*sums, *others})
    ]
    return [
        {
            noun: name,
            "paid": format(sums.get(name, ZERO), "f"),
            "other plan": format(others.get(name, ZERO), "f"),
            "difference": format(difference, "+f"),
        }
        for difference, name in sorted(rows)
    ]


def _tell_sums(
    plan: CheckedPlan,
    noun: str,
    sums: Sums,
    others: Sums | None,
) -> None:
    rows = _sums(noun, sums, others)
    columns = [noun, "paid", "other plan", "difference"][: 2 if others is None else 4]
    total = sum(sums.values(), ZERO)
    title = f"{plan.name}: {total:,f} {plan.currency} by {noun}".replace(",", " ")
    print_rows(rows, columns, Format.TABLE, title=title)


def _tell_order(trial: Trial, order: str, currency: str, language: Language) -> None:
    lines = trial.lines_of(order, language)
    if not lines and trial.knows(order):
        why = "it is in the tables, but not under this plan: see its valid, covers and shares"
        console.print(f"{order}: no line; {why}", markup=False, soft_wrap=True)
    elif not lines:
        console.print(f"{order}: no line; it is not in the tables", markup=False, soft_wrap=True)
    for line, reason in lines:
        when = line.month or line.what
        console.print(
            f"{order} {line.payee_id or 'nobody'} {when} {line.component} "
            f"{line.amount} {currency}: {reason}",
            markup=False,
            soft_wrap=True,
        )


def _told(
    plan: CheckedPlan, trial: Trial, other: Trial | None, orders: list[str], language: Language
) -> dict[str, object]:
    return {
        "plan": plan.name,
        "currency": plan.currency,
        "until": str(trial.until),
        "components": _sums("component", *_both(trial, other, Trial.paid_by_component)),
        "payees": _sums("payee", *_both(trial, other, Trial.paid_by_payee)),
        "not_paid": {what: format(amount, "f") for what, amount in trial.not_paid().items()},
        "orders": {
            order: [
                {
                    "payee": line.payee_id,
                    "component": line.component,
                    "what": line.what,
                    "month": line.month,
                    "amount": format(line.amount, "f"),
                    "reason": reason,
                }
                for line, reason in trial.lines_of(order, language)
            ]
            for order in orders
        },
        "exceptions": [item.message for item in trial.result.exceptions],
        "rows_left_out": [str(row) for row in trial.rejected],
        "notes": list(trial.folder.notes),
    }
