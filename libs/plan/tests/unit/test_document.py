import json

import pytest

from premia_plan.document import PlanDocument, PlanUnreadable, parse_plan
from premia_plan.library import library_plan


def refused(text: str | bytes, **tables: bytes) -> tuple[str, int | None, int | None]:
    with pytest.raises(PlanUnreadable) as error:
        parse_plan(text, tables=tables)
    found = error.value.findings[0]
    assert found.hint
    return found.code, found.line, found.column


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3\n", "yaml.duplicate_key", 3, 1),
        ("a: &x 1\nb: *x\n", "yaml.anchor", 1, 4),
        ("a:\n  <<: 1\n", "yaml.anchor", 2, 3),
        ("on: 1\n", "yaml.switch_key", 1, 1),
        ("a: {No: 1}\n", "yaml.switch_key", 1, 5),
        ("a: 1,200 EUR\n", "number.comma", 1, 4),
        ("a: {amount: 1,200 EUR}\n", "number.comma", 1, 15),
        ("a: 2,5 %\n", "number.comma", 1, 4),
        ("a: 1.5e3\n", "number.float", 1, 4),
        ("a: .5\n", "number.float", 1, 4),
        ("a: 1_000\n", "number.float", 1, 4),
        ("a: .inf\n", "number.float", 1, 4),
        ("a:\n", "yaml.empty", 1, 1),
        ("", "yaml.empty", 1, 1),
        ("a: [1\n", "yaml.invalid", 2, 1),
        ("a: !!python/object:os.system x\n", "yaml.tag", 1, 4),
        ("? [a]\n: 1\n", "yaml.key_not_text", 1, 3),
        ("a: 1\n---\nb: 2\n", "yaml.two_documents", 2, 1),
        ("- a\n", "document.not_a_mapping", 1, 1),
        ("[" * 5000, "yaml.too_deep", 1, 33),
        (b"\xff\xfe", "text.not_utf8", 1, 1),
        ("a: " + "x" * 5_000_000, "text.too_long", 1, 1),
    ],
)
def test_what_misleads_a_reader_is_refused_with_its_place(
    text: str | bytes, code: str, line: int, column: int
) -> None:
    assert refused(text) == (code, line, column)


def test_every_mistake_of_a_text_is_told_at_once() -> None:
    with pytest.raises(PlanUnreadable) as error:
        parse_plan("on: 1\na: 1,5\na: 2\n")

    assert [item.code for item in error.value.findings] == [
        "yaml.switch_key",
        "number.comma",
        "yaml.duplicate_key",
    ]


def test_every_scalar_is_text() -> None:
    content = parse_plan("a: 3\nb: true\nc: 2026-01-01\nd: {e: 3 %}\nf: [1, null]\n").content

    assert content == {
        "a": "3",
        "b": "true",
        "c": "2026-01-01",
        "d": {"e": "3 %"},
        "f": ["1", "null"],
    }


def test_yaml_and_json_of_the_same_plan_have_the_same_hash() -> None:
    plan = parse_plan(library_plan("agency-energy"))

    assert parse_plan(json.dumps(plan.content)).hash == plan.hash
    assert parse_plan(json.dumps(plan.content, indent=3).encode()).hash == plan.hash


def test_comments_and_order_of_keys_do_not_change_the_hash_and_a_value_does() -> None:
    assert parse_plan("a: 1 # x\nb: 2\n").hash == parse_plan("b: 2\na: 1\n").hash
    assert parse_plan("a: 1\nb: 2\n").hash != parse_plan("a: 1\nb: 3\n").hash


def test_the_published_form_reads_back_as_the_same_plan() -> None:
    plan = parse_plan(library_plan("installer-fee"))

    again = PlanDocument.from_canonical(plan.canonical())

    assert (again, again.hash) == (plan, plan.hash)


@pytest.mark.parametrize("published", [b"{", b"[]", b'{"a": 1}', b'{"a": null}', b'{"a": [1.5]}'])
def test_a_published_form_with_anything_but_text_is_refused(published: bytes) -> None:
    with pytest.raises(PlanUnreadable):
        PlanDocument.from_canonical(published)


def test_rows_come_from_a_csv_file_as_if_they_were_written_there() -> None:
    text = "tables: {t: {rows_from: tables/t.csv}}\n"
    csv = b"level,gives\n1,0.5 %\n2,0.2 %\n"

    plan = parse_plan(text, tables={"tables/t.csv": csv})

    inline = "tables: {t: {rows: [{level: 1, gives: 0.5 %}, {level: 2, gives: 0.2 %}]}}\n"
    assert plan.hash == parse_plan(inline).hash


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("other.csv", b"a\n1\n", "table.no_file"),
        ("t.csv", b"a,b\n1\n", "table.bad_file"),
        ("t.csv", b"a,a\n1,2\n", "table.bad_file"),
        ("t.csv", b"\xff\n", "table.bad_file"),
    ],
)
def test_a_file_that_is_missing_or_broken_is_named(name: str, content: bytes, code: str) -> None:
    assert refused("tables:\n  t: {rows_from: t.csv}\n", **{name: content}) == (code, 2, 7)
