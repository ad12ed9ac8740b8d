"""The two sides of a document, and the contract between them, as plans-api announced them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


class PrincipalNotKnown(Exception):
    """Raised when a principal has not been announced yet."""

    def __init__(self, principal_id: UUID) -> None:
        super().__init__(
            f"Principal {principal_id} is not known here.  Check the id, or wait until plans-api "
            "has announced it."
        )


@dataclass(frozen=True, slots=True)
class Principal:
    """The company that owes, and receives the invoice."""

    id: UUID
    version: int
    code: str
    name: str
    country: str
    vat_number: str | None


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid."""

    id: UUID
    version: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """A dated contract between the two."""

    id: UUID
    version: int
    principal_id: UUID
    payee_id: UUID
    valid_from: date
    valid_to: date | None
