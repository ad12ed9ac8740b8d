"""Changes to a plan's text: what is not changed stays to the letter, comments too."""

import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premia_plan.document import parse_plan
from premia_plan.rewriting import TextNotRewritable, replace_rows, replace_scalars, shift_dates

AGENCY = (resources.files("premia_plan") / "library" / "plans" / "agency-energy.yaml").read_text()

BLOCK = """\
rows:
  # gas is dearer in the north
  - {zone: nord, gives: 3 %}      # since January
  # the rest
  - {zone: sud, gives: 2 %}       # as before
  - zone: isole                   # islands
    gives: '1 %'

after: 1  # kept
"""


def rows_of(text: str) -> object:
    return parse_plan(text).content["rows"]


def test_a_changed_value_leaves_all_else_to_the_letter() -> None:
    changed = replace_scalars(BLOCK, {"/rows/1/gives": "2.5 %", "/rows/2/gives": "1.5 %"})

    assert changed == BLOCK.replace("gives: 2 %", "gives: 2.5 %").replace("'1 %'", '"1.5 %"')


def test_a_value_that_would_be_misread_is_put_into_quotes() -> None:
    changed = replace_scalars("a: x\n", {"/a": "yes: no # never"})

    assert changed == 'a: "yes: no # never"\n'


def test_a_value_that_is_not_there_is_refused() -> None:
    with pytest.raises(TextNotRewritable, match="/rows/9/gives"):
        replace_scalars(BLOCK, {"/rows/9/gives": "1 %"})


def test_a_changed_row_keeps_its_comments() -> None:
    rows = [
        {"zone": "nord", "gives": "3.5 %"},
        {"zone": "sud", "gives": "2 %"},
        {"zone": "isole", "gives": "1 %"},
    ]

    changed = replace_rows(BLOCK, "/rows", rows, identity=["zone"])

    assert changed == BLOCK.replace("3 %", "3.5 %")


def test_a_removed_row_takes_its_comments_along() -> None:
    rows = [{"zone": "nord", "gives": "3 %"}, {"zone": "isole", "gives": "1 %"}]

    changed = replace_rows(BLOCK, "/rows", rows, identity=["zone"])

    assert "as before" not in changed
    assert "the rest" not in changed
    assert "# since January" in changed
    assert rows_of(changed) == rows


def test_an_added_row_stands_where_the_sheet_has_it() -> None:
    rows = [
        {"zone": "nord", "gives": "3 %"},
        {"zone": "lazio", "gives": "2.2 %"},
        {"zone": "sud", "gives": "2 %"},
        {"zone": "isole", "gives": "1 %"},
    ]

    changed = replace_rows(BLOCK, "/rows", rows, identity=["zone"])

    lines = changed.splitlines()
    assert lines[3] == "  - {zone: lazio, gives: 2.2 %}"
    assert changed.replace("  - {zone: lazio, gives: 2.2 %}\n", "") == BLOCK


def test_all_rows_can_be_removed_and_written_again() -> None:
    none = replace_rows(BLOCK, "/rows", [], identity=["zone"])
    some = replace_rows(none, "/rows", [{"zone": "x", "gives": "1 %"}], identity=["zone"])

    assert rows_of(none) == []
    assert rows_of(some) == [{"zone": "x", "gives": "1 %"}]
    assert some.endswith("after: 1  # kept\n")


def test_rows_in_brackets_keep_what_stands_between_them() -> None:
    text = "rows: [{level: 1, gives: 0.5 %},   # direct\n  {level: 2, gives: 0.2 %}]\nafter: 1\n"
    rows = [{"level": level, "gives": gives} for level, gives in (("1", "0.6 %"), ("3", "0.1 %"))]

    changed = replace_rows(text, "/rows", rows, identity=["level"])

    assert changed == (
        "rows: [{level: 1, gives: 0.6 %},   # direct\n  {level: 3, gives: 0.1 %}]\nafter: 1\n"
    )


def test_a_plan_written_as_json_stays_json() -> None:
    text = json.dumps({"rows": [{"zone": "nord", "gives": "3 %"}]}, indent=1)
    rows = [{"zone": "nord", "gives": "3.5 %"}, {"zone": "sud", "gives": "2 %"}]

    changed = replace_rows(text, "/rows", rows, identity=["zone"])

    assert json.loads(changed) == {"rows": rows}


def test_a_row_with_a_list_inside_is_not_rewritten() -> None:
    with pytest.raises(TextNotRewritable):
        replace_rows("rows: [{a: [1]}]", "/rows", [], identity=[])


WORDS = st.sampled_from(["nord", "sud", "isole", "3 %", "2 500 EUR", "a: b", "yes", "- x", "#"])
ROWS = st.lists(st.fixed_dictionaries({"zone": WORDS, "gives": WORDS}), max_size=6)


@given(rows=ROWS)
def test_whatever_rows_are_given_are_read_back(rows: list[dict[str, str]]) -> None:
    for text in (BLOCK, "rows: [{zone: a, gives: b}, {zone: c, gives: d}]\nafter: 1\n"):
        changed = replace_rows(text, "/rows", rows, identity=["zone"])

        assert rows_of(changed) == rows
        assert parse_plan(changed).content["after"] == "1"


def test_the_rows_of_a_library_plan_written_back_change_nothing() -> None:
    tables = parse_plan(AGENCY).content["tables"]
    assert isinstance(tables, dict)
    for name, table in tables.items():
        rows = table["rows"]  # type: ignore[index, call-overload]
        assert replace_rows(AGENCY, f"/tables/{name}/rows", rows, identity=[]) == AGENCY


def test_dates_move_by_whole_months_and_end_with_their_month() -> None:
    text = "rows: [{from: 2026-01-31, to: 2026-03-01}]  # kept\nwhen: {2026-03: 1 EUR}\n"

    moved, left = shift_dates(text, 1, under=["/rows", "/when"])

    assert moved == "rows: [{from: 2026-02-28, to: 2026-04-01}]  # kept\nwhen: {2026-04: 1 EUR}\n"
    assert left == ()


def test_quarters_half_years_and_years_move_where_they_stay_such() -> None:
    text = "given: [{month: 2026-Q1}, {month: 2026-H2, at: 2026}, {month: 2026}]\n"

    a_year_on, none = shift_dates(text, 12, under=["/given"])
    a_quarter_on, left = shift_dates(text, 3, under=["/given"])

    assert a_year_on == text.replace("month: 2026", "month: 2027")
    assert none == ()
    assert a_quarter_on == text.replace("2026-Q1", "2026-Q2")
    assert [(item.path, item.text) for item in left] == [
        ("/given/1/month", "2026-H2"),
        ("/given/2/month", "2026"),
    ]


def test_a_date_inside_a_formula_is_told_and_not_moved() -> None:
    text = "rows: [{when: order.signed_on >= 2026-01-15}]\n"

    moved, left = shift_dates(text, 1, under=["/rows"])

    assert moved == text
    assert [(item.path, item.text) for item in left] == [
        ("/rows/0/when", "order.signed_on >= 2026-01-15")
    ]


def test_a_year_back_and_forth_is_the_plan_itself() -> None:
    there, _ = shift_dates(AGENCY, 12, under=["/valid", "/tables", "/examples"])
    back, _ = shift_dates(there, -12, under=["/valid", "/tables", "/examples"])

    assert there != AGENCY
    assert back == AGENCY
