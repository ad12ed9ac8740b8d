"""A plan written from a template of the library: its own name, title, days and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from plans_api.domain.plan_copy import CopiedText, copied_text
from plans_api.domain.window import Window
from premia_plan.language import Words
from premia_plan.library import recalculated, template
from premia_plan.rewriting import replace_scalars


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """What somebody chose: the template, a name, the days, and values of its parameters."""

    template: str
    code: str
    title: Words | None
    days: Window
    parameters: Mapping[str, str]
    recalculate_examples: bool


def text_from_template(choice: TemplateChoice) -> CopiedText:
    """Return the plan's text, and the dates inside formulas that a person looks at.

    Dates of rates and examples move along with the days; with `recalculate_examples` the worked
    examples expect what the chosen numbers pay.

    Raises:
        TemplateNotFound: if the library has no such template.
        ParameterNotAcceptable: for a value outside its range or an unknown parameter.
        DatesNotShiftable: if the days do not begin whole months after the template's.
    """
    text = template(choice.template).with_parameters(choice.parameters)
    named = {"/plan": choice.code}
    if choice.title is not None:
        named |= {"/title/it": choice.title.it, "/title/en": choice.title.en}
    moved = copied_text(replace_scalars(text, named), choice.days, shift=True)
    if not choice.recalculate_examples:
        return moved
    return CopiedText(recalculated(moved.text).text, moved.left_alone)
