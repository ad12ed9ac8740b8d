"""What a rule of the linter has to say, before its place in the text is known."""

from dataclasses import dataclass

from premia_plan.checked import CheckedPlan
from premia_plan.finding import Finding
from premia_plan.language import Words


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning about a clause, with a case that was calculated."""

    code: str
    path: str
    message: Words
    hint: Words
    case: Words

    def found_in(self, plan: CheckedPlan) -> Finding:
        """Return the warning with its line and column in the plan's text."""
        place = plan.document.place_of(self.path)
        return Finding.said(
            "warning",
            self.code,
            self.path,
            self.message,
            self.hint,
            place=place,
            case=self.case,
        )
