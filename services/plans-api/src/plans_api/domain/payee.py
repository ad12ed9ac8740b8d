"""Payees: the persons and companies that are paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from plans_api.domain.dated_attribute import DatedAttribute, must_be_told_apart
from plans_api.domain.occupancy import Occupancy
from plans_api.domain.record import Key
from plans_api.domain.window import Window


class ExternalIdTaken(Exception):
    """Raised when two payees would have the same external code on the same day."""

    def __init__(self, system: str, code: str, window: Window, holder: UUID) -> None:
        self.holder = holder
        super().__init__(
            f"{system} code {code} belongs to payee {holder} on days of {window}.  "
            "End it there first, or correct valid_from and valid_to here."
        )


class ExternalIdRepeated(ValueError):
    """Raised when a payee names the same external code twice for the same day."""


@dataclass(frozen=True, slots=True)
class ExternalId:
    """A code by which another system knows the payee, and on which days."""

    system: str
    code: str
    window: Window

    @property
    def name(self) -> tuple[str, str]:
        """System and code."""
        return (self.system, self.code)


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid.  Plans decide by `kind` and `attributes` who takes part."""

    code: str
    name: str
    kind: str
    language: str
    attributes: Mapping[str, str]
    external_ids: tuple[ExternalId, ...]
    window: Window
    dated_attributes: tuple[DatedAttribute, ...] = ()

    def __post_init__(self) -> None:
        must_be_told_apart(self.dated_attributes, undated=(*self.attributes, "kind", "id"))
        seen: dict[tuple[str, str], list[Window]] = {}
        for external in self.external_ids:
            earlier = seen.setdefault(external.name, [])
            if any(window.meets(external.window) for window in earlier):
                raise ExternalIdRepeated(
                    f"{external.system} code {external.code} is given twice for the same day"
                )
            earlier.append(external.window)

    @property
    def key(self) -> Key:
        """The code."""
        return (self.code,)

    def claim_codes(self, payee_id: UUID, taken: Occupancy[tuple[str, str]]) -> None:
        """Note this payee's external codes among those taken.

        Raises:
            ExternalIdTaken: if another payee has one of them on the same day; none is noted then.
        """
        for external in self.external_ids:
            holder = taken.occupant(external.name, external.window, other_than=payee_id)
            if holder is not None:
                raise ExternalIdTaken(external.system, external.code, external.window, holder)
        for external in self.external_ids:
            taken.occupy(external.name, external.window, payee_id)
