"""Read a draft plan that somebody asks about, and refuse one that cannot be calculated."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from premia_plan.checking import check_plan
from premia_plan.document import PlanUnreadable, parse_plan
from premia_plan.finding import Finding


class DraftNotUsable(Exception):
    """Raised when a draft does not pass the checker; `errors` names each place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.errors = [
            {
                "pointer": "/document",
                "message": str(finding),
                "in_italian": f"{finding.in_italian.message}. {finding.in_italian.hint}",
                "plan_path": finding.path,
                "line": finding.line,
                "column": finding.column,
                "code": finding.code,
            }
            for finding in findings
        ]
        shown = "; ".join(str(finding) for finding in findings[:3])
        super().__init__(f"The draft cannot be calculated: {shown}")


def read_draft(text: str) -> Mapping[str, Any]:
    """Return the canonical document of a plan written as YAML or JSON.

    Raises:
        DraftNotUsable: if it cannot be read, or has errors.
    """
    try:
        document = parse_plan(text)
    except PlanUnreadable as error:
        raise DraftNotUsable(error.findings) from None
    check = check_plan(document)
    if check.plan is None:
        raise DraftNotUsable([item for item in check.findings if item.severity == "error"])
    content: Mapping[str, Any] = json.loads(document.canonical())
    return content
