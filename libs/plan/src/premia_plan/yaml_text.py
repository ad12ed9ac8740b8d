"""YAML 1.2 read as plain text scalars with places; what misleads a reader is refused."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from premia_plan.finding import Finding, pointer
from premia_plan.language.words import Words

Content: TypeAlias = "str | list[Content] | dict[str, Content]"

MAX_DEPTH = 32
SWITCH_WORDS = frozenset({"on", "off", "yes", "no"})
_COMMA_NUMBER = re.compile(r"-?\d+(,\d+)+(\.\d+)?(\s*(%|[A-Z]{3}))?")
_FLOAT_NUMBER = re.compile(
    r"[-+]?(\d+(\.\d*)?|\.\d+)[eE][-+]?\d+.*|[-+]?\.\d+.*|[-+]?\.?(inf|nan)|[-+]?\d+(_\d+)+.*",
    re.IGNORECASE,
)
_OF_FORMULA = re.compile(r"[()*/+=<>\[\]\"]")
"""What no key has and the part of a formula after a comma mostly does."""
_WRITE_OUT = Words(
    "Write the content out where it is needed", "Scrivi per esteso il contenuto dove serve"
)
_LOOK = Words(
    "Look at the indentation, colons and quotes here and on the line before; a formula with"
    " brackets, a colon or quotation marks goes in single quotation marks",
    "Guarda rientri, due punti e virgolette qui e alla riga prima; una formula con parentesi, due"
    " punti o virgolette va tra apici singoli",
)
_TAB = Words("Indent with blanks, not with tabs", "Fai i rientri con spazi, non con tabulazioni")


class Place(NamedTuple):
    """A line and a column, both counted from 1."""

    line: int
    column: int


START = Place(1, 1)


class YamlUnreadable(ValueError):
    """Raised when a text is not the YAML a plan may use."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("; ".join(str(item) for item in findings))


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read; `key` waits for its value."""

    content: "dict[str, Content] | list[Content]"
    path: str
    key: str | None = None
    key_place: Place = START


@dataclass(slots=True)
class _Builder:
    places: dict[str, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    root: "Content | None" = None
    documents: int = 0

    def refuse(self, code: str, path: str, place: Place, message: Words, hint: Words) -> None:
        self.findings.append(_finding(code, path, place, message, hint))

    def take(self, event: Event) -> None:
        place = _place(event.start_mark)
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                message = Words("a second document starts", "comincia un secondo documento")
                hint = Words("Keep one plan in a file", "Un piano per file")
                self.refuse("yaml.two_documents", "", place, message, hint)
        elif isinstance(event, AliasEvent):
            self._refuse_anchor(event.anchor, place)
            self._place_value("", place)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self.stack.pop()
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self._open(event, place)
        elif isinstance(event, ScalarEvent):
            self._scalar(event, place)

    def _refuse_anchor(self, name: str, place: Place) -> None:
        message = Words(f"anchors are refused: {name}", f"i rimandi non sono ammessi: {name}")
        self.refuse("yaml.anchor", self._path(), place, message, _WRITE_OUT)

    def _path(self) -> str:
        if not self.stack:
            return ""
        top = self.stack[-1]
        if isinstance(top.content, list):
            return top.path + pointer(len(top.content))
        return top.path if top.key is None else top.path + pointer(top.key)

    def _open(self, event: MappingStartEvent | SequenceStartEvent, place: Place) -> None:
        if event.anchor:
            self._refuse_anchor(event.anchor, place)
        if event.tag and not event.implicit:
            self._refuse_tag(str(event.tag), place)
        if len(self.stack) >= MAX_DEPTH:
            hint = Words("A plan needs far fewer levels", "A un piano bastano molti meno livelli")
            message = Words(f"more than {MAX_DEPTH} levels", f"più di {MAX_DEPTH} livelli")
            self.refuse("yaml.too_deep", self._path(), place, message, hint)
            raise YamlUnreadable(tuple(self.findings))
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.content, dict) and top.key is None:
            message = Words("a key is not text", "una chiave non è testo")
            hint = Words("A key is a word", "Una chiave è una parola")
            self.refuse("yaml.key_not_text", top.path, place, message, hint)
            raise YamlUnreadable(tuple(self.findings))
        content: dict[str, Content] | list[Content] = (
            {} if isinstance(event, MappingStartEvent) else []
        )
        path = self._path()
        self._place_value(content, place)
        self.stack.append(_Open(content, path))

    def _refuse_tag(self, tag: str, place: Place) -> None:
        message = Words(f"tags are refused: {tag}", f"i tag non sono ammessi: {tag}")
        hint = Words("Every value is text; leave the tag out", "Ogni valore è testo; togli il tag")
        self.refuse("yaml.tag", self._path(), place, message, hint)

    def _scalar(self, event: ScalarEvent, place: Place) -> None:
        if event.anchor:
            self._refuse_anchor(event.anchor, place)
        if event.tag and not any(event.implicit):
            self._refuse_tag(str(event.tag), place)
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.content, dict) and top.key is None:
            self._key(top, event, place)
        else:
            self._value(event, place)

    def _key(self, top: _Open, event: ScalarEvent, place: Place) -> None:
        key = str(event.value)
        path = top.path + pointer(key)
        if key.lower() in SWITCH_WORDS and not event.style:
            message = Words(f"{key!r} as a key is refused", f"{key!r} come chiave non è ammesso")
            hint = Words(
                "Some readers take it for true or false; choose another word",
                "Alcuni lettori lo prendono per vero o falso; scegli un'altra parola",
            )
            self.refuse("yaml.switch_key", path, place, message, hint)
        if key == "<<":
            message = Words("merge keys are refused", "le chiavi di unione non sono ammesse")
            self.refuse("yaml.anchor", path, place, message, _WRITE_OUT)
        if key in top.content:
            line = self.places[path].line
            message = Words(f"{key!r} is written twice", f"{key!r} è scritto due volte")
            hint = Words(
                f"It is also on line {line}; keep one of the two",
                f"È anche alla riga {line}; tieni uno dei due",
            )
            self.refuse("yaml.duplicate_key", path, place, message, hint)
        top.key, top.key_place = key, place

    def _value(self, event: ScalarEvent, place: Place) -> None:
        value, path = str(event.value), self._path()
        if not event.style:
            if not value:
                self._refuse_empty(path, place)
            elif _COMMA_NUMBER.fullmatch(value):
                message = Words(f"{value!r} has a comma", f"{value!r} ha una virgola")
                hint = Words(
                    "Write thousands with a blank and decimals with a point: 1 200.50 EUR",
                    "Scrivi le migliaia con uno spazio e i decimali con un punto: 1 200.50 EUR",
                )
                self.refuse("number.comma", path, place, message, hint)
            elif _FLOAT_NUMBER.fullmatch(value):
                message = Words(
                    f"{value!r} is no plain number", f"{value!r} non è un numero semplice"
                )
                hint = Words(
                    "Write the digits out: 1 200.50 EUR, 3 %, 0.5",
                    "Scrivi tutte le cifre: 1 200.50 EUR, 3 %, 0.5",
                )
                self.refuse("number.float", path, place, message, hint)
        self._place_value(value, place)

    def _refuse_empty(self, path: str, place: Place) -> None:
        key = self.stack[-1].key if self.stack else None
        place = place if key is None else self.stack[-1].key_place
        is_number = key is not None and re.match(r"\d+\b", key) is not None
        if key is not None and is_number and not _OF_FORMULA.search(key):
            message = Words(
                f"{key!r} looks like the rest of a number with a comma",
                f"{key!r} sembra il resto di un numero con la virgola",
            )
            hint = Words(
                "Inside braces a comma starts a new entry; write 3.5, and thousands like 1 200",
                "Tra graffe la virgola apre un'altra voce; scrivi 3.5, e le migliaia come 1 200",
            )
            self.refuse("number.comma", path, place, message, hint)
        elif key is not None and _OF_FORMULA.search(key):
            message = Words(
                f"{key!r} looks like the rest of a formula with a comma",
                f"{key!r} sembra il resto di una formula con la virgola",
            )
            hint = Words(
                "Inside braces a comma starts a new entry; put the formula in single quotes",
                "Tra graffe la virgola apre un'altra voce; metti la formula tra apici singoli",
            )
            self.refuse("yaml.comma", path, place, message, hint)
        else:
            message = Words("the value is missing", "manca il valore")
            hint = Words("Write the value, or leave the key out", "Scrivilo, o togli la chiave")
            self.refuse("yaml.empty", path, place, message, hint)

    def _place_value(self, value: Content, place: Place) -> None:
        path = self._path()
        if not self.stack:
            self.root = value
            self.places[""] = place
            return
        top = self.stack[-1]
        if isinstance(top.content, list):
            self.places[path] = place
            top.content.append(value)
        elif top.key is not None:
            self.places.setdefault(path, top.key_place)
            top.content[top.key] = value
            top.key = None


def _place(mark: StringMark) -> Place:
    return Place(mark.line + 1, mark.column + 1)


def read_yaml(text: str) -> tuple[Content, dict[str, Place]]:
    """Return the content with every scalar as text, and the place of each JSON pointer.

    Raises:
        YamlUnreadable: for text that is not YAML, and for duplicate keys, anchors, tags, `on`,
            `off`, `yes` and `no` as keys, numbers with commas or exponents, empty values.
    """
    builder = _Builder()
    reader = YAML(typ="safe", pure=True)
    try:
        for event in reader.parse(text):
            builder.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = _place(mark) if mark is not None else Place(1, 1)
        told = f"{error.problem or error.context}"
        message = Words(f"this is not YAML: {told}", f"questo non è YAML: {told}")
        builder.refuse("yaml.invalid", "", place, message, _TAB if "\\t" in told else _LOOK)
    except (YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, YamlUnreadable):
            raise
        message = Words(f"this is not YAML: {error}", f"questo non è YAML: {error}")
        hint = Words("Look for unprintable characters", "Cerca caratteri non stampabili")
        builder.refuse("yaml.invalid", "", Place(1, 1), message, hint)
    if builder.findings:
        raise YamlUnreadable(tuple(builder.findings))
    if builder.root is None:
        message = Words("the text is empty", "il testo è vuoto")
        hint = Words("Write a plan", "Scrivi un piano")
        raise YamlUnreadable((_finding("yaml.empty", "", START, message, hint),))
    return builder.root, builder.places


def _finding(code: str, path: str, place: Place, message: Words, hint: Words) -> Finding:
    return Finding.said("error", code, path, message, hint, place=place)
