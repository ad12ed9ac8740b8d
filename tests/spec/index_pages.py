"""The manual's first page, with the default rules, and the report on what the manual covers."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from .coverage import BAD_INPUTS, Coverage, choices, constructs, coverage
from .defaults import DefaultRule, default_rules, shown_elsewhere
from .entries import Chapter, Entry, chapters
from .pages import NOTHING, TOLD, chapter_page, frame_block, link, table

PAGES = Path("docs/manual")


def manual_pages() -> Iterator[tuple[Path, str]]:
    """Yield every page of the manual: its path in the repository and its text."""
    book = chapters()
    entries = {entry.name: entry for chapter in book for entry in chapter.entries}
    covered = coverage(entries.values())
    yield PAGES / "index.md", index_page(book, covered, entries)
    yield PAGES / "coverage.md", coverage_page(covered, entries)
    for chapter in book:
        yield PAGES / f"{chapter.name}.md", chapter_page(chapter, entries)


def index_page(book: Sequence[Chapter], covered: Coverage, entries: dict[str, Entry]) -> str:
    """Return the first page."""
    lines = [
        TOLD,
        "",
        "# The plan language",
        "",
        "Each entry shows a construct that no entry before it does: a plan, what it pays, what another choice would pay",
        "instead, and how one of its amounts is explained. The entries are the tests of the language: a page whose figures",
        "the engine does not calculate cannot be published. What is shown, and what is not yet: [coverage](coverage.md).",
        "Documents that older releases published are read for ever: older forms are understood as the newest.",
        "",
        "*Ogni voce mostra un costrutto nuovo: un piano, quanto paga, quanto pagherebbe un'altra scelta e come si spiega uno",
        "degli importi. Le voci sono i test del linguaggio: una pagina con cifre diverse dal motore non si pubblica.",
        "I documenti pubblicati da versioni precedenti si leggono per sempre: le forme vecchie valgono come le nuove.*",
        "",
    ]
    for chapter in book:
        number = int(chapter.name.partition("-")[0])
        lines.append(f"- [{number}. {chapter.title.en}]({chapter.name}.md), *{chapter.title.it}*")
        lines += [f"  - {link(entry)}" for entry in chapter.entries]
    lines += ["", "## The plan every entry starts from", ""]
    lines += [
        "An entry prints the sections that it adds or says otherwise; the rest is this. Where an entry is *like* another, begin with",
        "this plan, put the sections of the other entry in the place of these, then those of the entry itself.",
        "[The smallest plan](01-document.md#the-smallest-plan) is whole as it is printed: save it as a file, and `premia plan check`",
        "takes it.",
        "",
        "*Una voce riporta le sezioni che aggiunge o dice diversamente; il resto è questo. Se una voce è come un'altra (like), si",
        "parte da questo piano, si mettono le sezioni dell'altra voce al posto di queste, poi quelle della voce stessa.*",
        "",
    ]
    lines += frame_block()
    lines += ["", "## What holds where a plan says nothing", "", *_defaults(covered, entries)]
    lines += ["", "## What happens to bad input", "", *_inputs(covered, entries)]
    return "\n".join(lines) + "\n"


def _defaults(covered: Coverage, entries: dict[str, Entry]) -> list[str]:
    rows = [
        [_matter(rule), *_rule(rule), _shown(rule, covered, entries)] for rule in default_rules()
    ]
    return table(["matter", "what holds", "may a plan say otherwise", "shown by"], rows)


def _matter(rule: DefaultRule) -> str:
    return f"{rule.title.en}<br>*{rule.title.it}*"


def _rule(rule: DefaultRule) -> list[str]:
    return [f"{words.en}<br>*{words.it}*" for words in (rule.holds, rule.instead)]


def _shown(rule: DefaultRule, covered: Coverage, entries: dict[str, Entry]) -> str:
    return _by(f"default {rule.matter}", covered, entries)


def _by(name: str, covered: Coverage, entries: dict[str, Entry]) -> str:
    """Return links to the entries that show a construct, or to the test that does."""
    test = shown_elsewhere().get(name)
    if test is None:
        return _links(covered.shown.get(name, ()), entries)
    sentence = test.function.removeprefix("test_").replace("_", " ")
    return f"[test: {sentence}](../../{test.path})"


def _inputs(covered: Coverage, entries: dict[str, Entry]) -> list[str]:
    rows = []
    for name in BAD_INPUTS:
        by = covered.shown.get(f"input {name}", ())
        outcomes = ", ".join(dict.fromkeys(_outcome(entries[entry]) for entry in by))
        elsewhere = shown_elsewhere().get(f"input {name}")
        told = outcomes or (NOTHING if elsewhere is None else elsewhere.outcome)
        rows.append([name, told, _by(f"input {name}", covered, entries)])
    return table(["input", "outcome", "shown by"], rows)


def _outcome(entry: Entry) -> str:
    if entry.refused:
        return f"an error at the plan (`{entry.refused[0].code}`)"
    if entry.exceptions:
        return f"an exception on the record (`{entry.exceptions[0]}`)"
    return "a declared default"


def _links(names: Sequence[str], entries: dict[str, Entry]) -> str:
    return ", ".join(link(entries[name]) for name in names) or NOTHING


def coverage_page(covered: Coverage, entries: dict[str, Entry]) -> str:
    """Return the report: what is shown, told apart, and what is not yet."""
    missing, same = covered.not_shown, covered.not_told_apart
    lines = [TOLD, "", "# What the manual covers", "", *summary(covered), ""]
    lines += [
        "A construct is a property, value, branch or form of the plan's schema, a part of the grammar of formulas, a default",
        "rule, a kind of bad input or a warning of the linter. It is shown by an entry that names it and whose plan contains it. A choice is told apart",
        "when an alternative changes it, or puts it in the place of what an entry says, and pays another amount; or when a",
        "plan is refused for it.",
        "",
    ]
    lines += _list("Not shown yet", missing)
    lines += _list("Shown, and not told apart", same)
    lines += ["## Where each construct is shown", ""]
    rows = [
        [f"`{name}`", _by(name, covered, entries), _told(name, covered, entries)]
        for name in constructs()
        if name not in covered.not_shown
    ]
    lines += table(["construct", "shown by", "told apart by"], rows)
    return "\n".join(lines) + "\n"


def summary(covered: Coverage) -> list[str]:
    """Return the shares of constructs shown and of choices told apart, as a table."""
    rows = []
    missing = set(covered.not_shown)
    for name, known in _kinds().items():
        some = [each for each in known if each not in missing]
        chosen = [each for each in known if each in choices()]
        told = [each for each in chosen if each in covered.told_apart]
        rows.append([name, _share(len(some), len(known)), _share(len(told), len(chosen))])
    return table(["constructs", "shown", "told apart from another choice"], rows)


def _kinds() -> dict[str, list[str]]:
    known = constructs()
    marks = {
        "grammar of formulas": "formula ",
        "default rules": "default ",
        "bad input": "input ",
        "warnings": "warning ",
    }
    kinds = {
        name: [each for each in known if each.startswith(mark)] for name, mark in marks.items()
    }
    others = {each for some in kinds.values() for each in some}
    schema = [each for each in known if each not in others]
    return {"schema of a plan": schema, **kinds, "all": list(known)}


def _share(some: int, of: int) -> str:
    return NOTHING if not of else f"{some} of {of} ({100 * some // of} %)"


def _told(name: str, covered: Coverage, entries: dict[str, Entry]) -> str:
    if name not in choices():
        return "no choice"
    return _links(covered.told_apart.get(name, ()), entries)


def _list(heading: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    return [f"## {heading}", "", *(f"- `{name}`" for name in names), ""]
