"""Principals: the companies of the tenant that owe payees."""

from dataclasses import dataclass

from plans_api.domain.record import Key


@dataclass(frozen=True, slots=True)
class Principal:
    """A company that pays commissions; `code` is how orders and SAP name it."""

    code: str
    name: str
    country: str
    currency: str
    vat_number: str | None = None

    @property
    def key(self) -> Key:
        """The code."""
        return (self.code,)
