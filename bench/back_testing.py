"""A changed plan against the present one, over the same facts, as a process of its own."""

import sys
from collections import defaultdict
from pathlib import Path

from bench.compiled import UNTIL, typed_plan
from bench.data import HERE
from calc_engine.engine.back_test_files import compare_files

RAISED = (
    "category: any, from: 2026-01-01, to: 2027-03-01, gives: 2.5 %",
    "category: any, from: 2026-01-01, to: 2027-03-01, gives: 2.6 %",
)
"""The rate that most orders find is raised by a tenth of a percent."""


class NobodyWins(Exception):
    """Raised when raising a rate changes nothing: then nothing was compared."""

    def __init__(self) -> None:
        super().__init__(
            "the raised rate pays nobody more, or somebody less; does the plan still have its row?"
        )


def main(source: Path) -> None:
    """Compare, and make sure that somebody wins and nobody loses."""
    plan = HERE / "plan.yaml"
    found = compare_files(
        typed_plan(plan), typed_plan(plan, RAISED), source, since=None, until=UNTIL
    )
    changes: dict[int, int] = defaultdict(int)
    for row in found.payees.to_pylist():
        # In a month in which much is taken back, a higher rate takes back more.
        changes[row["payee_no"]] += row["after"] - row["before"]
    if max(changes.values()) <= 0 or min(changes.values()) < 0:
        raise NobodyWins


if __name__ == "__main__":
    main(Path(sys.argv[1]))
