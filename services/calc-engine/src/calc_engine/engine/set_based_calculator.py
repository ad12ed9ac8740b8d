"""The set-based engine behind the Calculator port."""

from dataclasses import replace
from functools import partial
from importlib.metadata import version

from calc_engine.engine.arrange import arrange
from calc_engine.engine.database import OpenDatabase
from calc_engine.engine.duck import Duck, Room
from calc_engine.engine.layout import month_number
from calc_engine.engine.lowering.calculation import LINES, Lowering
from calc_engine.engine.prune import pruned
from calc_engine.engine.refusal import FigureTooLarge
from calc_engine.engine.trace.exceptions import ExceptionReader
from calc_engine.engine.trace.result import Outcome, Trace
from calc_engine.engine.trace.rows import Rows
from premia_common.money import LARGEST_EXPONENT
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan
from premia_plan.relations import Relations
from premia_plan.results import Calculation

DOUBTFUL = 10 ** (LARGEST_EXPONENT - 2)
"""From such a line on the reference engine says whether what was earned is paid at all."""


class SetBasedCalculator:
    """Lowers the typed plan to relations and lets a database work them out, in whole numbers.

    That is DuckDB in this process, or the cluster that `open_database` opens.
    """

    def __init__(
        self, room: Room | None = None, *, open_database: OpenDatabase | None = None
    ) -> None:
        self._open: OpenDatabase = open_database or partial(Duck, room=room)

    @property
    def engine(self) -> str:
        """Name and version of the engine, as manifests record it."""
        return f"calc-engine set-based {version('premia-calc-engine')}"

    def calculate(
        self,
        plan: CheckedPlan,
        relations: Relations,
        *,
        since: Month | None,
        until: Month,
    ) -> Calculation:
        """Return the lines landing from one month up to and including another.

        Raises:
            NotLowered: if the plan says something this engine cannot express.
            FigureTooLarge: if a figure leaves the room that exact numbers have, or a line may be of
                an amount that no ledger holds.
            MemoryTooSmall: if the calculation needs more memory and disk than it may take.
            ClusterFailed: if it was to be worked out by a cluster that cannot.
        """
        facts = arrange(plan, relations)
        program = Lowering(plan, facts.arranged, since=since, until=until).program()
        results = {
            name: scan
            for name, scan in program.results.items()
            if name not in LINES and not name.startswith("credited_")
        }
        program = pruned(replace(program, results=results))
        with self._open() as database:
            database.open(facts.arranged)
            database.run(program)
            rows = {name: Rows(database.read(scan.name)) for name, scan in program.results.items()}
        trace = Trace(plan, facts, Outcome(rows, program.words, program.units, program.places))
        first = 0 if since is None else month_number(str(since))
        found = trace.calculation(ExceptionReader(trace, first).all())
        if any(abs(line.amount) >= DOUBTFUL for line in found.lines):
            raise FigureTooLarge("the lines", "an amount may be more than any ledger holds")
        return found
