"""The rows of the table, and how they are printed and kept."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

HEAD = ("row", "value", "baseline", "ratio", "target", "met")


@dataclass(frozen=True, slots=True)
class Target:
    """A limit for a row: what is compared with it, and on which side it must lie."""

    of: Literal["value", "ratio"]
    side: Literal["<=", ">="]
    limit: float

    def __str__(self) -> str:
        sign = "x" if self.of == "ratio" else ""
        return f"{self.side} {self.limit:g}{sign}"


@dataclass(frozen=True, slots=True)
class Row:
    """A measured value in `unit` with its baseline, and the limit that is set for it.

    The ratio is the larger cost over the smaller one's where the target asks for "at least",
    that is baseline over value, and value over baseline otherwise.
    """

    name: str
    unit: str
    value: float
    baseline: float | None
    target: Target | None

    @property
    def ratio(self) -> float | None:
        """Return the value against its baseline."""
        if self.baseline is None:
            return None
        if self.target is not None and self.target.side == ">=":
            return self.baseline / self.value
        return self.value / self.baseline

    @property
    def met(self) -> bool | None:
        """Say whether the target is met; None where there is none."""
        if self.target is None:
            return None
        compared = self.ratio if self.target.of == "ratio" else self.value
        if compared is None:
            return None
        if self.target.side == "<=":
            return compared <= self.target.limit
        return compared >= self.target.limit

    def cells(self) -> tuple[str, ...]:
        """Return the row as the table's texts."""
        baseline = "" if self.baseline is None else f"{self.baseline:,.2f} {self.unit}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}x"
        target = "" if self.target is None else str(self.target)
        met = {None: "", True: "yes", False: "NO"}[self.met]
        return self.name, f"{self.value:,.2f} {self.unit}", baseline, ratio, target, met


def table(rows: Iterable[Row]) -> str:
    """Return the rows as an aligned table."""
    texts = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(text[column]) for text in texts) for column in range(len(HEAD))]
    lines = []
    for text in texts:
        first, *rest = (word.ljust(width) for word, width in zip(text, widths, strict=True))
        lines.append(" | ".join((first, *rest)).rstrip())
    lines.insert(1, "-+-".join("-" * width for width in widths))
    return "\n".join(lines)


def keep(rows: Iterable[Row], path: Path) -> None:
    """Write the rows as JSON."""
    found = [
        {
            "name": f"{row.name}, {row.unit}",
            "value": round(row.value, 4),
            "baseline": None if row.baseline is None else round(row.baseline, 4),
            "target": None if row.target is None else str(row.target),
            "met": row.met,
        }
        for row in rows
    ]
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
