"""The pages of the manual are what its entries say."""

import doctest
from pathlib import Path

import pytest

from . import coverage, entries, pages, patches, schema_productions, trials
from .entries import EntryMiswritten, read_entry
from .index_pages import manual_pages
from .patches import Change, ChangeMisplaced, changed

ROOT = Path(__file__).parents[2]
PAGES = dict(manual_pages())


@pytest.mark.parametrize("page", PAGES, ids=[path.name for path in PAGES])
def test_a_committed_page_is_what_its_entries_say(page: Path) -> None:
    """`make manual` writes them anew."""
    assert (ROOT / page).read_text(encoding="utf-8") == PAGES[page]


def test_no_page_is_left_over() -> None:
    committed = {path.relative_to(ROOT) for path in (ROOT / "docs/manual").glob("*.md")}

    assert committed == set(PAGES)


@pytest.mark.parametrize("module", [coverage, entries, pages, patches, schema_productions, trials])
def test_the_examples_in_the_code_run(module) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (Change("/a/1", "4"), {"a": ["1", "4"], "b/c": {"d": "3"}}),
        (Change("/a/-", "4"), {"a": ["1", "2", "4"], "b/c": {"d": "3"}}),
        (Change("/a/0", None), {"a": ["2"], "b/c": {"d": "3"}}),
        (Change("/b~1c/d", "5"), {"a": ["1", "2"], "b/c": {"d": "5"}}),
        (Change("/b~1c/e", "5"), {"a": ["1", "2"], "b/c": {"d": "3", "e": "5"}}),
        (Change("/b~1c", None), {"a": ["1", "2"]}),
    ],
)
def test_a_change_is_made_where_its_pointer_leads(change: Change, after: object) -> None:
    before = {"a": ["1", "2"], "b/c": {"d": "3"}}

    assert changed(before, [change]) == after
    assert before == {"a": ["1", "2"], "b/c": {"d": "3"}}


@pytest.mark.parametrize(
    "change",
    [
        Change("/a/2", "4"),
        Change("/a/x", "4"),
        Change("/b/c", "4"),
        Change("/c", None),
        Change("/a/0", "1"),
    ],
)
def test_a_change_that_changes_nothing_is_refused(change: Change) -> None:
    with pytest.raises(ChangeMisplaced):
        changed({"a": ["1", "2"]}, [change])


def test_a_change_touches_what_is_above_and_below_it() -> None:
    change = Change("/components/base/amount", "0 EUR")

    assert change.touches("/components/base/amount")
    assert change.touches("/components/base")
    assert not change.touches("/components/base/amounts")
    assert Change("/components/base", None).touches("/components/base/amount")
    assert not change.touches("/components/bonus/amount")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: x", "title"),
        ("title: {en: a, it: b}\ntext: {en: a, it: b}\nexample: 1", "example is not known"),
        ("title: {en: a, it: b}\ntext: {en: a, it: b}\nchange: [{at: /a}]", "to"),
        (
            "title: {en: a, it: b}\ntext: {en: a, it: b}\nalternatives: [{says: {en: a, it: b}}]",
            "pays",
        ),
    ],
)
def test_a_file_that_is_no_entry_is_told_why(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "frame.yaml").write_text("language: 1\n")
    (tmp_path / "01-a").mkdir()
    (tmp_path / "01-a/01-b.yaml").write_text(text)

    with pytest.raises(EntryMiswritten, match=says):
        read_entry("01-a/01-b", tmp_path)
