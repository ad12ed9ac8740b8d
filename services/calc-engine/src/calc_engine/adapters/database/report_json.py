"""A validation report as JSON and back."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from calc_engine.domain.validation import (
    ControlTotal,
    ExceptionGroup,
    UnusualStatement,
    ValidationReport,
)
from premia_common.money import Money
from premia_common.periods import Month

Json = dict[str, Any]


def report_to_json(report: ValidationReport) -> Json:
    """Return the report as JSON values."""
    return {
        "run_id": str(report.run_id),
        "period": str(report.period),
        "statements": report.statements,
        "lines": report.lines,
        "payable": [_money(amount) for amount in report.payable],
        "exceptions": [
            {
                "code": group.code,
                "blocks": group.blocks,
                "count": group.count,
                "example": group.example,
                "what_to_do": group.what_to_do,
            }
            for group in report.exceptions
        ],
        "zero": _unusual(report.zero),
        "unusual": _unusual(report.unusual),
        "control_totals": [
            {"name": total.name, "expected": total.expected, "found": total.found}
            for total in report.control_totals
        ],
        "sources_not_waited_for": list(report.sources_not_waited_for),
        "calculated_again": list(report.calculated_again),
    }


def report_from_json(content: Mapping[str, Any]) -> ValidationReport:
    """Return the report that was stored."""
    return ValidationReport(
        UUID(content["run_id"]),
        Month.parse(content["period"]),
        content["statements"],
        content["lines"],
        tuple(_read_money(amount) for amount in content["payable"]),
        tuple(ExceptionGroup(**group) for group in content["exceptions"]),
        _read_unusual(content["zero"]),
        _read_unusual(content["unusual"]),
        tuple(ControlTotal(**total) for total in content["control_totals"]),
        tuple(content["sources_not_waited_for"]),
        tuple(content.get("calculated_again", ())),
    )


def _money(money: Money) -> Json:
    return {"amount": format(money.amount, "f"), "currency": money.currency}


def _read_money(content: Mapping[str, str]) -> Money:
    return Money(content["amount"], content["currency"])


def _unusual(statements: Iterable[UnusualStatement]) -> list[Json]:
    return [
        {
            "statement_id": str(item.statement_id),
            "payee_id": item.payee_id,
            "reason": item.reason,
            "now": _money(item.now),
            "before": _money(item.before) if item.before else None,
        }
        for item in statements
    ]


def _read_unusual(items: Iterable[Mapping[str, Any]]) -> tuple[UnusualStatement, ...]:
    return tuple(
        UnusualStatement(
            UUID(item["statement_id"]),
            item["payee_id"],
            item["reason"],
            _read_money(item["now"]),
            _read_money(item["before"]) if item["before"] else None,
        )
        for item in items
    )
