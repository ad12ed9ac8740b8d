"""Named state models: the states an order can reach, in no order of their own.

A later state implies no earlier one; a plan counts the first arrival at each.
"""

from collections.abc import Mapping

STATE_MODELS: Mapping[str, frozenset[str]] = {
    "energy_order": frozenset(
        {
            "signed",
            "verified",
            "accepted",
            "rejected",
            "activated",
            "first_bill_paid",
            "cancelled",
            "churned",
            "withdrawn",
        }
    ),
    "installation": frozenset(
        {
            "signed",
            "accepted",
            "rejected",
            "installed",
            "tested",
            "first_bill_paid",
            "cancelled",
        }
    ),
}
