"""The linter: what a plan that can be calculated may still not mean.

An error of the checker says that a plan gives no single result; a warning here that it gives one
which people are likely to regret.  Each comes with a case, calculated by the reference engine on
the plan's own examples with one number turned, or worked out from its conditions.  What no example
shows is named, and tried with orders made up of the plan's own words.  Whoever approves a plan
accepts the warnings by name.
"""

from collections.abc import Iterator

from premia_plan.checked import CheckedPlan
from premia_plan.finding import Finding
from premia_plan.linting.budgets import budgets
from premia_plan.linting.cliffs import cliffs
from premia_plan.linting.curves import curves_of
from premia_plan.linting.dead_bands import dead_bands, dead_rows
from premia_plan.linting.departures import departures
from premia_plan.linting.falling import falls
from premia_plan.linting.last_days import last_days
from premia_plan.linting.linear import linear_components
from premia_plan.linting.monotone import monotone_components
from premia_plan.linting.remark import Remark
from premia_plan.linting.thousands import thousands
from premia_plan.linting.unbounded import unbounded
from premia_plan.linting.unreachable import unreachable
from premia_plan.linting.untried import untried

__all__ = ["WARNINGS", "linear_components", "lint", "monotone_components", "warning_name"]

WARNINGS = (
    "always",
    "budget",
    "cliff",
    "dead_band",
    "dead_row",
    "departs",
    "falls",
    "last_day",
    "never",
    "thousands",
    "unbounded",
    "untried",
)
"""What a warning can be; the first word of its name."""


def lint(plan: CheckedPlan) -> tuple[Finding, ...]:
    """Return the warnings about a plan, each with a case, in the order of the document."""
    found = {(remark.code, remark.path): remark for remark in _remarks(plan)}
    findings = [remark.found_in(plan) for remark in found.values()]
    return tuple(sorted(findings, key=lambda f: (f.line or 0, f.column or 0, f.path, f.code)))


def warning_name(finding: Finding) -> str:
    """Return the name by which an approver accepts a warning: what it is, and where.

    It stays the same while the clause keeps its place, whatever figures the case has.

    >>> from premia_plan.language import Words
    >>> here, said = "/components/bonus", Words("it is steep", "è ripido")
    >>> warning_name(Finding.said("warning", "cliff", here, said, said, place=None))
    'cliff /components/bonus'
    """
    return f"{finding.code} {finding.path or '/'}"


def _remarks(plan: CheckedPlan) -> Iterator[Remark]:
    curves = curves_of(plan)
    yield from falls(plan, curves)
    yield from cliffs(plan, curves)
    yield from unbounded(plan, curves)
    yield from dead_bands(plan, curves)
    yield from dead_rows(plan)
    yield from unreachable(plan)
    yield from budgets(plan)
    yield from departures(plan)
    yield from thousands(plan)
    yield from last_days(plan)
    yield from untried(plan, curves)
