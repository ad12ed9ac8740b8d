"""A statement's lines beside those of an offline calculation."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, ValidationError

from premia_plan.results import PAID

Verdict: TypeAlias = Literal["same", "differs", "not calculated", "not stated"]


class StatementUnreadable(Exception):
    """Raised when a file does not hold the lines of a statement."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(
            f"{file} does not hold the lines of a statement: {problem}. Save the answer of "
            "GET /v1/statements/{statement_id}/lines, each page as one file."
        )


class ResultsMissing(Exception):
    """Raised when a folder holds no results to compare with."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} has no lines.parquet or payments.parquet; write them with `premia calc run`."
        )


class _Amount(BaseModel):
    model_config = ConfigDict(extra="ignore")

    amount: Decimal


class _StatedLine(BaseModel):
    model_config = ConfigDict(extra="ignore")

    origin_line_id: str
    component: str
    what: str
    order_id: str | None
    amount: _Amount


class _Page(BaseModel):
    model_config = ConfigDict(extra="ignore")

    items: list[_StatedLine]


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the calculation beside what statements say of it."""

    line_id: str
    component: str
    order_id: str | None
    stated: Decimal | None
    calculated: Decimal | None

    @property
    def verdict(self) -> Verdict:
        """Say how the two stand to each other."""
        if self.calculated is None:
            return "not calculated"
        if self.stated is None:
            return "not stated"
        return "same" if self.stated == self.calculated else "differs"


def compare(
    pages: Sequence[Path], results: Path, *, payee: str | None, month: str | None
) -> list[Compared]:
    """Compare the lines of statements with those of an offline calculation, by line.

    A statement may state a line, and a later one the difference to it: what all given statements
    say of one line is added up.

    Args:
        pages: saved answers of the API, one page each.
        results: folder of the calculation's results.
        payee: tells also of this payee's lines that no statement has; of nobody's if None.
        month: only of those that land in this month.

    Raises:
        StatementUnreadable: if a page is none.
        ResultsMissing: if the folder has no lines.
    """
    stated: dict[str, list[_StatedLine]] = defaultdict(list)
    for page in pages:
        for line in _lines_of(page):
            stated[line.origin_line_id].append(line)
    calculated = {row["line_id"] or "": row for row in _calculated(results)}
    found = [
        Compared(
            line_id,
            lines[0].component,
            lines[0].order_id,
            sum((line.amount.amount for line in lines), Decimal(0)),
            _amount(calculated.get(line_id)),
        )
        for line_id, lines in stated.items()
    ]
    found += [
        Compared(line_id, row["component"] or "", row["order_id"], None, _amount(row))
        for line_id, row in calculated.items()
        if line_id not in stated
        and payee is not None
        and row["payee_id"] == payee
        and row["month"] is not None
        and month in {None, row["month"]}
    ]
    return sorted(found, key=lambda item: (item.component, item.order_id or "", item.line_id))


def _amount(row: dict[str, str | None] | None) -> Decimal | None:
    return None if row is None or row["amount"] is None else Decimal(row["amount"])


def _lines_of(page: Path) -> Iterable[_StatedLine]:
    try:
        return _Page.model_validate(json.loads(page.read_bytes())).items
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join(map(str, first["loc"]))
        raise StatementUnreadable(page, f"{place}: {first['msg']}") from None
    except ValueError as error:
        raise StatementUnreadable(page, f"it is not JSON ({error})") from None


def _calculated(results: Path) -> list[dict[str, str | None]]:
    columns = ["line_id", "payee_id", "component", "what", "month", "amount", "order_id"]
    try:
        rows = pq.read_table(results / "lines.parquet", columns=columns).to_pylist()
    except (OSError, pa.ArrowException):
        raise ResultsMissing(results) from None
    earned = [row for row in rows if row["what"] in PAID]
    return [*earned, *_payments(results)]


def _payments(results: Path) -> list[dict[str, str | None]]:
    """Return what terms of payment put on statements.

    A debt that is carried is no line there; a pay too small to be paid is.
    """
    columns = ["line_id", "payee_id", "name", "what", "month", "amount"]
    try:
        rows = pq.read_table(results / "payments.parquet", columns=columns).to_pylist()
    except (OSError, pa.ArrowException):
        raise ResultsMissing(results) from None
    return [
        {**row, "component": row["name"], "order_id": None}
        for row in rows
        if row["what"] not in {"carried_in", "carried_out"}
        or (row["what"] == "carried_out" and (row["amount"] or "").startswith("-"))
    ]
