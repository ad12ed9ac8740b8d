"""What a node of a formula says besides its value."""

from premia_plan.language import Formula
from premia_plan.results import Detail


def formula_detail(formula: Formula) -> dict[str, Detail]:
    """Return what a node of a formula says besides its value."""
    detail: dict[str, Detail] = {
        "clause": formula.path,
        "formula": formula.text,
        "inputs": formula.inputs,
    }
    if formula.said is not None:
        detail["said"] = {"en": formula.said.en, "it": formula.said.it}
    return detail
