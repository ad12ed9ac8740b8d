"""What is answered about the library."""

from typing import Self

from pydantic import BaseModel, Field

from plans_api.application.add_metric import MetricAdded
from plans_api.application.recalculate_examples import ExamplesRecalculated
from plans_api.entrypoints.api.plans.answers import ExampleResultOut, FindingOut, PlanVersionOut
from premia_common.contracts.fields import Label
from premia_plan.language import Words
from premia_plan.library import Metric, Parameter, Template


def label_of(words: Words) -> Label:
    """Write words in both languages."""
    return Label(it=words.it, en=words.en)


class ParameterOut(BaseModel):
    """What may be chosen; `least` and `most` are inside, and null where a name is asked for."""

    name: str = Field(examples=["north_gas_rate"])
    label: Label
    value: str = Field(description="What it is unless chosen otherwise.", examples=["3 %"])
    least: str | None = Field(examples=["0 %"])
    most: str | None = Field(examples=["15 %"])

    @classmethod
    def of(cls, parameter: Parameter) -> Self:
        """Write a parameter."""
        return cls(
            name=parameter.name,
            label=label_of(parameter.label),
            value=parameter.value,
            least=parameter.least,
            most=parameter.most,
        )


class TemplateOut(BaseModel):
    """A complete plan to begin with."""

    id: str = Field(examples=["agency-energy"])
    segment: str = Field(examples=["energy"])
    title: Label
    description: Label
    parameters: list[ParameterOut]
    warnings: list[str] = Field(
        description="Names of the warnings about it; they are meant, and accepted at publication.",
        examples=[["unbounded /components/base"]],
    )

    @classmethod
    def of(cls, template: Template) -> Self:
        """Write a template."""
        return cls(
            id=template.id,
            segment=template.segment,
            title=label_of(template.title),
            description=label_of(template.description),
            parameters=[ParameterOut.of(item) for item in template.parameters.values()],
            warnings=list(template.warnings),
        )


class TemplateDocumentOut(TemplateOut):
    """A template with its plan's text."""

    text: str = Field(examples=["plan: agency-energy-2026\nlanguage: 1\n"])

    @classmethod
    def of_text(cls, template: Template) -> Self:
        """Write a template and its text."""
        return cls(**dict(TemplateOut.of(template)), text=template.text)


class TemplatesOut(BaseModel):
    """All templates, by id."""

    items: list[TemplateOut]


class MetricOut(BaseModel):
    """A metric or rule that can be added to a plan, with its worked examples as YAML."""

    id: str = Field(examples=["fixed-token"])
    kind: str = Field(examples=["component"])
    segment: str = Field(examples=["generic"])
    label: Label
    description: Label
    name: str = Field(description="What it is called unless named otherwise.", examples=["token"])
    parameters: list[ParameterOut]
    adds: dict[str, str] = Field(
        description="The entries it adds, by the place in the plan; `$name` and the parameters "
        "stand in them.",
        examples=[{"/settlement/release": "$name: [{share: rest, at: activated}]\n"}],
    )
    examples: str

    @classmethod
    def of(cls, metric: Metric) -> Self:
        """Write a metric."""
        return cls(
            id=metric.id,
            kind=metric.kind,
            segment=metric.segment,
            label=label_of(metric.label),
            description=label_of(metric.description),
            name=metric.name,
            parameters=[ParameterOut.of(item) for item in metric.parameters.values()],
            adds=dict(metric.adds),
            examples=metric.examples,
        )


class MetricsOut(BaseModel):
    """All metrics and rules, by id."""

    items: list[MetricOut]


class MetricAddedOut(BaseModel):
    """The draft with the metric, and what the checker says to it now."""

    version: PlanVersionOut
    findings: list[FindingOut]

    @classmethod
    def of(cls, added: MetricAdded) -> Self:
        """Write what became of the draft."""
        return cls(
            version=PlanVersionOut.of(added.version),
            findings=[FindingOut.of(item) for item in added.findings],
        )


class ExamplesRecalculatedOut(BaseModel):
    """The draft with its examples' new figures: read them, the plan is held to them from now on."""

    version: PlanVersionOut
    taken: list[ExampleResultOut] = Field(
        description="The examples that changed: what each expected, and got and expects now."
    )
    left: list[ExampleResultOut] = Field(
        description="Examples that still do not come out: exceptions nobody expects, and rates, "
        "bands or lines, which a person writes."
    )

    @classmethod
    def of(cls, done: ExamplesRecalculated) -> Self:
        """Write what became of the draft and its examples."""
        return cls(
            version=PlanVersionOut.of(done.version),
            taken=[ExampleResultOut.of(item) for item in done.taken],
            left=[ExampleResultOut.of(item) for item in done.left],
        )
