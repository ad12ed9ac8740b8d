"""Sheets are read exactly, or the cell is named that cannot be."""

from contextlib import suppress
from decimal import Decimal
from importlib import resources
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from plans_api.adapters.sheets.comma_separated import CommaSeparatedSheets
from plans_api.adapters.sheets.excel import ExcelSheets
from plans_api.domain.parameter_sheet import parameter_sheet
from plans_api.domain.rate_sheet import (
    RateSheet,
    TableNotASheet,
    TableNotFound,
    rate_sheet,
)
from plans_api.domain.sheet import FileNotASheet, SheetNotReadable
from premia_plan.document import parse_plan
from premia_plan.library import template, template_ids

AGENCY = (resources.files("premia_plan") / "library" / "plans" / "agency-energy.yaml").read_text()
SHEET = rate_sheet(parse_plan(AGENCY).content, "commission_rate")
HEADER = ["territory", "category", "from", "to", "gives"]
FORMATS = [CommaSeparatedSheets(), ExcelSheets()]


def workbook(*rows: list[Any], percent: tuple[str, ...] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for place in percent:
        sheet[place].number_format = "0.0%"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def refusal(content: bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(SheetNotReadable) as caught:
        SHEET.read(ExcelSheets().read(content))
    return [(item.row, item.column, item.message.en) for item in caught.value.findings]


@pytest.mark.parametrize("form", FORMATS)
def test_a_sheet_that_comes_back_as_it_was_changes_nothing(form: Any) -> None:
    rows = SHEET.read(form.read(form.write(SHEET.grid())))

    assert SHEET.into(AGENCY, rows) == AGENCY


@pytest.mark.parametrize("form", FORMATS)
def test_the_sheet_of_every_template_comes_back_as_it_was(form: Any) -> None:
    read = 0
    for name in template_ids():
        text = template(name).with_parameters({})
        content = parse_plan(text).content
        tables = content.get("tables", {})
        assert isinstance(tables, dict)
        for table in tables:
            with suppress(TableNotASheet):
                sheet = rate_sheet(content, table)
                assert sheet.into(text, sheet.read(form.read(form.write(sheet.grid())))) == text
                read += 1

    assert read >= 7


def test_a_rate_may_be_a_parameter_and_a_misspelt_one_is_refused_with_those_there_are() -> None:
    sheet = rate_sheet(
        parse_plan(template("agency-energy").with_parameters({})).content, "commission_rate"
    )
    form = CommaSeparatedSheets()
    head = b"territory,category,from,to,gives\n"

    (row,) = sheet.read(form.read(head + b"nord,power,2026-01-01,2027-01-01,general_rate\n"))
    with pytest.raises(SheetNotReadable) as caught:
        sheet.read(form.read(head + b"nord,power,2026-01-01,2027-01-01,genral_rate\n"))

    assert row.values["gives"] == "general_rate"
    (finding,) = caught.value.findings
    assert (finding.row, finding.column) == (2, "E")
    assert finding.hint.en.startswith(
        "The column holds percentages, like 3.5 %, or one of the plan's parameters: accelerator_cap"
    )
    assert str(finding.told()["in_italian"]).startswith(
        "riga 2, colonna E (gives): genral_rate non è adatto alla colonna. La colonna contiene "
        "percentuali, come 3.5 %, o uno dei parametri del piano: accelerator_cap"
    )


def test_a_percentage_typed_in_excel_is_read_to_the_digit() -> None:
    content = workbook(HEADER, ["nord", "gas", None, None, 0.035], percent=("E2",))

    (row,) = SHEET.read(ExcelSheets().read(content))

    assert row.values == {"territory": "nord", "category": "gas", "gives": "3.5 %"}


def test_a_days_cell_is_read_as_the_day() -> None:
    written = ExcelSheets().write(SHEET.grid())
    sheet = load_workbook(BytesIO(written)).active
    assert sheet is not None

    assert sheet["C2"].is_date
    assert sheet["E2"].number_format.endswith("%")
    assert Decimal(str(sheet["E2"].value)) == Decimal("0.03")


def test_a_formula_is_refused_with_its_cell() -> None:
    content = workbook(HEADER, ["nord", "gas", None, None, "=0.03*2"])

    assert refusal(content) == [(2, "E", "it is a formula")]


def test_every_bad_cell_is_named_at_once() -> None:
    content = workbook(
        HEADER,
        ["nord", "gas", "2026-02-30", None, "3,5 %"],
        [],
        ["sud", "gas", None, None, 0.02],
        ["isole", "gas", None, None, 1234567890123456],
        percent=("E5",),
    )

    assert refusal(content) == [
        (2, "C", "2026-02-30 is no day"),
        (2, "E", "3,5 % has a comma"),
        (4, "E", "0.02 is no percentage"),
        (5, "E", "1234567890123456 has more digits than a spreadsheet keeps"),
    ]


def test_unknown_and_missing_columns_are_named() -> None:
    content = workbook(["territory", "rate"], ["nord", "3 %"])

    assert refusal(content) == [
        (1, "B", "there is no such column"),
        (1, "", "the column category is missing"),
        (1, "", "the column from is missing"),
        (1, "", "the column to is missing"),
        (1, "", "the column gives is missing"),
    ]


def test_a_semicolon_file_with_a_byte_order_mark_is_read() -> None:
    content = "\ufeffterritory;category;from;to;gives\r\nnord;gas;;;3.5 %\r\n".encode()

    (row,) = SHEET.read(CommaSeparatedSheets().read(content))

    assert row.values == {"territory": "nord", "category": "gas", "gives": "3.5 %"}


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04broken", b"\xff\xfe\x00"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(FileNotASheet):
        ExcelSheets().read(content)


def test_a_text_that_looks_like_a_formula_stays_text() -> None:
    sheet = RateSheet("t", SHEET.columns[:1], ({"territory": "=1+1"},))

    (row,) = sheet.read(ExcelSheets().read(ExcelSheets().write(sheet.grid())))

    assert row.values == {"territory": "=1+1"}


def test_a_changed_rate_keeps_the_comments_of_the_document() -> None:
    text = AGENCY.replace("gives: 3 %}", "gives: 3 %}   # agreed in January", 1)
    sheet = rate_sheet(parse_plan(text).content, "commission_rate")
    csv = CommaSeparatedSheets().write(sheet.grid()).replace(b"3 %", b"3.5 %")

    changed = sheet.into(text, sheet.read(CommaSeparatedSheets().read(csv)))

    assert changed == text.replace("gives: 3 %}", "gives: 3.5 %}", 1)


def test_an_unknown_table_is_told_with_those_there_are() -> None:
    with pytest.raises(TableNotFound, match="commission_rate, override_rate"):
        rate_sheet(parse_plan(AGENCY).content, "rates")


def test_rows_of_more_than_single_values_have_no_sheet() -> None:
    content = {"tables": {"t": {"gives": "percent", "rows": [{"a": ["1"]}]}}}

    with pytest.raises(TableNotASheet):
        rate_sheet(content, "t")


@pytest.mark.parametrize("form", FORMATS)
def test_the_parameters_of_a_plan_come_back_as_they_were(form: Any) -> None:
    sheet = parameter_sheet(parse_plan(AGENCY).content)

    assert sheet.values["/components/accelerator/tiers/bands/1/gives"] == "1.5 %"
    assert sheet.values["/components/accelerator/steps/2/cap"] == "2 500 EUR"
    assert sheet.read(form.read(form.write(sheet.grid()))) == {}


def test_a_changed_parameter_changes_nothing_else() -> None:
    sheet = parameter_sheet(parse_plan(AGENCY).content)
    csv = CommaSeparatedSheets().write(sheet.grid()).replace(b"2 500 EUR", b"3 000 EUR")

    changed = sheet.read(CommaSeparatedSheets().read(csv))

    assert changed == {"/components/accelerator/steps/2/cap": "3 000 EUR"}
    assert sheet.into(AGENCY, changed) == AGENCY.replace("2 500 EUR", "3 000 EUR")


def test_a_parameter_the_plan_has_not_is_refused() -> None:
    sheet = parameter_sheet(parse_plan(AGENCY).content)

    with pytest.raises(SheetNotReadable, match="1 cell"):
        sheet.read(CommaSeparatedSheets().read(b"place,value\n/components/x,3 %\n"))


RATES = st.decimals(0, 100, places=6, allow_nan=False).map(lambda rate: f"{rate:f} %")
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9)
ROWS = st.lists(st.fixed_dictionaries({"territory": TEXTS, "gives": RATES}), max_size=5)


@given(rows=ROWS)
def test_any_rows_survive_both_formats(rows: list[dict[str, str]]) -> None:
    columns = (SHEET.columns[0], SHEET.columns[-1])
    sheet = RateSheet("t", columns, tuple(rows))

    for form in FORMATS:
        read = sheet.read(form.read(form.write(sheet.grid())))
        assert [dict(row.values) for row in read] == rows
