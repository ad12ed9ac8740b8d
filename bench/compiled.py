"""The set-based engine over arranged segments, from files to files, as a process of its own."""

import sys
from pathlib import Path

from bench.data import HERE
from calc_engine.engine.duck import Duck, Room
from calc_engine.engine.result_files import calculate_files
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import parse_plan

UNTIL = Month(2027, 2)
ROOM = Room(memory_mb=1_400)
"""What a run may take before it spills: with Python beside it, 10 M orders stay below 2 GB."""


class PlanHasErrors(Exception):
    """Raised when the plan that is measured does not pass its own check."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name} has errors; `premia plan check {path.name}` names them")


def typed_plan(path: Path = HERE / "plan.yaml", *changes: tuple[str, str]) -> CheckedPlan:
    """Return the typed plan of a file, with some of its text replaced.

    Raises:
        PlanHasErrors: if its check finds errors.
    """
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        text = text.replace(old, new)
    plan = check_plan(parse_plan(text)).plan
    if plan is None:
        raise PlanHasErrors(path)
    return plan


def main(source: Path, target: Path) -> None:
    """Calculate the measured plan: read, check and lower it, run it, and write every result."""
    target.mkdir(parents=True, exist_ok=True)
    database = Duck(source, target, room=ROOM)
    calculate_files(typed_plan(), source, target, since=None, until=UNTIL, database=database)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
