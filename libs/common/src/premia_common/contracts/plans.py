"""What plans-api publishes: plans, and everybody and everything they speak of."""

from datetime import date
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from premia_common.contracts.envelope import FactEvent, FactKey
from premia_common.contracts.fields import (
    DatedAttribute,
    DatedExternalId,
    Instant,
    Label,
    MoneyOut,
    MonthText,
    Part,
    Sha256,
)

PUBLISHER = "plans-api"


def _is_unsaid(value: object) -> bool:
    return value is None


def _is_empty(value: object) -> bool:
    return value == ()


class _PlansSnapshot(FactEvent):
    publisher: ClassVar[str] = PUBLISHER
    nature: ClassVar[Literal["fact", "snapshot", "notice"]] = "snapshot"

    version: int
    """Grows by one with each change of the thing."""


class PrincipalChanged(_PlansSnapshot):
    """A company of the tenant that owes payees."""

    type: ClassVar[str] = "premia.principal.changed.v1"

    principal_id: UUID
    code: str
    """How orders name it, and SAP's company code."""
    name: str
    country: str
    currency: str
    vat_number: str | None = None

    @property
    def subject(self) -> str:
        return str(self.principal_id)

    @property
    def fact_key(self) -> FactKey:
        return FactKey("principal", str(self.principal_id), f"{self.version:010d}")


class PayeeChanged(_PlansSnapshot):
    """Who is paid: a person or a company, with the codes other systems know it by."""

    type: ClassVar[str] = "premia.payee.changed.v1"

    payee_id: UUID
    code: str
    name: str
    kind: str
    language: str
    attributes: dict[str, str]
    external_ids: tuple[DatedExternalId, ...]
    valid_from: date
    valid_to: date | None = None
    dated_attributes: tuple[DatedAttribute, ...] = Field(default=(), exclude_if=_is_empty)
    """What plans call `payee.<name>` on a day: target pay, weights, the share of the period."""

    @property
    def subject(self) -> str:
        return str(self.payee_id)

    @property
    def fact_key(self) -> FactKey:
        return FactKey("payee", str(self.payee_id), f"{self.version:010d}")


class PayeeCap(Part):
    """The most that all plans of the principal together may pay the payee in a month."""

    amount: MoneyOut
    valid_from: date
    valid_to: date | None = None
    priority: tuple[str, ...] = Field(default=(), exclude_if=_is_empty)
    """Components: those named later lose first, those not named before them all."""


class MandateChanged(_PlansSnapshot):
    """A dated contract between a principal and a payee."""

    type: ClassVar[str] = "premia.mandate.changed.v1"

    mandate_id: UUID
    principal_id: UUID
    payee_id: UUID
    valid_from: date
    valid_to: date | None = None
    payee_caps: tuple[PayeeCap, ...] = Field(default=(), exclude_if=_is_empty)
    """What the agreement says of the payee's pay as a whole."""

    @property
    def subject(self) -> str:
        return str(self.mandate_id)

    @property
    def fact_key(self) -> FactKey:
        return FactKey("mandate", str(self.mandate_id), f"{self.version:010d}")


class Holding(Part):
    """Who holds a position, from when to when (half-open)."""

    payee_id: UUID
    valid_from: date
    valid_to: date | None = None


class ReportingLine(Part):
    """To which position a position reports, from when to when (half-open)."""

    reports_to: UUID
    valid_from: date
    valid_to: date | None = None


class PositionChanged(_PlansSnapshot):
    """A position in a hierarchy with its whole dated history."""

    type: ClassVar[str] = "premia.position.changed.v1"

    position_id: UUID
    code: str
    hierarchy: str
    holdings: tuple[Holding, ...]
    reporting_lines: tuple[ReportingLine, ...]
    dated_attributes: tuple[DatedAttribute, ...] = Field(default=(), exclude_if=_is_empty)
    """What plans call `position.<name>` on a day."""

    @property
    def subject(self) -> str:
        return str(self.position_id)

    @property
    def fact_key(self) -> FactKey:
        return FactKey("position", str(self.position_id), f"{self.version:010d}")


class AssignmentChanged(_PlansSnapshot):
    """Under which plan a mandate earns, from when to when (half-open)."""

    type: ClassVar[str] = "premia.assignment.changed.v1"

    assignment_id: UUID
    plan_id: UUID
    plan_name: str
    mandate_id: UUID
    principal_id: UUID
    payee_id: UUID
    valid_from: date
    valid_to: date | None = None

    @property
    def subject(self) -> str:
        return str(self.assignment_id)

    @property
    def fact_key(self) -> FactKey:
        return FactKey("assignment", str(self.assignment_id), f"{self.version:010d}")


class TerritoryChanged(_PlansSnapshot):
    """A place in the territory tree."""

    type: ClassVar[str] = "premia.territory.changed.v1"

    code: str
    parent: str | None
    label: Label

    @property
    def subject(self) -> str:
        return self.code

    @property
    def fact_key(self) -> FactKey:
        return FactKey("territory", self.code, f"{self.version:010d}")


class ProductCategoryChanged(_PlansSnapshot):
    """A place in the product category tree."""

    type: ClassVar[str] = "premia.product_category.changed.v1"

    code: str
    parent: str | None
    label: Label

    @property
    def subject(self) -> str:
        return self.code

    @property
    def fact_key(self) -> FactKey:
        return FactKey("product_category", self.code, f"{self.version:010d}")


class TargetValue(Part):
    """The target of one month, perhaps only from a day within it on."""

    month: MonthText
    amount: MoneyOut
    valid_from: date | None = Field(default=None, exclude_if=_is_unsaid)
    """The day from which it holds, where the target changed within the month."""


class TargetSet(_PlansSnapshot):
    """A payee's targets under one name, all months that are set."""

    type: ClassVar[str] = "premia.target.set.v1"

    target_id: UUID
    payee_id: UUID
    name: str
    values: tuple[TargetValue, ...]

    @property
    def subject(self) -> str:
        return str(self.target_id)

    @property
    def fact_key(self) -> FactKey:
        return FactKey("target", str(self.target_id), f"{self.version:010d}")


class PlanPublished(_PlansSnapshot):
    """A plan version as two people published it: the whole document, never changed."""

    type: ClassVar[str] = "premia.plan.published.v1"

    plan_id: UUID
    plan_name: str
    principal_id: UUID
    content_hash: Sha256
    document: dict[str, Any]
    """The canonical document; its canonical JSON hashes to `content_hash`."""
    published_at: Instant

    @property
    def subject(self) -> str:
        return str(self.plan_id)

    @property
    def fact_key(self) -> FactKey:
        return FactKey("plan", str(self.plan_id), f"{self.version:010d}")


class PlanRetired(_PlansSnapshot):
    """A published plan version earns for no new order from a day on."""

    type: ClassVar[str] = "premia.plan.retired.v1"

    plan_id: UUID
    plan_name: str
    retired_version: int
    retired_from: date

    @property
    def subject(self) -> str:
        return str(self.plan_id)

    @property
    def fact_key(self) -> FactKey:
        return FactKey("plan_retirement", str(self.plan_id), f"{self.version:010d}")


class PlanAcceptanceRecorded(FactEvent):
    """A payee accepted the exact document of a plan version."""

    type: ClassVar[str] = "premia.plan_acceptance.recorded.v1"
    publisher: ClassVar[str] = PUBLISHER
    nature: ClassVar[Literal["fact", "snapshot", "notice"]] = "fact"

    plan_id: UUID
    plan_version: int
    content_hash: Sha256
    payee_id: UUID
    accepted_on: date

    @property
    def subject(self) -> str:
        return str(self.plan_id)

    @property
    def fact_key(self) -> FactKey:
        return FactKey(
            "plan_acceptance", f"{self.plan_id}/{self.payee_id}", f"{self.plan_version:010d}"
        )
