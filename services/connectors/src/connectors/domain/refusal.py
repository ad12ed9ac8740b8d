"""Why one record cannot be read, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class RefusalCode(StrEnum):
    """The reasons for which a record goes to quarantine."""

    MISSING_FIELD = "MISSING_FIELD"
    BAD_TYPE = "BAD_TYPE"
    MONEY_SCALE = "MONEY_SCALE"
    UNKNOWN_CURRENCY = "UNKNOWN_CURRENCY"
    UNMAPPED_STATE = "UNMAPPED_STATE"
    UNKNOWN_SOBJECT = "UNKNOWN_SOBJECT"
    UNKNOWN_EVENT_TYPE = "UNKNOWN_EVENT_TYPE"
    FUTURE_DATE = "FUTURE_DATE"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    ROW_SHAPE = "ROW_SHAPE"
    NO_MAPPING = "NO_MAPPING"


WHAT_TO_DO: dict[RefusalCode, str] = {
    RefusalCode.MISSING_FIELD: "Add the field at the source, or replay with a repaired record.",
    RefusalCode.BAD_TYPE: "Correct the value at the source, or replay with a repaired record.",
    RefusalCode.MONEY_SCALE: (
        "Send the amount in whole minor units of its currency, or replay it repaired."
    ),
    RefusalCode.UNKNOWN_CURRENCY: "Use a currency the platform knows, then replay.",
    RefusalCode.UNMAPPED_STATE: (
        "Add the status to a new mapping version of the source, then replay this entry."
    ),
    RefusalCode.UNKNOWN_SOBJECT: "Remove the object from the message, or map it first.",
    RefusalCode.UNKNOWN_EVENT_TYPE: "Send one of the event types of the ingest contract.",
    RefusalCode.FUTURE_DATE: (
        "Check the source's clock and time zone; replay once the day has come, or repaired."
    ),
    RefusalCode.VERSION_CONFLICT: (
        "Two contents carry the same version.  Save the record again at the source, "
        "so that it gets a new version."
    ),
    RefusalCode.ROW_SHAPE: "Give the row as many columns as the header, then replay it repaired.",
    RefusalCode.NO_MAPPING: "Give the source a mapping, then replay this entry.",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One record's refusal: the code, the field at fault, its value, and a sentence."""

    code: RefusalCode
    detail: str
    field: str | None = None
    value: str | None = None

    @property
    def what_to_do(self) -> str:
        """What the reader can do.

        >>> Refusal(RefusalCode.ROW_SHAPE, "3 columns instead of 4").what_to_do[:12]
        'Give the row'
        """
        return WHAT_TO_DO[self.code]


class RecordRefused(Exception):
    """Raised when a record cannot be read; it goes to quarantine, its neighbours do not."""

    def __init__(
        self, code: RefusalCode, detail: str, *, field: str | None = None, value: object = None
    ) -> None:
        shown = None if value is None else str(value)[:200]
        self.refusal = Refusal(code, detail, field, shown)
        super().__init__(f"{code.value}: {detail}  {self.refusal.what_to_do}")
