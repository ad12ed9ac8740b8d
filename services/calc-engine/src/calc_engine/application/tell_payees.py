"""Call the payees in what the exception desk and statements show as people know them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from calc_engine.application.ports import CalcWork
from calc_engine.application.read_models import UnpaidLine
from calc_engine.domain.exception_desk import DeskGroup, DeskItem, ids_in, with_codes


async def items_told(work: CalcWork, items: Sequence[DeskItem]) -> list[DeskItem]:
    """Return exceptions with the codes of their payees."""
    named = {item.payee_id for item in items if item.payee_id is not None}
    codes = await _codes(work, (item.message for item in items), named)
    return [
        replace(
            item,
            message=with_codes(item.message, codes),
            payee_code=codes.get(item.payee_id or ""),
        )
        for item in items
    ]


async def groups_told(work: CalcWork, groups: Sequence[DeskGroup]) -> list[DeskGroup]:
    """Return causes whose examples call payees by their codes."""
    codes = await _codes(work, (group.example for group in groups), frozenset())
    return [replace(group, example=with_codes(group.example, codes)) for group in groups]


async def unpaid_told(work: CalcWork, lines: Sequence[UnpaidLine]) -> list[UnpaidLine]:
    """Return lines that are held or not paid, whose reasons call payees by their codes."""
    codes = await _codes(work, (line.reason or "" for line in lines), frozenset())
    return [
        line if line.reason is None else replace(line, reason=with_codes(line.reason, codes))
        for line in lines
    ]


async def _codes(work: CalcWork, texts: Iterable[str], named: Iterable[str]) -> Mapping[str, str]:
    found = frozenset(named).union(*(ids_in(text) for text in texts))
    return await work.facts.payee_codes(found)
