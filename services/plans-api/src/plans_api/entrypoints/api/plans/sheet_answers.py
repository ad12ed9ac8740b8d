"""What is answered about a sheet that was taken."""

from typing import Self

from pydantic import BaseModel, Field

from plans_api.application.edit_sheet import PlacedFinding, SheetTaken
from plans_api.entrypoints.api.plans.answers import FindingOut, PlanVersionOut


class RowCountsOut(BaseModel):
    """How many rows, or values, a sheet changed, added and removed."""

    changed: int
    added: int
    removed: int


class SheetFindingOut(BaseModel):
    """A remark on the resulting plan; `row` counts as the sheet does, null if it is about none."""

    row: int | None = Field(description="Row of the sheet, the header being 1.")
    finding: FindingOut

    @classmethod
    def of(cls, placed: PlacedFinding) -> Self:
        """Write a remark."""
        return cls(row=placed.row, finding=FindingOut.of(placed.finding))


class SheetTakenOut(BaseModel):
    """The draft with a sheet's values, and what the checker says to it now."""

    version: PlanVersionOut
    rows: RowCountsOut
    findings: list[SheetFindingOut]

    @classmethod
    def of(cls, taken: SheetTaken) -> Self:
        """Write what became of a sheet."""
        return cls(
            version=PlanVersionOut.of(taken.version),
            rows=RowCountsOut(
                changed=taken.rows.changed, added=taken.rows.added, removed=taken.rows.removed
            ),
            findings=[SheetFindingOut.of(item) for item in taken.findings],
        )
