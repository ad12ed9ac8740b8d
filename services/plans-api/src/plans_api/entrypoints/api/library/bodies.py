"""What is sent to make something of the library."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from plans_api.application.add_metric import MetricChoice
from plans_api.domain.plan_from_template import TemplateChoice
from plans_api.entrypoints.api.fields import Body, Dated, Day, LabelIn
from premia_plan.language import Words

PlanCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$")]
LibraryName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
PartName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Values = Annotated[
    dict[PartName, Annotated[str, StringConstraints(min_length=1, max_length=60)]],
    Field(max_length=50, description="Values of parameters; the others stay as they are."),
]


class TemplateChoiceIn(Dated):
    """A template, and what of it is chosen."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "template": "agency-energy",
                    "code": "north-agencies-2026",
                    "title": {"it": "Agenzie nord 2026", "en": "Northern agencies 2026"},
                    "principal_id": "0193a000-0000-8000-8000-000000000010",
                    "valid_from": "2026-01-01",
                    "valid_to": "2027-01-01",
                    "parameters": {"north_gas_rate": "3.5 %"},
                }
            ]
        }
    )

    template: LibraryName
    code: PlanCode = Field(description="The plan's name, unlike that of any other plan.")
    title: LabelIn | None = None
    principal_id: UUID
    valid_to: Day = Field(examples=["2027-01-01"])
    parameters: Values = Field(default_factory=dict)
    recalculate_examples: bool = Field(
        default=True,
        description="Let the worked examples expect what the chosen numbers pay; read them.",
    )

    def choice(self) -> TemplateChoice:
        """Return what was chosen."""
        title = None if self.title is None else Words(self.title.en, self.title.it)
        return TemplateChoice(
            self.template,
            self.code,
            title,
            self.window(),
            self.parameters,
            self.recalculate_examples,
        )


class MetricChoiceIn(Body):
    """A metric, what it is called in the plan, and values of its parameters."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"metric": "fixed-token", "name": "welcome", "parameters": {"amount": "12 EUR"}}
            ]
        }
    )

    metric: LibraryName
    name: PartName
    parameters: Values = Field(default_factory=dict)

    def choice(self) -> MetricChoice:
        """Return what was chosen."""
        return MetricChoice(self.metric, self.name, self.parameters)
