"""Payees, who reports to whom, and who is assigned to the plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from premia_plan.relations.ordering import Key
from premia_plan.relations.values import Attribute


@dataclass(frozen=True, slots=True)
class PayeeRow:
    """A payee's attributes (kind, channel and whatever a plan declares) while they were valid."""

    KEY: ClassVar[Key] = ("payee_id", "valid_from")

    payee_id: str
    valid_from: date | None
    valid_to: date | None
    attributes: Mapping[str, Attribute]


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A position's attributes while a payee held it and they were valid."""

    KEY: ClassVar[Key] = ("payee_id", "position", "valid_from")

    payee_id: str
    position: str
    valid_from: date | None
    valid_to: date | None
    attributes: Mapping[str, Attribute]


@dataclass(frozen=True, slots=True)
class PayeeRef:
    """A payee as an order names it: resolved to our id, or still the source's own code."""

    payee_id: str | None
    system: str = ""
    code: str = ""

    @classmethod
    def known(cls, payee_id: str) -> "PayeeRef":
        """Return a reference that is resolved.

        >>> PayeeRef.known("A1").is_resolved
        True
        """
        return cls(payee_id)

    @classmethod
    def unknown(cls, system: str, code: str) -> "PayeeRef":
        """Return a reference that no payee answers to yet.

        >>> PayeeRef.unknown("salesforce", "AG-9").is_resolved
        False
        """
        return cls(None, system, code)

    @property
    def is_resolved(self) -> bool:
        """Say whether the payee is known."""
        return self.payee_id is not None


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """Who reports to whom in a hierarchy, while it was so."""

    KEY: ClassVar[Key] = ("hierarchy", "payee_id", "valid_from", "reports_to")

    hierarchy: str
    payee_id: str
    reports_to: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A payee assigned to the plan under a mandate, and whether the payee accepted the plan."""

    KEY: ClassVar[Key] = ("assignment_id",)

    assignment_id: str
    mandate_id: str
    principal: str
    payee_id: str
    valid_from: date | None
    valid_to: date | None
    accepted: bool = True
