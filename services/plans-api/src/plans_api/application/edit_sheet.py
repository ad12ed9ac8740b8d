"""Edit a draft's rates and parameters as sheets: read one, take one back."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from plans_api.application.act import Act
from plans_api.application.ports import PlansWork
from plans_api.application.revise_plan import revise_plan
from plans_api.domain.parameter_sheet import ParameterSheet, parameter_sheet
from plans_api.domain.plan import PlanVersion, Revision
from plans_api.domain.plan_document import examine_revision
from plans_api.domain.rate_sheet import RateSheet, RowCounts, rate_sheet
from plans_api.domain.sheet import Grid, SheetRow
from premia_plan.document import Content, parse_plan
from premia_plan.finding import Finding, pointer


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A remark of the plan's checker, and the row of the sheet it is about, if it is one's."""

    finding: Finding
    row: int | None


@dataclass(frozen=True, slots=True)
class SheetTaken:
    """A draft with a sheet's values, what changed, and what the checker says to the result."""

    version: PlanVersion
    rows: RowCounts
    findings: tuple[PlacedFinding, ...]


async def table_of(work: PlansWork, version: PlanVersion, table: str) -> RateSheet:
    """Return a table of a plan version as a sheet.

    Raises:
        TableNotFound: if its document has no such table.
        TableNotASheet: if the rows hold more than single values.
    """
    return rate_sheet(_written(await _current(work, version)), table)


async def parameters_of(work: PlansWork, version: PlanVersion) -> ParameterSheet:
    """Return the single numbers of a plan version as a sheet."""
    return parameter_sheet(_written(await _current(work, version)))


async def take_table(
    work: PlansWork,
    *,
    plan_id: UUID,
    number: int,
    expected: int,
    table: str,
    grid: Grid,
    act: Act,
) -> SheetTaken:
    """Return the draft with the rows of a sheet in one of its tables; comments are kept.

    Raises:
        PlanNotFound: if there is no such plan.
        PlanVersionNotFound: if the plan has no such version.
        RecordChanged: if `expected` is not the current version of the draft.
        PlanNotInStatus: if it is no draft.
        TableNotFound: if its document has no such table.
        TableNotASheet: if the rows hold more than single values.
        SheetNotReadable: naming every cell that cannot be taken.
        TextNotRewritable: if the document is written in a way that takes no rows.
    """
    revision = await _current(work, await work.plans.version(plan_id, number))
    sheet = rate_sheet(_written(revision), table)
    rows = sheet.read(grid)
    text = await asyncio.to_thread(sheet.into, revision.text, rows)
    version = await revise_plan(
        work, plan_id=plan_id, number=number, expected=expected, text=text, act=act
    )
    report = await asyncio.to_thread(examine_revision, await _current(work, version))
    place = pointer("tables", table, "rows")
    placed = [PlacedFinding(item, _row_of(item, place, rows)) for item in report.findings]
    return SheetTaken(version, sheet.counts(rows), tuple(placed))


async def take_parameters(
    work: PlansWork, *, plan_id: UUID, number: int, expected: int, grid: Grid, act: Act
) -> SheetTaken:
    """Return the draft with the numbers of a sheet; everything else stays to the letter.

    Raises:
        PlanNotFound: if there is no such plan.
        PlanVersionNotFound: if the plan has no such version.
        RecordChanged: if `expected` is not the current version of the draft.
        PlanNotInStatus: if it is no draft.
        SheetNotReadable: naming every cell that cannot be taken.
        TextNotRewritable: if the document holds one of the values otherwise.
    """
    revision = await _current(work, await work.plans.version(plan_id, number))
    sheet = parameter_sheet(_written(revision))
    changed = sheet.read(grid)
    text = await asyncio.to_thread(sheet.into, revision.text, changed)
    version = await revise_plan(
        work, plan_id=plan_id, number=number, expected=expected, text=text, act=act
    )
    report = await asyncio.to_thread(examine_revision, await _current(work, version))
    places = [row[0].text for row in grid]
    placed = [
        PlacedFinding(item, places.index(item.path) + 1 if item.path in places else None)
        for item in report.findings
    ]
    return SheetTaken(version, RowCounts(len(changed), 0, 0), tuple(placed))


async def _current(work: PlansWork, version: PlanVersion) -> Revision:
    return await work.plans.revision(version.plan_id, version.number, version.revision)


def _written(revision: Revision) -> Mapping[str, Content]:
    return parse_plan(revision.text).content


def _row_of(finding: Finding, place: str, rows: Sequence[SheetRow]) -> int | None:
    if not finding.path.startswith(f"{place}/"):
        return None
    index = int(finding.path[len(place) + 1 :].partition("/")[0])
    return rows[index].number if index < len(rows) else None
