"""Names of figures, known before any formula is read, and where rate tables can be named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from premia_plan.checked import SUBJECT_UNITS, Per
from premia_plan.checking.clause import Clause
from premia_plan.checking.hierarchies import given_hierarchies, named_hierarchies
from premia_plan.language import FormulaRefused, read_expression
from premia_plan.language.syntax import DayOf, Expression, Name, Reached, Reference, inputs_of
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit

PERIOD_UNITS = {
    "period.month": Unit.COUNT,
    "period.quarter": Unit.COUNT,
    "period.year": Unit.COUNT,
    "period.number": Unit.COUNT,
    "period.days": Unit.DAYS,
    "period.first_day": Unit.DATE,
    "period.last_day": Unit.DATE,
}


def read_cell_per(text: str) -> tuple[Per, PeriodKind]:
    """Return of whose periods of which kind a component is.

    >>> read_cell_per("team along sales and quarter")
    (Per(kind='team', along='sales'), 'quarter')
    """
    whose, _, over = text.rpartition(" and ")
    kind, _, along = whose.partition(" along ")
    subject = Per(
        cast("Literal['payee', 'team', 'territory', 'category', 'plan']", kind), along or None
    )
    return subject, cast("PeriodKind", over)


CELL_WORDS = ("payee.", "position.", "period.", "target.", *SUBJECT_UNITS)
EVERYWHERE = frozenset({"order", "credit", "cell"})


@dataclass(slots=True)
class Figures:
    """What is known of figures by name: their periods, and what may be joined to them.

    `keys` are the formulas of each table's keys and of its day. `subjects` says what earns each
    component that pays on cells.
    """

    over: dict[str, PeriodKind] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    components: frozenset[str] = frozenset()
    hierarchies: frozenset[str] = frozenset()
    populations: frozenset[str] = frozenset()
    tiered: frozenset[str] = frozenset()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subjects: Mapping[str, Per] = field(default_factory=dict)
    ranks: frozenset[str] = frozenset()

    def places_of(self, table: str, inside: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return where a table can be named: with an order, a credit or a cell.

        `inside` are the tables whose keys led here; a circle of tables is told elsewhere.
        """
        places = EVERYWHERE
        for expression in () if table in inside else self._keys_of(table):
            for node in inputs_of(expression):
                places &= self._places_of_input(node, inside | {table})
        return places

    def is_of_credits(self, table: str) -> bool:
        """Say whether a table's keys speak of an order or a credit alone."""
        return not any(
            self._is_of_cells(node)
            for expression in self._keys_of(table)
            for node in inputs_of(expression)
        )

    def _keys_of(self, table: str) -> list[Expression]:
        found = []
        for text in self.keys.get(table, ()):
            try:
                found.append(read_expression(text))
            except FormulaRefused:
                continue  # told where the table is read
        return found

    def _places_of_input(self, node: Expression, inside: frozenset[str]) -> frozenset[str]:
        if isinstance(node, Reached | DayOf):
            return frozenset({"order", "credit"})
        if self._is_of_cells(node):
            return frozenset({"credit", "cell"})
        path = node.path if isinstance(node, Name) else ""
        if path in self.keys:
            return self.places_of(path, inside)
        return frozenset({"credit"}) if path.startswith("credit.") else EVERYWHERE - {"cell"}

    def _is_of_cells(self, node: Expression) -> bool:
        if isinstance(node, Reference):
            return True
        if not isinstance(node, Name):
            return False
        return node.path in self.names or node.path.startswith(CELL_WORDS)


def read_figures(plan: Clause, figures: Figures) -> None:
    """Gather the names of figures, components, hierarchies and populations of a plan."""
    components = _named(plan, "components")
    cells = {
        name
        for name, clause in components.items()
        if not clause.word("per").startswith("credit of ")
    }
    figures.names = frozenset(
        {
            *_named(plan, "measures"),
            *_named(plan, "attainments"),
            *_named(plan, "ranks"),
            *cells,
        }
    )
    figures.components = frozenset(components)
    figures.ranks = frozenset(_named(plan, "ranks"))
    figures.subjects = {name: read_cell_per(components[name].word("per"))[0] for name in cells}
    figures.tiered = frozenset(
        name for name, clause in components.items() if clause.optional("tiers") is not None
    )
    figures.populations = frozenset(_named(plan, "populations"))
    named = (name for _, name in named_hierarchies(plan))
    figures.hierarchies = given_hierarchies(plan).union(named)
    figures.keys = {name: _key_texts(clause) for name, clause in _named(plan, "tables").items()}


def _key_texts(table: Clause) -> tuple[str, ...]:
    entries = table.part("keys").entries()
    keys = [key.word("value") for entry in entries for key in entry.parts().values()]
    day = table.word("dated_by")
    return (*keys, day) if day else tuple(keys)


def _named(plan: Clause, section: str) -> dict[str, Clause]:
    found = plan.optional(section)
    return {} if found is None else found.parts()
