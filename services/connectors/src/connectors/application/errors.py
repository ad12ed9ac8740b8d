"""What the use cases refuse."""

from uuid import UUID


class SourceNotFound(LookupError):
    """Raised when the tenant has no such source."""


class SourceExists(Exception):
    """Raised when a source of the same code exists already."""

    def __init__(self, code: str) -> None:
        super().__init__(f"there is a source {code!r} already; use it, or choose another code")


class MessageNotFound(LookupError):
    """Raised when the tenant has no such message."""

    def __init__(self, message_id: UUID) -> None:
        super().__init__(f"there is no message {message_id}")


class QuarantineEntryNotFound(LookupError):
    """Raised when the tenant has no such quarantine entry."""

    def __init__(self, entry_id: UUID) -> None:
        super().__init__(f"there is no quarantine entry {entry_id}")


class QuarantineEntryReleased(Exception):
    """Raised when a released entry is to be replayed."""

    def __init__(self, entry_id: UUID) -> None:
        super().__init__(f"quarantine entry {entry_id} was released already; nothing is left to do")


class FileNotFound(LookupError):
    """Raised when the tenant has no such file."""

    def __init__(self, file_id: UUID) -> None:
        super().__init__(f"there is no file {file_id}")


class FileNameTaken(Exception):
    """Raised when a file of the same name and other content was handed in before."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"a file named {name!r} with other content was handed in before; "
            "give the new content a new name"
        )


class DeliveryKeyReused(Exception):
    """Raised when an event id comes again with another body."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"{key!r} was delivered before with another body; use a new id for new content"
        )


class WrongOrganisation(Exception):
    """Raised when a message comes from another organisation than the source's."""

    def __init__(self) -> None:
        super().__init__(
            "the message's organisation id is not the one this source expects; nothing was stored"
        )


class WatermarkInFuture(ValueError):
    """Raised when a watermark speaks of an instant that has not come."""

    def __init__(self) -> None:
        super().__init__("known_up_to lies in the future; give an instant that has passed")


class WrongSourceKind(Exception):
    """Raised when a message comes through a door that its source does not have."""

    def __init__(self, code: str, kind: str) -> None:
        super().__init__(f"source {code!r} is of kind {kind}; use the endpoint of that kind")
