"""The entries of the manual, read from their files."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from premia_plan.document import Content, Place, PlanDocument
from premia_plan.yaml_text import YamlUnreadable, read_yaml

from .patches import Change, changed

MANUAL = Path(__file__).with_name("manual")
FRAME = MANUAL / "frame.yaml"
Fields: TypeAlias = Mapping[str, Content]
"""What stands under the keys of an entry or a part of it."""


class EntryMiswritten(ValueError):
    """Raised when a file of the manual is not written as an entry is; says where and what."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text in the two languages of the manual."""

    en: str
    it: str


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """Another choice, and what the example named would pay then (the first, unless named).

    `pays` is the example's whole `expect`, `due` its whole `pays`, `stated` its whole `statements`;
    at least one is given, and what is not given is as in the entry. `refused` holds the codes of the findings of a choice that the checker does not let through.
    """

    says: Words
    changes: tuple[Change, ...]
    example: str | None
    pays: "Content | None"
    due: "Content | None"
    stated: "Content | None"
    exceptions: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error the checker must find: its code and its pointer in the plan."""

    code: str
    at: str


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One page of the manual: a plan that shows constructs, and what other choices would pay."""

    name: str
    title: Words
    text: Words
    shows: tuple[str, ...]
    like: str | None
    changes: tuple[Change, ...]
    document: PlanDocument
    written: str
    alternatives: tuple[Alternative, ...]
    refused: tuple[Refusal, ...]
    exceptions: tuple[str, ...]
    explains: tuple[str, str, str] | None
    warns: tuple[str, ...]

    @property
    def chapter(self) -> str:
        """Return the folder of the chapter it stands in."""
        return self.name.partition("/")[0]

    @property
    def is_bad_input(self) -> bool:
        """Say whether the entry shows what happens to something that is wrong."""
        return bool(self.refused or self.exceptions)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A folder of entries with its heading."""

    name: str
    title: Words
    text: Words
    entries: tuple[Entry, ...]


def chapters(root: Path = MANUAL) -> tuple[Chapter, ...]:
    """Return every chapter with its entries, in the order of their numbers."""
    folders = sorted({name.partition("/")[0] for name in entry_names(root)})
    return tuple(read_chapter(folder, root) for folder in folders)


def entry_names(root: Path = MANUAL) -> tuple[str, ...]:
    """Return chapter and slug of every entry, in the order in which the manual is read."""
    files = sorted(root.glob("*/*.yaml"))
    return tuple(f"{file.parent.name}/{file.stem}" for file in files if file.stem != "chapter")


def entries(root: Path = MANUAL) -> tuple[Entry, ...]:
    """Return every entry of every chapter, in the order in which the manual is read."""
    return tuple(read_entry(name, root) for name in entry_names(root))


def readable_entries() -> tuple[Entry, ...]:
    """Return the entries whose files can be read; the tests name those that cannot, one by one."""
    found = []
    for name in entry_names():
        with suppress(EntryMiswritten):
            found.append(read_entry(name))
    return tuple(found)


def read_chapter(folder: str, root: Path = MANUAL) -> Chapter:
    """Read a chapter's heading and its entries.

    Raises:
        EntryMiswritten: if one of the files is not written as it must be.
    """
    fields, _ = _read(root / folder / "chapter.yaml", {"title", "text"})
    names = [name for name in entry_names(root) if name.startswith(folder + "/")]
    found = tuple(read_entry(name, root) for name in names)
    return Chapter(folder, _words(fields, "title"), _words(fields, "text"), found)


KEYS = {"title", "text", "shows", "like", "change", "plan", "alternatives"} | {
    "refused",
    "exceptions",
    "explains",
    "warns",
}


def read_entry(name: str, root: Path = MANUAL) -> Entry:
    """Read an entry by its chapter and slug; the same one is read once.

    Raises:
        EntryMiswritten: if the file is not an entry.
    """
    return _read_entry(name, root)


@cache
def _read_entry(name: str, root: Path) -> Entry:
    path = root / f"{name}.yaml"
    fields, places = _read(path, KEYS)
    like = _text(fields, "like", name) if "like" in fields else None
    changes = tuple(_change(item, name) for item in _items(fields, "change"))
    title = _words(fields, "title")
    content = _content(like, root) | {
        "plan": name.partition("/")[2],
        "title": {"en": title.en, "it": title.it},
    }
    written = fields.get("plan", {})
    if not isinstance(written, dict):
        raise EntryMiswritten(f"{name}: plan is a mapping of sections")
    content = changed(content | written, changes)
    return Entry(
        name=name,
        title=title,
        text=_words(fields, "text"),
        shows=tuple(str(item) for item in _items(fields, "shows")),
        like=like,
        changes=changes,
        document=PlanDocument(content, _below_plan(places)),
        written=_source_of_plan(path.read_text(encoding="utf-8")),
        alternatives=tuple(_alternative(item, name) for item in _items(fields, "alternatives")),
        refused=tuple(_refusal(item, name) for item in _items(fields, "refused")),
        exceptions=tuple(str(item) for item in _items(fields, "exceptions")),
        explains=_line(fields, name),
        warns=tuple(str(item) for item in _items(fields, "warns")),
    )


def _content(like: str | None, root: Path) -> dict[str, Content]:
    if like is not None:
        return dict(read_entry(like, root).document.content)
    return dict(_frame(root))


@cache
def _frame(root: Path) -> Fields:
    content, _ = _read(root / FRAME.name, None)
    return content


def _read(path: Path, keys: set[str] | None) -> tuple[Fields, Mapping[str, Place]]:
    try:
        content, places = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, YamlUnreadable) as error:
        raise EntryMiswritten(f"{path.name}: {error}") from None
    if not isinstance(content, dict):
        raise EntryMiswritten(f"{path.name}: a mapping of names is expected")
    if keys is not None and not set(content) <= keys:
        unknown = ", ".join(sorted(set(content) - keys))
        raise EntryMiswritten(f"{path.name}: {unknown} is not known; known are {sorted(keys)}")
    return content, places


def _below_plan(places: Mapping[str, Place]) -> dict[str, Place]:
    return {
        path.removeprefix("/plan"): place
        for path, place in places.items()
        if path == "/plan" or path.startswith("/plan/")
    }


def _source_of_plan(text: str) -> str:
    """Return the lines below `plan:` as they are written, comments kept, moved to the left."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.rstrip() == "plan:":
            return "\n".join(line[2:] for line in _indented(lines)).strip("\n")
    return ""


def _indented(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line and not line.startswith(" "):
            return
        yield line


def _items(fields: Fields, key: str) -> list[Content]:
    found = fields.get(key, [])
    if not isinstance(found, list):
        raise EntryMiswritten(f"{key} is a list")
    return found


def _fields(content: Content, name: str, keys: set[str]) -> Fields:
    if not isinstance(content, dict) or not set(content) <= keys:
        raise EntryMiswritten(f"{name}: {content!r} may only have {sorted(keys)}")
    return content


def _text(fields: Fields, key: str, name: str) -> str:
    found = fields.get(key)
    if not isinstance(found, str):
        raise EntryMiswritten(f"{name}: {key} is a single value")
    return found


def _words(fields: Fields, key: str) -> Words:
    found = fields.get(key)
    if not isinstance(found, dict) or set(found) != {"en", "it"}:
        raise EntryMiswritten(f"{key} is written as {{en: …, it: …}}")
    return Words(" ".join(str(found["en"]).split()), " ".join(str(found["it"]).split()))


def _change(content: Content, name: str) -> Change:
    fields = _fields(content, name, {"at", "to", "remove"})
    if ("to" in fields) == (fields.get("remove") == "true"):
        raise EntryMiswritten(f"{name}: a change says `to` or `remove: true`")
    return Change(_text(fields, "at", name), fields.get("to"))


def _alternative(content: Content, name: str) -> Alternative:
    keys = {"says", "change", "example", "pays", "due", "stated", "exceptions", "refused"}
    fields = _fields(content, name, keys)
    refused = tuple(str(item) for item in _items(fields, "refused"))
    if bool({"pays", "due", "stated"} & set(fields)) == bool(refused):
        raise EntryMiswritten(
            f"{name}: an alternative says what it `pays`, what is `due` or `stated`, "
            "or why it is `refused`"
        )
    return Alternative(
        says=_words(fields, "says"),
        changes=tuple(_change(item, name) for item in _items(fields, "change")),
        example=_text(fields, "example", name) if "example" in fields else None,
        pays=fields.get("pays"),
        due=fields.get("due"),
        stated=fields.get("stated"),
        exceptions=tuple(str(item) for item in _items(fields, "exceptions")),
        refused=refused,
    )


def _refusal(content: Content, name: str) -> Refusal:
    fields = _fields(content, name, {"code", "at"})
    return Refusal(_text(fields, "code", name), _text(fields, "at", name))


def _line(fields: Fields, name: str) -> tuple[str, str, str] | None:
    if "explains" not in fields:
        return None
    line = _fields(fields["explains"], name, {"payee", "month", "component"})
    return _text(line, "payee", name), _text(line, "month", name), _text(line, "component", name)
