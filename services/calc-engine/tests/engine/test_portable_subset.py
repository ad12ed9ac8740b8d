"""The same program prints for DuckDB and for Spark, of the same few operations."""

import pytest
import sqlglot
from sqlglot import exp

from calc_engine.engine.arrange import arrange
from calc_engine.engine.lowering.calculation import Lowering
from calc_engine.engine.program import Program
from calc_engine.engine.sql import Printer
from premia_common.periods import Month
from premia_plan.relations import Relations

from .plain_plans import typed

FUNCTIONS = {
    "SUM", "MIN", "MAX", "COUNT", "ROW_NUMBER", "LEAST", "GREATEST", "COALESCE", "ABS", "CAST",
    "YEAR", "MONTH", "DATE_ADD", "DATEDIFF", "DATE_FROM_PARTS", "CASE", "AND", "OR", "IF", "LAG",
}  # fmt: skip


def program(name: str) -> Program:
    plan = typed(name)
    arranged = arrange(plan, Relations()).arranged
    return Lowering(plan, arranged, since=Month(2026, 2), until=Month(2026, 6)).program()


@pytest.mark.parametrize("name", ["agency-energy", "installer-fee"])
def test_a_plan_is_printed_of_the_portable_operations_only(name: str) -> None:
    printer = Printer()

    used = {
        function.sql_name()
        for step in program(name).steps
        for function in printer.tree(step.relation).find_all(exp.Func)
    }

    assert used <= FUNCTIONS


@pytest.mark.parametrize("name", ["agency-energy", "installer-fee"])
def test_no_plan_is_calculated_in_floating_point(name: str) -> None:
    for step in program(name).steps:
        tree = Printer().tree(step.relation)
        assert not list(tree.find_all(exp.Div))
        assert not [cast for cast in tree.find_all(exp.Cast) if cast.to.is_type("double", "float")]


@pytest.mark.parametrize("name", ["agency-energy", "installer-fee"])
def test_every_statement_reads_back_as_spark_sql(name: str) -> None:
    printer = Printer("spark")

    for step in program(name).steps:
        text = printer.text(step.relation)
        assert sqlglot.parse_one(text, read="spark").named_selects == list(
            printer.tree(step.relation).named_selects
        )
        assert "HUGEINT" not in text


def test_plans_that_differ_only_in_their_numbers_are_the_same_program() -> None:
    plan = typed(
        "agency-energy",
        ("gives: 3 %}\n      - {territory: italia", "gives: 4 %}\n      - {territory: italia"),
    )
    arranged = arrange(plan, Relations()).arranged

    changed = Lowering(plan, arranged, since=Month(2026, 2), until=Month(2026, 6)).program()

    assert changed.steps == program("agency-energy").steps
