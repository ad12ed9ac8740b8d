"""Entries added to a document's text: where they stand, and what is left alone."""

import pytest

from premia_plan.rewriting import EntryTaken, TextNotRewritable, add_entries


@pytest.mark.parametrize(
    ("text", "path", "entries", "after"),
    [
        ("a:\n  x: 1   # one\nb: 2\n", "/a", "y: 2\n", "a:\n  x: 1   # one\n  y: 2\nb: 2\n"),
        ("a: {x: 1}   # all\n", "/a", "y: {z: 1 %}\n", "a: {x: 1, y: {z: 1 %}}   # all\n"),
        ("a: {}\n", "/a", "y: 2\n", "a: {y: 2}\n"),
        ("a:\n  - x: 1\n", "/a", "- y: 2\n", "a:\n  - x: 1\n  - y: 2\n"),
        ("a: [{x: 1}]\n", "/a/0", "y: 2\n", "a: [{x: 1, y: 2}]\n"),
        ("a: 1\n", "/b/c", "y: 2\n", "a: 1\nb:\n  c:\n    y: 2\n"),
        ("a: 1\n\n# shown\nexamples: []\n", "/b", "y: 2\n", "a: 1\n\nb:\n  y: 2\n\n# shown\nexamples: []\n"),
        ("a:\n  x: 1", "/a", "y: 2\n", "a:\n  x: 1\n  y: 2\n"),
        ('{"a": {"x": "1"}}', "/a", "y: 2 %\n", '{"a": {"x": "1", "y": "2 %"}}'),
        ("a:\n  x: 1\n", "/a", "x: 1\ny: 2\n", "a:\n  x: 1\n  y: 2\n"),
    ],
)  # fmt: skip
def test_entries_stand_at_the_end_of_their_section(
    text: str, path: str, entries: str, after: str
) -> None:
    assert add_entries(text, path, entries) == after


def test_an_entry_that_is_there_already_changes_nothing() -> None:
    assert add_entries("a:\n  x: 1\n", "/a", "x: 1\n") == "a:\n  x: 1\n"


def test_another_entry_of_the_name_is_refused() -> None:
    with pytest.raises(EntryTaken, match="choose another name"):
        add_entries("a:\n  x: 1\n", "/a", "x: 2\n")


@pytest.mark.parametrize("path", ["/a/b", "/c/5"])
def test_a_place_that_takes_no_entries_is_refused(path: str) -> None:
    with pytest.raises(TextNotRewritable):
        add_entries("a: 1\nc: [1]\n", path, "x: 2\n")
