"""Plans as files: read with the tables beside them, and told about with a caret at the place."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from premia_cli.output import console
from premia_plan.checked import CheckedPlan
from premia_plan.checking import PlanCheck, check_plan
from premia_plan.document import PlanDocument, PlanUnreadable, parse_plan
from premia_plan.finding import Finding
from premia_plan.linting import warning_name

PlanFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="Plan in YAML or JSON.")
]
WIDEST = 160
"""So many characters of a line are shown around the place of a finding."""


def read_plan(file: Path) -> PlanCheck:
    """Check a plan; `rows_from` names CSV files in the folders beside it."""
    try:
        return check_plan(_parsed(file))
    except PlanUnreadable as error:
        return PlanCheck(error.findings, None)


def plan_document(file: Path) -> PlanDocument:
    """Return a plan as it is written, whether it can be calculated or not.

    Tells the findings and ends the command with 1 if it cannot even be read.
    """
    try:
        return _parsed(file)
    except PlanUnreadable as error:
        tell_findings(file, error.findings)
        raise typer.Exit(1) from None


def _parsed(file: Path) -> PlanDocument:
    tables = {
        f"{table.parent.name}/{table.name}": table.read_bytes()
        for table in file.parent.glob("*/*.csv")
    }
    return parse_plan(file.read_bytes(), tables=tables)


def usable_plan(file: Path) -> CheckedPlan:
    """Return a plan that can be calculated.

    Tells the findings and ends the command with 1 if it cannot.
    """
    found = read_plan(file)
    if found.plan is None:
        tell_findings(file, [item for item in found.findings if item.severity == "error"])
        console.print(f"{file} cannot be calculated before this is mended", soft_wrap=True)
        raise typer.Exit(1)
    return found.plan


def tell_findings(file: Path, findings: Sequence[Finding]) -> None:
    """Print findings with the line each is about and a caret under the place."""
    lines = _lines(file)
    for finding in findings:
        _tell(file, finding, lines)


def _lines(file: Path) -> Sequence[str]:
    return file.read_bytes().decode("utf-8-sig", "replace").splitlines()


def _tell(file: Path, finding: Finding, lines: Sequence[str]) -> None:
    line, column = finding.line or 1, finding.column or 1
    colour = "red" if finding.severity == "error" else "yellow"
    console.print(
        f"[{colour}]{finding.severity}[/] {file}:{line}:{column} {finding.code}",
        soft_wrap=True,
    )
    if finding.line is not None and line <= len(lines):
        for text in shown_place(lines[line - 1], line, column):
            console.print(text, markup=False, soft_wrap=True)
    console.print(f"  {finding.message}. {finding.hint}", markup=False, soft_wrap=True)
    if finding.counter_example:
        console.print(f"  for example: {finding.counter_example}", markup=False, soft_wrap=True)
    if finding.severity == "warning":
        console.print(f"  accept it as: {warning_name(finding)}", markup=False, soft_wrap=True)


def shown_place(text: str, line: int, column: int) -> tuple[str, str]:
    """Return a line with its number, and a caret under one of its characters.

    >>> shown_place("amount: 3 percent", 7, 9)
    ('  7 | amount: 3 percent', '    |         ^')
    """
    start = max(0, column - 1 - WIDEST // 2)
    part = text[start : start + WIDEST].replace("\t", " ")
    number = f"{line:>3}"
    return f"{number} | {part}", f"{' ' * len(number)} | {' ' * (column - 1 - start)}^"
