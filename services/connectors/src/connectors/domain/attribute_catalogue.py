"""What is known of a source's order attributes: declared by a mapping, or merely seen."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from connectors.domain.field_mapping import AttributeField, AttributeType, OrderMapping

Standing = Literal["mapped", "unmapped", "withdrawn"]
MOST_SAMPLES = 5
LONGEST_SAMPLE = 60
_MASK = "…"
_PERSONAL = re.compile(
    r".*@.*"  # a mail address
    r"|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"  # an Italian tax code
    r"|[A-Z]{2}\d{2}[A-Z0-9 ]{11,34}"  # an IBAN
    r"|\+?[\d ()/-]{9,20}",  # a telephone number
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """How some records fill a field: of how many, in how many, with which values."""

    records: int
    filled: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownAttribute:
    """What is known of one attribute of one source; `version` grows with each announcement."""

    name: str
    field: str
    standing: Standing
    value_type: AttributeType
    mapping_version: int
    version: int = 0
    label_it: str | None = None
    label_en: str | None = None
    unit: str | None = None
    personal: bool = False
    first_seen: datetime | None = None
    records: int = 0
    filled: int = 0
    samples: tuple[str, ...] = ()

    def counting(self, sighting: Sighting, *, at: datetime) -> "KnownAttribute":
        """Return it with further records counted, and announced anew if that tells much more.

        It is when the field is filled for the first time, and when the records counted reach
        another power of ten.
        """
        samples = list(self.samples)
        for value in sighting.values:
            shown = masked(value, personal=self.personal, value_type=self.value_type)
            if shown not in samples and len(samples) < MOST_SAMPLES:
                samples.append(shown)
        records = self.records + sighting.records
        is_first = self.first_seen is None and sighting.filled > 0
        grew = len(str(records)) > len(str(self.records)) and records >= 10
        return replace(
            self,
            version=self.version + (1 if is_first or grew else 0),
            first_seen=at if is_first else self.first_seen,
            records=records,
            filled=self.filled + sighting.filled,
            samples=tuple(samples),
        )


def declared(
    mapping: OrderMapping, known: Mapping[str, KnownAttribute], mapping_version: int
) -> list[KnownAttribute]:
    """Return the attributes that a new mapping version declares anew, changes or withdraws."""
    names = {attribute.name for attribute in mapping.attributes}
    changed = [
        made
        for attribute in mapping.attributes
        if (made := _declared(attribute, known.get(attribute.name), mapping_version)) is not None
    ]
    gone = [
        replace(entry, standing="withdrawn", version=entry.version + 1)
        for entry in known.values()
        if entry.name not in names
        and (
            entry.standing == "mapped"
            or (entry.standing == "unmapped" and entry.field in mapping.known_fields)
        )
    ]
    return [*changed, *gone]


def _declared(
    attribute: AttributeField, known: KnownAttribute | None, mapping_version: int
) -> KnownAttribute | None:
    before = known or KnownAttribute(
        attribute.name, attribute.field, "unmapped", attribute.type, mapping_version
    )
    is_other_field = before.field != attribute.field
    after = replace(
        before,
        field=attribute.field,
        standing="mapped",
        value_type=attribute.type,
        mapping_version=mapping_version,
        label_it=attribute.label_it,
        label_en=attribute.label_en,
        unit=attribute.unit,
        personal=attribute.personal,
        samples=() if is_other_field or attribute.personal else before.samples,
        records=0 if is_other_field else before.records,
        filled=0 if is_other_field else before.filled,
    )
    if known is not None and replace(after, mapping_version=known.mapping_version) == known:
        return None
    return replace(after, version=before.version + 1)


def newly_seen(
    field: str, sighting: Sighting, *, mapping_version: int, at: datetime
) -> KnownAttribute:
    """Return a field that no mapping speaks of, with the type its values have."""
    seen = KnownAttribute(field, field, "unmapped", type_of(sighting.values), mapping_version)
    return replace(seen.counting(sighting, at=at), version=1)


def sighting_of(values: Iterable[object]) -> Sighting:
    """Return how some records fill a field, given its value in each.

    >>> sighting_of(["a", None, "", "a", "b"])
    Sighting(records=5, filled=3, values=('a', 'b'))
    """
    texts = [_text(value) for value in values]
    filled = [text for text in texts if text]
    return Sighting(len(texts), len(filled), tuple(dict.fromkeys(filled))[: MOST_SAMPLES * 2])


def type_of(values: Iterable[str]) -> AttributeType:
    """Return the narrowest type that all values fit; text where there is none.

    >>> type_of(["true", "false"]), type_of(["2026-03-01"]), type_of(["1.50", "2"]), type_of([])
    ('flag', 'date', 'decimal', 'text')
    """
    found = list(values)
    if found and all(value in ("true", "false") for value in found):
        return "flag"
    if found and all(_is_day(value) for value in found):
        return "date"
    if found and all(re.fullmatch(r"-?\d+(\.\d+)?", value) for value in found):
        return "decimal"
    return "text"


def masked(value: str, *, personal: bool, value_type: AttributeType) -> str:
    """Return a value as it may be shown: of personal data, the first letter at most.

    >>> masked("Rossi", personal=True, value_type="text")
    'R…'
    >>> masked("anna@example.org", personal=False, value_type="text")
    'a…'
    >>> masked("field", personal=False, value_type="text")
    'field'
    """
    if personal:
        return f"{value[:1]}{_MASK}" if value_type == "text" else _MASK
    if value_type == "text" and _PERSONAL.fullmatch(value):
        return f"{value[:1]}{_MASK}"
    return value if len(value) <= LONGEST_SAMPLE else f"{value[:LONGEST_SAMPLE]}{_MASK}"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.strip() if isinstance(value, str) else ""


def _is_day(value: str) -> bool:
    try:
        return len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False
