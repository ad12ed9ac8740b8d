"""Plans that differ in their numbers only: one pass works all of them out.

What a row of a table gives, where a band starts and what it gives are numbers that a pass finds by
the plan. Everything else of a plan is its shape.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from fractions import Fraction

from premia_plan.checked import CellComponent, CheckedPlan, Component, Tiers

NOTHING = Fraction(0)
_OWN = frozenset({"document", "name", "title", "examples", "tables", "components"})
"""What plans of one shape may differ in, or what is compared without its numbers."""

Plans = Mapping[int, CheckedPlan]
"""Plans by the numbers that orders and assignments name them by."""


def by_shape(plans: Plans) -> Sequence[Plans]:
    """Return plans in groups of one shape, in the order in which the shapes come up."""
    shapes: list[object] = []
    groups: list[dict[int, CheckedPlan]] = []
    for number, plan in plans.items():
        shape = _shape(plan)
        if shape not in shapes:
            shapes.append(shape)
            groups.append({})
        groups[shapes.index(shape)][number] = plan
    return groups


def with_all_rows(plans: Plans) -> CheckedPlan:
    """Return the first plan with the numbers of all: as large as a number can become in any."""
    first = next(iter(plans.values()))
    tables = {
        name: replace(table, rows=tuple(r for p in plans.values() for r in p.tables[name].rows))
        for name, table in first.tables.items()
    }
    return replace(first, tables=tables)


def _shape(plan: CheckedPlan) -> object:
    rest = [getattr(plan, each.name) for each in fields(plan) if each.name not in _OWN]
    tables = {
        name: replace(table, rows=tuple(replace(row, gives=NOTHING) for row in table.rows))
        for name, table in plan.tables.items()
    }
    components = {name: _without_bands(each) for name, each in plan.components.items()}
    return rest, tables, list(components.items())


def _without_bands(component: Component) -> object:
    """Return a component without the numbers of its bands, which may be whatever they are."""
    if not isinstance(component, CellComponent) or not isinstance(component.amount, Tiers):
        return component
    tiers = component.amount
    bands = tuple(replace(band, starts=NOTHING, gives=NOTHING) for band in tiers.bands)
    return tiers.is_plain, replace(component, amount=replace(tiers, bands=bands))
