"""Small whole numbers for what the results say in words elsewhere."""

from collections.abc import Mapping
from enum import IntEnum

from premia_plan import results


class What(IntEnum):
    """What a line is."""

    RELEASE = 0
    REVERSAL = 1
    VOID_RELEASE = 2
    HELD = 3
    NOT_PAID = 4


WORDS: Mapping[int, results.What] = {
    What.RELEASE: "release",
    What.REVERSAL: "reversal",
    What.VOID_RELEASE: "void_release",
    What.HELD: "held",
    What.NOT_PAID: "not_paid",
}


class Standing(IntEnum):
    """How a payee stands towards the plan for an order; only PAID is paid."""

    PAID = 0
    NOT_PARTICIPATING = 1
    NOT_ASSIGNED = 2
    OTHER_PRINCIPAL = 3
    UNKNOWN = 4
    MISSING = 5


STANDING_CODES: Mapping[int, str] = {
    Standing.NOT_PARTICIPATING: "payee_not_participating",
    Standing.NOT_ASSIGNED: "payee_not_assigned",
    Standing.OTHER_PRINCIPAL: "assigned_to_other_principal",
}
"""The reasons for which those are not paid who are known."""


class Why(IntEnum):
    """Why a line is held, not paid or taken back; `NONE` where it needs no reason."""

    NONE = 0
    STANDING = 1
    RATE_MISSING = 2
    WAITS = 4
    DROPPED = 5
    TAKEN_BACK = 6
    VOID = 7
    RECOUNTED = 8
    REFUSED = 9
    CONDITION = 10


class Refusal(IntEnum):
    """Why a cell could not be paid."""

    NONE = 0
    TARGET_MISSING = 1
    TARGET_AMBIGUOUS = 2
    TARGET_ZERO = 3
    MEASUREMENT_MISSING = 4
    MEASUREMENT_AMBIGUOUS = 5
