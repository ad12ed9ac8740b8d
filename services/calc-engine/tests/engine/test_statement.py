"""The text that DuckDB is given means what the portable printer would have printed."""

from random import Random

import duckdb
import pytest

from calc_engine.engine.arrange import arrange
from calc_engine.engine.ir import Column, Kind, Operation, Project, Scan
from calc_engine.engine.lowering.calculation import Lowering
from calc_engine.engine.portable import operations
from calc_engine.engine.sql import Printer
from calc_engine.engine.statement import Statement
from calc_engine.engine.values import day, greatest, least, month_of, text, whole
from premia_common.periods import Month

from ..generated.worlds import world  # noqa: TID252
from .plain_plans import typed


@pytest.mark.parametrize("name", ["agency-energy", "installer-fee"])
def test_every_statement_of_a_plan_gives_the_rows_of_the_portable_one(name: str) -> None:
    plan = typed(name)
    arranged = arrange(plan, world(Random(4), "EUR", 60)).arranged
    program = Lowering(plan, arranged, since=Month(2026, 2), until=Month(2026, 6)).program()
    printer, rows = Printer(), 0
    with duckdb.connect() as connection:
        for word, table in (*arranged.tables.items(), *program.given.items()):
            connection.register(word, table)
        for step in program.steps:
            written = connection.execute(Statement().text(step.relation)).fetchall()
            printed = connection.execute(printer.text(step.relation)).fetchall()
            assert sorted(map(repr, written)) == sorted(map(repr, printed)), step.name
            rows += len(written)
            connection.execute(f'CREATE TABLE "{step.name}" AS {printer.text(step.relation)}')

    assert rows > 500


def test_the_least_of_numbers_one_of_which_is_unknown_is_unknown() -> None:
    row = Scan("row", {"a": Kind.WHOLE, "b": Kind.WHOLE})
    both = tuple(Column(name, Kind.WHOLE) for name in row.columns)
    asked = Project(row, {"least": least(*both), "greatest": greatest(*both)})

    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE row AS SELECT 1 AS a, NULL::BIGINT AS b")
        found = connection.execute(Statement().text(asked)).fetchall()

    assert found == [(None, None)]


def test_texts_and_days_are_written_so_that_they_are_read_as_they_were() -> None:
    row = Scan("row", {"on": Kind.DATE})
    on = Column("on", Kind.DATE)
    asked = Project(row, {"word": text("it's"), "month": month_of(on), "day": day(None)})

    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE row AS SELECT DATE '2026-03-31' AS on")
        found = connection.execute(Statement().text(asked)).fetchall()

    assert found == [("it's", 202603, None)]


def test_every_operation_of_the_portable_subset_can_be_written() -> None:
    day_of = Column("on", Kind.DATE)
    wide = {"add_days": (day_of, whole(3)), "starts_with": (text("ab"), text("a"))}
    names = set(operations(lambda value, kind: value))

    for name, arguments in wide.items():
        assert name in names
        query = Statement().text(
            Project(Scan("row", {"on": Kind.DATE}), {"x": Operation(name, arguments, Kind.BOOL)})
        )
        with duckdb.connect() as connection:
            connection.execute("CREATE TABLE row AS SELECT DATE '2026-03-30' AS on")
            assert str(connection.execute(query).fetchall()[0][0]) in {"2026-04-02", "True"}
