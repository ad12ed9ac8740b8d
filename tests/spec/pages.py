"""The manual as pages: each chapter with its plans, what they pay and what other choices would."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from uuid import UUID

from premia_common.periods import Month
from premia_plan.document import Content
from premia_plan.linting import lint
from premia_plan.narration import Language, NodeLookup, label
from premia_plan.reference import PAID, Line, Node, calculate

from .entries import FRAME, Alternative, Chapter, Entry
from .patches import Change
from .trials import chosen_pay, example_of, examples_of, try_entry, written_pay

TOLD = "<!-- Written by `make manual` from tests/spec/manual; the tests run every plan on it. -->"
NOTHING = "—"
"""What a cell of a table says where there is nothing."""
NAMED = ("plan: my-plan-2026", "title: {en: My plan, it: Il mio piano}")
"""How a plan begins: its name and title, which every entry of the manual has for itself."""
MAX_WIDTH = 200
"""A longer value is cut on a page."""


def anchor(heading: str) -> str:
    """Return the name under which a heading is linked.

    >>> anchor("First n, and a half")
    'first-n-and-a-half'
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def link(entry: Entry, page: str = "") -> str:
    """Return a link to an entry, as written on a page of the manual."""
    place = "" if page == entry.chapter else f"{entry.chapter}.md"
    return f"[{entry.title.en}]({place}#{anchor(entry.title.en)})"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


def chapter_page(chapter: Chapter, entries: Mapping[str, Entry]) -> str:
    """Return the page of a chapter."""
    number = int(chapter.name.partition("-")[0])
    contents = [f"- {link(entry, chapter.name)}" for entry in chapter.entries]
    lines = [
        TOLD,
        "",
        f"# {number}. {chapter.title.en}",
        "",
        chapter.text.en,
        "",
        f"*{chapter.title.it}. {chapter.text.it}*",
        "",
        *contents,
    ]
    for entry in chapter.entries:
        lines += ["", *_entry(entry, entries)]
    return "\n".join(lines) + "\n"


def frame_block() -> list[str]:
    """Return the plan that every entry starts from."""
    text = FRAME.read_text(encoding="utf-8").split("\n", 1)[1]
    return ["```yaml", *NAMED, *text.strip().splitlines(), "```"]


def _entry(entry: Entry, entries: Mapping[str, Entry]) -> Iterator[str]:
    yield f"## {entry.title.en}"
    yield ""
    yield entry.text.en
    yield ""
    yield f"*{entry.title.it}. {entry.text.it}*"
    if entry.like is not None:
        yield ""
        yield f"Like {link(entries[entry.like], entry.chapter)}, with:"
    if entry.written:
        heads = NAMED if "plan" in entry.shows else ()
        yield from ["", "```yaml", *heads, *entry.written.splitlines(), "```"]
    if entry.changes:
        yield from ["", *_changes(entry.changes)]
    if entry.refused:
        yield from ["", *_findings(entry)]
        return
    for example in examples_of(entry.document.content):
        yield from ["", *_paid(entry, example)]
    if entry.alternatives:
        yield from ["", *_choices(entry.alternatives)]
    if entry.warns:
        yield from ["", *_warnings(entry)]
    yield from _explanation(entry)


def _changes(changes: Sequence[Change]) -> list[str]:
    """Return what an entry changes, less what its table of pay shows anyway."""
    told = [item for item in changes if not re.match(r"/examples/\d+/(expect|exceptions)", item.at)]
    return [f"- {_change(change)}" for change in told]


def _change(change: Change) -> str:
    place = "`" + change.at.removeprefix("/").replace("/", ".").replace("~1", "/") + "`"
    if change.to is None:
        return f"without {place}"
    if place.endswith(".-`"):
        return f"in {place.removesuffix('.-`')}` also `{_brief(change.to)}`"
    return f"{place}: `{_brief(change.to)}`"


def _brief(content: Content) -> str:
    """Return a content on one line, as a plan would write it."""
    if isinstance(content, dict):
        return "{" + ", ".join(f"{key}: {_brief(item)}" for key, item in content.items()) + "}"
    if isinstance(content, list):
        return "[" + ", ".join(_brief(item) for item in content) + "]"
    if len(content) > MAX_WIDTH:
        return f"{content[:20]}… ({len(content)} characters)"
    return content if re.fullmatch(r"[^,:\[\]{}#]*|\S+:\S+", content) else json.dumps(content)


def _flat(content: Content, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the single values of an expectation, each with the keys that lead to it."""
    if isinstance(content, dict):
        for key, item in content.items():
            yield from _flat(item, (*above, key))
    elif isinstance(content, list):
        for item in content:
            yield from _flat(item, above)
    else:
        yield above, content


def _paid(entry: Entry, example: Mapping[str, Content]) -> list[str]:
    """Return the table of what an example pays, with a column for each other choice."""
    others = [
        item
        for item in entry.alternatives
        if not item.refused and example_of(entry, item) is example
    ]
    numbers = [entry.alternatives.index(item) + 1 for item in others]
    columns = [
        dict(_flat(written_pay(example))),
        *(dict(_flat(chosen_pay(example, item))) for item in others),
    ]
    raised = [example.get("exceptions", []), *(list(item.exceptions) for item in others)]
    places = list(dict.fromkeys(chain.from_iterable(columns)))
    rows = [
        [", ".join(place), *(column.get(place, NOTHING) for column in columns)] for place in places
    ]
    if any(raised):
        rows.append(["exceptions", *(", ".join(map(str, codes)) or NOTHING for codes in raised)])
    if not rows:
        rows = [["nothing", *(NOTHING for _ in columns)]]
    heads = [str(example["name"]), "as written", *(f"choice {number}" for number in numbers)]
    return table(heads, rows)


def _choices(alternatives: Sequence[Alternative]) -> Iterator[str]:
    yield "Other choices:"
    yield ""
    for number, item in enumerate(alternatives, start=1):
        changes = "; ".join(_change(change) for change in item.changes)
        refused = f" This is refused: {', '.join(item.refused)}." if item.refused else ""
        yield f"{number}. {item.says.en} (*{item.says.it}*): {changes}.{refused}"


def _warnings(entry: Entry) -> list[str]:
    plan = try_entry(entry).plan
    found = () if plan is None else lint(plan)
    rows = [
        [item.code, item.path, f"{item.message}. {item.hint}", item.counter_example or NOTHING]
        for item in found
    ]
    heads = ["warning", "at", "what it says", "the case"]
    return [
        "The linter warns; whoever approves the plan accepts each by name:",
        "",
        *table(heads, rows),
    ]


def _findings(entry: Entry) -> list[str]:
    found = try_entry(entry).findings
    rows = [
        [item.code, item.path, f"{item.message}. {item.hint}", item.counter_example or NOTHING]
        for item in found
    ]
    return ["The plan is refused:", "", *table(["finding", "at", "what it says", "a case"], rows)]


def _explanation(entry: Entry) -> Iterator[str]:
    """Yield how one amount is explained, in both languages."""
    plan = try_entry(entry).plan
    if plan is None:
        return
    for example in plan.examples:
        result = calculate(plan, example.relations, until=Month.parse(example.until))
        lines = [line for line in result.lines if line.what in PAID and line.amount != 0]
        chosen = _chosen(lines, entry.explains)
        if chosen is None:
            continue
        lookup = {node.node_id: node for node in result.nodes}
        root = lookup[chosen.node_id]
        place = f"{chosen.payee_id}, {chosen.month}, {chosen.component}"
        yield from ["", f"How {example.name!r} explains {place}:", ""]
        yield from _told(root, lookup, "en", set(), 0)
        yield from ["", "<details><summary>In italiano</summary>", ""]
        yield from _told(root, lookup, "it", set(), 0)
        yield from ["", "</details>"]
        return


def _told(
    node: Node, lookup: NodeLookup, language: Language, told: set[UUID], depth: int
) -> Iterator[str]:
    """Yield an explanation as a list in a list, each node with what it follows from once."""
    yield "  " * depth + "- " + label(node, language)
    if node.node_id in told:
        return
    told.add(node.node_id)
    for child in node.children:
        yield from _told(lookup[child], lookup, language, told, depth + 1)


def _chosen(lines: Sequence[Line], wanted: tuple[str, str, str] | None) -> Line | None:
    ordered = sorted(lines, key=lambda line: (_place(line), line.order_id or "", line.amount))
    fitting = [line for line in ordered if wanted in {None, _place(line)}]
    return fitting[0] if fitting else None


def _place(line: Line) -> tuple[str, str, str]:
    return line.payee_id or "", line.month or "", line.component
