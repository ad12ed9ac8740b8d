"""What comes with the package: complete plans to begin with, and metrics and rules to add."""

from premia_plan.library.parameter import Parameter, ParameterNotAcceptable
from premia_plan.library.plan_template import Template, TemplateNotFound, template, template_ids
from premia_plan.library.reading import text_of
from premia_plan.library.ready_metric import Metric, MetricNotFound, metric, metric_ids
from premia_plan.library.recalculating import Recalculated, recalculated

__all__ = [
    "PLANS",
    "Metric",
    "MetricNotFound",
    "Parameter",
    "ParameterNotAcceptable",
    "Recalculated",
    "Template",
    "TemplateNotFound",
    "library_plan",
    "metric",
    "metric_ids",
    "recalculated",
    "template",
    "template_ids",
]

PLANS = template_ids()


def library_plan(name: str) -> str:
    """Return the text of a plan of the library.

    Raises:
        KeyError: if there is none of that name; `PLANS` lists them.
    """
    if name not in PLANS:
        raise KeyError(name)
    return text_of("plans", f"{name}.yaml")
