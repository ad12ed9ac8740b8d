"""Reading the OData V2 query options that the feed understands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from connectors.application.queries import FeedFilter
from connectors.domain.feed import FeedStatus, InvoiceNotInFeed
from connectors.entrypoints.odata.metadata import PARTS

_SYSTEM_OPTIONS = frozenset({"$filter", "$top", "$orderby", "$inlinecount", "$expand", "$format"})
_AFTER = re.compile(r"ChangeSeq\s+gt\s+([0-9]{1,18})L?")
_STATUS = re.compile(r"Status\s+eq\s+'([A-Z_]{1,20})'")
_DATE = re.compile(r"datetime'([0-9]{4}-[0-9]{2}-[0-9]{2})T00:00(?::00(?:\.0{1,7})?)?'")


class BadOption(ValueError):
    """Raised when a query option cannot be read, or is one that the feed does not have."""


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """Which invoices are asked for, and how."""

    wanted: FeedFilter
    top: int | None
    expand: tuple[str, ...]
    count: bool


def read_options(query: Mapping[str, str]) -> FeedOptions:
    """Read the query of a collection.

    Raises:
        BadOption: if an option is not supported; the message says what is.

    >>> read_options({"$filter": "ChangeSeq gt 7L", "$top": "2"}).wanted.after_seq
    7
    """
    unknown = sorted(name for name in query if name.startswith("$") and name not in _SYSTEM_OPTIONS)
    if unknown:
        raise BadOption(
            f"{', '.join(unknown)} is not supported; use {', '.join(sorted(_SYSTEM_OPTIONS))}"
        )
    order = query.get("$orderby", "ChangeSeq").split()
    if order not in (["ChangeSeq"], ["ChangeSeq", "asc"]):
        raise BadOption("$orderby may only be ChangeSeq, ascending")
    inline = query.get("$inlinecount", "none")
    if inline not in ("none", "allpages"):
        raise BadOption("$inlinecount is allpages or none")
    return FeedOptions(
        wanted=_filter(query.get("$filter", "")),
        top=_top(query.get("$top")),
        expand=read_expand(query),
        count=inline == "allpages",
    )


def read_expand(query: Mapping[str, str]) -> tuple[str, ...]:
    """Read `$expand`.

    Raises:
        BadOption: if it names an unknown navigation.
    """
    names = tuple(name.strip() for name in query.get("$expand", "").split(",") if name.strip())
    for name in names:
        if name not in PARTS:
            raise BadOption(f"$expand knows {', '.join(PARTS)}, not {name[:40]!r}")
    return names


def _top(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise BadOption("$top is a whole number")
    return int(text)


def _filter(text: str) -> FeedFilter:
    after, status = 0, None
    conditions = re.split(r"\s+and\s+", text.strip()) if text.strip() else []
    for condition in conditions:
        bare = condition.strip().removeprefix("(").removesuffix(")").strip()
        if found := _AFTER.fullmatch(bare):
            after = max(after, int(found[1]))
        elif (found := _STATUS.fullmatch(bare)) and found[1] in FeedStatus.__members__:
            status = found[1]
        else:
            raise BadOption(
                "$filter takes `ChangeSeq gt <n>L` and `Status eq '<status>'`, joined by `and`; "
                f"not {bare[:60]!r}"
            )
    return FeedFilter(after, status)


class Parameters:
    """The parameters of a function import, as OData writes them in the query string."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self._query = query

    def text(self, name: str, *, longest: int) -> str:
        """Return a quoted text.

        Raises:
            BadOption: if it is missing, not quoted, empty or too long.

        >>> Parameters({"Text": "'It''s closed'"}).text("Text", longest=20)
        "It's closed"
        """
        given = self._required(name)
        if len(given) < 2 or given[0] != "'" or given[-1] != "'":
            raise BadOption(f"{name} is text; write it in single quotes")
        value = given[1:-1].replace("''", "'")
        if not 1 <= len(value) <= longest or "\x00" in value:
            raise BadOption(f"{name} has 1 to {longest} characters")
        return value

    def number(self, name: str, *, least: int, most: int, default: int | None = None) -> int:
        """Return a whole number within bounds.

        Raises:
            BadOption: if it is missing without a default, or out of bounds.
        """
        if default is not None and self._query.get(name, "null") == "null":
            return default
        given = self._required(name)
        if not re.fullmatch(r"[0-9]{1,9}", given) or not least <= int(given) <= most:
            raise BadOption(f"{name} is a whole number from {least} to {most}")
        return int(given)

    def flag(self, name: str) -> bool:
        """Return true or false.

        Raises:
            BadOption: if it is missing or neither.
        """
        given = self._required(name)
        if given not in ("true", "false"):
            raise BadOption(f"{name} is true or false")
        return given == "true"

    def day(self, name: str) -> date:
        """Return a day.

        Raises:
            BadOption: if it is missing or not `datetime'2026-03-01T00:00:00'`.
        """
        found = _DATE.fullmatch(self._required(name))
        try:
            return date.fromisoformat(found[1] if found else "")
        except ValueError:
            raise BadOption(f"{name} is a day like datetime'2026-03-01T00:00:00'") from None

    def invoice_id(self) -> UUID:
        """Return the invoice's id.

        Raises:
            InvoiceNotInFeed: if the text cannot be one.
        """
        return read_uuid(self.text("InvoiceUuid", longest=36))

    def _required(self, name: str) -> str:
        if name not in self._query:
            raise BadOption(f"{name} is missing")
        return self._query[name]


def read_uuid(text: str) -> UUID:
    """Return an invoice's id.

    Raises:
        InvoiceNotInFeed: if the text cannot be one.
    """
    try:
        return UUID(text)
    except ValueError:
        raise InvoiceNotInFeed(text[:40]) from None
