"""The declaration of the offline tables, and what is made from it."""

import json
import tracemalloc
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from premia_cli.offline.__main__ import FOLDER, contracts
from premia_cli.offline.building import Attributes, read_folder
from premia_cli.offline.cells import CellRefused, read_count, read_flag, read_instant, read_number
from premia_cli.offline.manual import filled_page
from premia_cli.offline.reading import TableReader
from premia_cli.offline.rejects import RejectedRow
from premia_cli.offline.schemas import schema_of
from premia_cli.offline.tables import MEASUREMENTS, ORDERS, REVERSALS, TABLES
from premia_plan.quantities import Unit
from premia_plan.relations import Relations

from .offline_tables import TABLES as TEXTS
from .offline_tables import write_tables

NO_ATTRIBUTES = Attributes({}, {})
PAGE = Path(__file__).parents[4] / "docs/reference/offline-tables.md"


class Rejected(list[RejectedRow]):
    """Keeps rejected rows in memory."""

    def add(self, rejected: RejectedRow) -> None:
        self.append(rejected)


def test_the_committed_schemas_are_those_of_the_declaration() -> None:
    assert {path: path.read_text() for path in FOLDER.glob("*.json")} == contracts()


def test_the_page_shows_every_table_as_declared() -> None:
    page = PAGE.read_text()

    assert filled_page(page) == page
    assert [table.name for table in TABLES if f"### {table.name}\n" not in page] == []


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks <!-- tables -->"):
        filled_page("<!-- kinds -->\n<!-- end of kinds -->\n")


@pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])
def test_a_schema_takes_the_rows_that_the_reader_takes(table) -> None:
    validator = Draft202012Validator(schema_of(table))
    Draft202012Validator.check_schema(validator.schema)
    head, *rows = TEXTS.get(table.name, "").splitlines() or [""]

    for row in rows:
        cells = dict(zip(head.split(","), row.split(","), strict=True))
        said = {name: text for name, text in cells.items() if text}
        assert list(validator.iter_errors(said)) == []
        for name in schema_of(table)["required"]:
            assert not validator.is_valid({**said, name: ""})


def test_a_schema_refuses_what_the_reader_refuses() -> None:
    assert not Draft202012Validator(schema_of(REVERSALS)).is_valid(
        {"order_id": "O1", "imputable_to": "nobody"}
    )
    assert not Draft202012Validator(schema_of(MEASUREMENTS)).is_valid(
        {"payee_id": "A1", "name": "x", "month": "2026-13", "value": "0.95"}
    )


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (read_number, "1,5"),
        (read_number, "+1"),
        (read_number, "0x1F"),
        (read_number, "1" * 21),
        (read_number, "٣"),
        (read_instant, "2026-03-31T23:30:00"),
        (read_instant, "noon"),
        (read_flag, "yes"),
        (read_count, "0"),
    ],
)
def test_what_is_not_exactly_its_kind_is_refused(read, text: str) -> None:
    with pytest.raises(CellRefused, match="Write"):
        read(text)


def test_an_instant_becomes_the_day_of_the_plans_zone(tmp_path: Path) -> None:
    states = "order_id,state,day,at\nO1,activated,2026-03-31,2026-03-31T23:30:00+00:00\n"
    folder = write_tables(tmp_path / "data", order_states=states)

    relations = read_folder(folder, NO_ATTRIBUTES, Rejected()).relations

    [state] = next(row for row in relations.orders if row.order_id == "O1").states
    assert state.at is not None
    assert state.at.isoformat() == "2026-03-31T23:30:00+00:00"


def test_versions_reversals_and_lines_belong_to_their_order(tmp_path: Path) -> None:
    folder = write_tables(
        tmp_path / "data",
        orders="order_id,version,principal,signed_on,category,territory,amount,currency\n"
        "O1,,P,2026-02-20,gas,nord,1,EUR\nO1,2,P,2026-02-20,gas,nord,2,EUR\n",
        order_states="order_id,state,day\nO1,cancelled,2026-03-04\n",
        order_lines="order_id,line_id,category,amount,quantity,product\nO1,1,gas,2,,hp\n",
        reversals="order_id,imputable_to,cause\nO1,principal,no grid\nO1,customer,\n",
    )
    rejected = Rejected()

    orders = read_folder(folder, NO_ATTRIBUTES, rejected).relations.orders

    assert [(row.version, len(row.states), len(row.lines)) for row in orders] == [
        (1, 1, 1),
        (2, 1, 1),
    ]
    assert {(row.imputable_to, row.cause) for row in orders} == {("principal", "no grid")}
    assert orders[0].lines[0].attributes == {"product": "hp"}
    assert [(row.row, row.problem) for row in rejected] == [
        (3, "another row tells another cause for 'O1'")
    ]


def test_a_reversal_with_a_day_stands_for_itself(tmp_path: Path) -> None:
    folder = write_tables(
        tmp_path / "data",
        reversals="order_id,day,amount,share,imputable_to,cause,reversal_id\n"
        "O1,,,,customer,withdrawal,\n"
        "O1,,,,customer,withdrawal,\n"
        "O1,2026-05-02,100.50,,,refund,R1\n"
        "O1,2026-06-02,,25 %,principal,,\n"
        "O9,2026-06-02,,25 %,,,\n",
    )
    rejected = Rejected()

    relations = read_folder(folder, NO_ATTRIBUTES, rejected).relations

    first = next(row for row in relations.orders if row.order_id == "O1")
    assert (first.imputable_to, first.cause) == ("customer", "withdrawal")
    assert [
        (row.reversal_id, str(row.on), row.amount, row.share, row.cause, row.imputable_to)
        for row in relations.reversals
    ] == [
        ("R1", "2026-05-02", Decimal("100.5"), None, "refund", None),
        ("O1 2026-06-02", "2026-06-02", None, Decimal("0.25"), None, "principal"),
    ]
    assert [(row.row, row.value) for row in rejected] == [(6, "O9")]


def test_a_reversal_names_a_line_or_another_fact(tmp_path: Path) -> None:
    folder = write_tables(
        tmp_path / "data",
        order_lines="order_id,line_id,category,amount\nO1,1,gas,2\n",
        facts="kind,fact_id,order_id,principal,day,amount,currency\n"
        "bill,X1,O1,P,2026-03-20,200,EUR\nactivity,C1,,P,2026-03-21,,EUR\n",
        reversals="order_id,of,fact_id,day,amount,share\n"
        "O1,line,1,2026-05-02,1,\n"
        ",bill,X1,2026-05-03,,25 %\n"
        ",activity,C1,2026-05-04,,\n"
        "O1,line,9,2026-05-02,,\n"
        ",bill,X9,2026-05-03,,\n"
        "O9,bill,X1,2026-05-03,,\n"
        "O1,bill,,2026-05-03,,\n"
        ",line,1,2026-05-03,,\n"
        ",bill,X1,,,\n",
    )
    rejected = Rejected()

    relations = read_folder(folder, NO_ATTRIBUTES, rejected).relations

    assert {
        (row.reversal_id, row.order_id, row.kind, row.fact_id) for row in relations.reversals
    } == {
        ("O1 line 1 2026-05-02", "O1", "line", "1"),
        ("bill X1 2026-05-03", "O1", "bill", "X1"),
        ("activity C1 2026-05-04", "", "activity", "C1"),
    }
    assert sorted((row.row, row.column, row.problem) for row in rejected) == [
        (5, "fact_id", "order 'O1' has no line '9'"),
        (6, "fact_id", "there is no bill 'X9'"),
        (7, "order_id", "bill 'X1' belongs to order 'O1'"),
        (8, "fact_id", "it is of bill and says fact_id ''"),
        (9, "order_id", "the order is not named"),
        (10, "day", "a reversal of a bill has a day of its own"),
    ]


def test_reversals_that_differ_under_one_id_are_rejected_in_any_order(tmp_path: Path) -> None:
    rows = (
        "O1,,,2026-04-12,100,",
        "O1,,,2026-04-12,200,",
        "O1,line,1,2026-04-12,40,",
        "O1,line,1,2026-04-12,20,",
        "O1,,,2026-04-13,100,",
        "O1,,,2026-04-13,100,",
        "O1,,,2026-04-14,10,R1",
        "O1,,,2026-04-14,20,R2",
        "O1,,,2026-04-15,10,R3",
        "O1,,,2026-04-16,10,R3",
        ",bill,X1,2026-04-12,5,B1",
        "O1,bill,X1,2026-04-12,6,B1",
    )
    for number, ordered in enumerate((rows, rows[::-1])):
        folder = write_tables(
            tmp_path / f"data{number}",
            order_lines="order_id,line_id,category,amount\nO1,1,gas,2\n",
            facts="kind,fact_id,order_id,principal,day,amount,currency\n"
            "bill,X1,O1,P,2026-03-20,200,EUR\n",
            reversals="\n".join(("order_id,of,fact_id,day,amount,reversal_id", *ordered, "")),
        )
        rejected = Rejected()

        kept = read_folder(folder, NO_ATTRIBUTES, rejected).relations.reversals

        assert {row.reversal_id for row in kept} == {"O1 2026-04-13", "R1", "R2"}
        assert {ordered[row.row - 2] for row in rejected} == {*rows[:4], *rows[8:]}
        assert {row.what_to_do for row in rejected} == {"Give each a reversal_id of its own"}


def test_periods_subjects_and_openings_are_read(tmp_path: Path) -> None:
    folder = write_tables(
        tmp_path / "data",
        targets="payee_id,name,month,amount,valid_from\nterritory:nord,value,2026-Q1,5,2026-02-01\n",
        measurements="payee_id,name,month,value,provisional\nA1,nps,2026,0.5,true\n",
        openings="kind,payee_id,name,period,amount,day\nmeasure,A1,value,2026-H1,12.50,2026-04-01\n",
    )

    relations = read_folder(folder, NO_ATTRIBUTES, Rejected()).relations

    [target], [measured], [opening] = (
        relations.targets,
        relations.measurements,
        relations.openings,
    )
    assert (target.payee_id, target.month) == ("territory:nord", "2026-Q1")
    assert str(target.valid_from) == "2026-02-01"
    assert (measured.month, measured.provisional) == ("2026", True)
    assert (opening.kind, opening.name, opening.period) == ("measure", "value", "2026-H1")
    assert (opening.amount, str(opening.on)) == (Decimal("12.5"), "2026-04-01")


def test_an_attribute_of_a_payee_is_read_in_its_declared_unit(tmp_path: Path) -> None:
    payees = "payee_id,grade,target_pay\nA1,senior,4000.00\nM1,junior,much\n"
    folder = write_tables(tmp_path / "data", payees=payees)
    rejected = Rejected()

    relations = read_folder(folder, Attributes({}, {"target_pay": Unit.MONEY}), rejected).relations

    [payee] = relations.payees
    assert payee.attributes == {"grade": "senior", "target_pay": Decimal(4000)}
    assert [(row.row, row.column, row.value) for row in rejected] == [(3, "target_pay", "much")]


def test_rows_are_read_one_by_one_and_a_bad_one_among_many_is_found(tmp_path: Path) -> None:
    head = "payee_id,name,month,value\n"
    good = "A1,first_time_right,2026-03,0.95\n"
    (tmp_path / "measurements.csv").write_text(
        head + good * 10_000 + good.replace("0.95", "95,0") + good * 10_000
    )
    rejected = Rejected()
    reader = TableReader(MEASUREMENTS, tmp_path, rejected)

    tracemalloc.start()
    count = sum(1 for _ in reader.rows())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 20_000
    assert [(row.row, row.column) for row in rejected] == [(10_002, "")]
    assert peak < 300_000, "bytes: the file has nearly seven hundred thousand"


def test_every_column_of_orders_reaches_the_relations(tmp_path: Path) -> None:
    head = [column.name for column in ORDERS.columns]
    row = ["O1", "3", "R1", "P", "2026-02-20", "A1", "X", "gas", "nord", "12.50", "EUR"]
    folder = write_tables(
        tmp_path / "data",
        orders=",".join(head) + "\n" + ",".join(row) + "\n",
        order_states="order_id,state,day\n",
    )

    relations: Relations = read_folder(folder, NO_ATTRIBUTES, Rejected()).relations

    [order] = relations.orders
    assert (order.order_id, order.version, order.record_id, order.principal) == (
        ("O1", 3, "R1", "P")
    )
    assert order.seller is not None
    assert order.partner is not None
    assert (order.seller.payee_id, order.partner.code) == ("A1", "X")
    assert (str(order.signed_on), order.category, order.territory) == ("2026-02-20", "gas", "nord")
    assert (str(order.amount), order.currency) == ("12.5", "EUR")


def test_schemas_are_json_with_every_column_described() -> None:
    for text in contracts().values():
        properties = json.loads(text)["properties"]
        assert all(cell["description"] for cell in properties.values())
