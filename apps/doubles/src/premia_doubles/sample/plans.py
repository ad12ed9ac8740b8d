"""The plan documents of the sample tenants, as a plan designer would hand them in."""

from importlib.resources import files
from string import Template

from premia_doubles.sample.rates import RateRow, commission_rates

AGENCY_PLAN = "agency-energy-2025"
INSTALLER_PLAN = "installer-job-2025"


def _text(name: str) -> Template:
    return Template((files("premia_doubles.sample") / "plans" / name).read_text(encoding="utf-8"))


def _row(row: RateRow) -> str:
    return f"      - {{{', '.join(f'{name}: {value}' for name, value in row.items())}}}"


def agency_plan(name: str = AGENCY_PLAN) -> str:
    """Return the agency plan with its rate rows written out."""
    rows = "\n".join(_row(row) for row in commission_rates())
    return _text("agency-energy.yaml").substitute(name=name, commission_rates=rows)


def installer_plan(name: str = INSTALLER_PLAN) -> str:
    """Return the installers' plan."""
    return _text("installer-job.yaml").substitute(name=name)
