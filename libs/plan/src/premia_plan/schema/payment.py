"""The payment section."""

from premia_plan.schema.shapes import MONEY, Schema, object_of, one_of, text


def payment() -> Schema:
    """Return the shape of how balances are paid."""
    return object_of({"negative_balance": one_of("carried"), "minimum": text(MONEY)})
