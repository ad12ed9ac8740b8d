"""The plan document: text in, one canonical form out, every scalar kept as text."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from premia_common.canonical import canonical_json, digest
from premia_plan.finding import Finding, pointer
from premia_plan.language.words import Words, same
from premia_plan.yaml_text import Content, Place, YamlUnreadable, read_yaml

__all__ = ["Content", "Place", "PlanDocument", "PlanUnreadable", "parse_plan"]

MAX_BYTES = 4 * 1024 * 1024
Places: TypeAlias = Mapping[str, Place]


class PlanUnreadable(ValueError):
    """Raised when a text is not a plan document that can be read at all."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("the plan cannot be read: " + "; ".join(str(item) for item in findings))


@dataclass(frozen=True)
class PlanDocument:
    """A plan as written, with its tables inside; its hash is its identity."""

    content: Mapping[str, Content]
    places: Places = field(default_factory=dict, compare=False, repr=False)

    def canonical(self) -> bytes:
        """Return the published form: canonical JSON with the tables inside."""
        return canonical_json(self.content)

    @cached_property
    def hash(self) -> str:
        """Return the SHA-256 of the published form, in hexadecimal."""
        return digest(self.canonical())

    @classmethod
    def from_canonical(cls, published: bytes) -> "PlanDocument":
        """Read the published form.

        Raises:
            PlanUnreadable: if it is not JSON whose every scalar is text.
        """
        try:
            content = json.loads(published)
        except (ValueError, RecursionError) as error:
            message = Words(f"it is not JSON: {error}", f"non è JSON: {error}")
            raise PlanUnreadable((_whole("json.invalid", message),)) from None
        if not isinstance(content, dict) or not _is_text_only(content):
            message = Words(
                "the published form is a JSON object whose every scalar is text",
                "la forma pubblicata è un oggetto JSON in cui ogni valore è testo",
            )
            raise PlanUnreadable((_whole("json.not_text", message),))
        return cls(content)

    def place_of(self, path: str) -> Place | None:
        """Return the line and column of a pointer, or of the nearest part around it."""
        while path and path not in self.places:
            path = path.rpartition("/")[0]
        return self.places.get(path)


def parse_plan(
    text: str | bytes,
    *,
    tables: Mapping[str, bytes] = {},
) -> PlanDocument:
    """Read a plan from YAML 1.2 or JSON; `rows_from` names are looked up in `tables` (CSV).

    Raises:
        PlanUnreadable: with every reason found, each with its line, column and a hint.
    """
    size = len(text.encode() if isinstance(text, str) else text)
    if size > MAX_BYTES:
        message = Words(
            f"the plan has {size} bytes; the limit is {MAX_BYTES}",
            f"il piano ha {size} byte; il limite è {MAX_BYTES}",
        )
        raise PlanUnreadable((_whole("text.too_long", message),))
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = Words(f"it is not UTF-8: {error}", f"non è UTF-8: {error}")
        raise PlanUnreadable((_whole("text.not_utf8", message),)) from None
    try:
        content, places = read_yaml(decoded)
    except YamlUnreadable as error:
        raise PlanUnreadable(error.findings) from None
    if not isinstance(content, dict):
        message = Words("a plan is a mapping of names", "un piano è una mappa di nomi")
        raise PlanUnreadable((_whole("document.not_a_mapping", message),))
    findings = _inline_tables(content, places, tables)
    if findings:
        raise PlanUnreadable(tuple(findings))
    return PlanDocument(content, places)


def _whole(code: str, message: Words) -> Finding:
    hint = Words(
        "Write the plan as UTF-8 YAML or JSON, like the plans of the library",
        "Scrivi il piano in YAML o JSON UTF-8, come i piani della libreria",
    )
    return Finding.said("error", code, "", message, hint, place=(1, 1))


def _is_text_only(content: object) -> bool:
    if isinstance(content, dict):
        return all(_is_text_only(value) for value in content.values())
    if isinstance(content, list):
        return all(_is_text_only(value) for value in content)
    return isinstance(content, str)


def _inline_tables(
    content: dict[str, Content], places: dict[str, Place], files: Mapping[str, bytes]
) -> list[Finding]:
    """Put the rows of every `rows_from` file in its place."""
    findings: list[Finding] = []
    declared = content.get("tables")
    for name, table in declared.items() if isinstance(declared, dict) else ():
        if not isinstance(table, dict) or not isinstance(table.get("rows_from"), str):
            continue
        path = pointer("tables", name, "rows_from")
        place = places[path]
        source = str(table["rows_from"])
        try:
            rows = _read_rows(files[source])
        except KeyError:
            known = ", ".join(sorted(files))
            message = Words(f"there is no file {source}", f"non c'è un file {source}")
            hint = Words(
                f"Files given with the plan: {known or 'none'}",
                f"File dati con il piano: {known or 'nessuno'}",
            )
            findings.append(
                Finding.said("error", "table.no_file", path, message, hint, place=place)
            )
            continue
        except (UnicodeDecodeError, csv.Error, _RowsUnreadable) as error:
            why = error.why if isinstance(error, _RowsUnreadable) else same(str(error))
            message = Words(
                f"{source} cannot be read: {why.en}", f"{source} non si legge: {why.it}"
            )
            hint = Words(
                "Write UTF-8 CSV whose first line names the columns",
                "Scrivi un CSV in UTF-8 la cui prima riga nomina le colonne",
            )
            findings.append(
                Finding.said("error", "table.bad_file", path, message, hint, place=place)
            )
            continue
        del table["rows_from"]
        table["rows"] = rows
        places[pointer("tables", name, "rows")] = place
    return findings


class _RowsUnreadable(ValueError):
    """Raised when the rows of a file do not make a table."""

    def __init__(self, why: Words) -> None:
        self.why = why
        super().__init__(why.en)


def _read_rows(content: bytes) -> list[Content]:
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True)
    if len(set(reader.fieldnames or ())) != len(reader.fieldnames or ()):
        why = Words("two columns have the same name", "due colonne hanno lo stesso nome")
        raise _RowsUnreadable(why)
    rows: list[Content] = []
    for number, row in enumerate(reader, start=2):
        if None in row or None in row.values():
            raise _RowsUnreadable(
                Words(
                    f"line {number} has another number of columns than the first line",
                    f"la riga {number} non ha tante colonne quante la prima",
                )
            )
        rows.append({name: value.strip() for name, value in row.items() if value.strip()})
    return rows
