"""Request bodies that are right, for tests to change where they mean to."""

from importlib import resources
from typing import Any


def principal(code: str = "1000", **changes: Any) -> dict[str, Any]:
    body = {"code": code, "name": "Luce Chiara S.p.A.", "country": "IT", "currency": "EUR"}
    return body | changes


def payee(code: str = "AG-1", **changes: Any) -> dict[str, Any]:
    body = {
        "code": code,
        "name": f"Agenzia {code}",
        "kind": "agency",
        "attributes": {"channel": "field"},
        "external_ids": [
            {"system": "salesforce", "code": f"SF-{code}", "valid_from": "2025-01-01"}
        ],
        "valid_from": "2025-01-01",
    }
    return body | changes


def position(code: str, *superiors: tuple[str, str, str | None], **changes: Any) -> dict[str, Any]:
    lines = [
        {"reports_to": above, "valid_from": start, "valid_to": end}
        for above, start, end in superiors
    ]
    return {"hierarchy": "sales", "code": code, "reporting_lines": lines} | changes


def place(code: str, parent: str | None = None) -> dict[str, Any]:
    return {"code": code, "parent": parent, "label": {"it": code.title(), "en": code.title()}}


def plan_text() -> str:
    """Return the energy plan of the library."""
    folder = resources.files("premia_plan") / "library" / "plans"
    return (folder / "agency-energy.yaml").read_text()


def changed(before: str, after: str) -> str:
    """Return the plan with one text in it replaced."""
    text = plan_text()
    assert before in text
    return text.replace(before, after)
