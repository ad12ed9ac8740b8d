"""Plans whose statements are to be in the payees' currencies, which runs do not write yet."""

from collections.abc import Iterator

from premia_plan.checked import CheckedPlan
from premia_plan.results import Exception_


def not_stated(name: str, plan: CheckedPlan) -> Iterator[Exception_]:
    """Say of a plan with a currency for statements that its statements are in the plan's.

    Somebody must accept that by name: what is paid is right, what a payee reads is not as agreed.
    """
    if plan.currencies.statement is not None:
        yield Exception_(
            "statement_currency_not_applied",
            f"{name} states its statements in {plan.currencies.statement.currency.text}; these "
            f"are in {plan.currency}",
            f"Take currencies.statement out of the plan, or accept statements in {plan.currency} "
            "by name",
            None,
            None,
            None,
            blocks=True,
        )
