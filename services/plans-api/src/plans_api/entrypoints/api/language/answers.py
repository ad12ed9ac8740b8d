"""What is answered about formulas."""

from datetime import date
from fractions import Fraction
from typing import Self

from pydantic import BaseModel, ConfigDict

from plans_api.domain.formula_check import FormulaReport, Remark
from premia_plan.language import Value, Words
from premia_plan.quantities import Unit, exact_text


class WordsOut(BaseModel):
    """The same in both languages."""

    en: str
    it: str

    @classmethod
    def of(cls, words: Words) -> Self:
        """Write words."""
        return cls(en=words.en, it=words.it)


class RemarkOut(BaseModel):
    """What is said about the characters `at` up to, and without, `until`."""

    at: int
    until: int
    code: str
    message: WordsOut
    hint: WordsOut

    @classmethod
    def of(cls, remark: Remark) -> Self:
        """Write a remark."""
        return cls(
            at=remark.at,
            until=remark.until,
            code=remark.code,
            message=WordsOut.of(remark.message),
            hint=WordsOut.of(remark.hint),
        )


class ResultOut(BaseModel):
    """What the formula gives: an exact number as text, a text, a day, or `true` and `false`."""

    value: str
    unit: str

    @classmethod
    def of(cls, value: Value, unit: Unit) -> Self:
        """Write a value."""
        return cls(value=_text(value), unit=unit.value)


def _text(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Fraction():
            return exact_text(value)
        case date():
            return value.isoformat()
        case str():
            return value


class FormulaOut(BaseModel):
    """Whether a formula holds together, what it looks up and, for given values, what it gives."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "valid": False,
                    "unit": None,
                    "inputs": [],
                    "result": None,
                    "unanswered": None,
                    "errors": [
                        {
                            "at": 8,
                            "until": 9,
                            "code": "formula.decimal_comma",
                            "message": {
                                "en": "a number is written with a comma",
                                "it": "un numero è scritto con la virgola",
                            },
                            "hint": {
                                "en": "Decimals follow a point and thousands a blank: 1 234.50",
                                "it": "I decimali seguono un punto e le migliaia uno spazio: "
                                "1 234.50",
                            },
                        }
                    ],
                }
            ]
        }
    )

    valid: bool
    unit: str | None
    inputs: list[str]
    result: ResultOut | None
    unanswered: RemarkOut | None
    errors: list[RemarkOut]

    @classmethod
    def of(cls, report: FormulaReport) -> Self:
        """Write a report."""
        formula = report.formula
        return cls(
            valid=formula is not None,
            unit=None if formula is None else formula.unit.value,
            inputs=[] if formula is None else list(formula.inputs),
            result=None
            if report.result is None or formula is None
            else ResultOut.of(report.result, formula.unit),
            unanswered=None if report.unanswered is None else RemarkOut.of(report.unanswered),
            errors=[RemarkOut.of(remark) for remark in report.errors],
        )
