"""Amounts with a point that may be meant to part thousands, as in Italian."""

import re
from collections.abc import Iterator, Mapping

from premia_common.money import MINOR_DIGITS
from premia_plan.checked import CheckedPlan
from premia_plan.document import Content
from premia_plan.language import Words
from premia_plan.linting.remark import Remark

_POINTED = re.compile(r"(?<![\d.])([1-9]\d{0,2})\.(\d\d0)\s+([A-Z]{3})\b(?!\s+per\b)")
_LEFT_ALONE = frozenset({"tables", "title"})


def thousands(plan: CheckedPlan) -> Iterator[Remark]:
    """Yield amounts like 2.500 EUR, which is less than three euro, in rules and examples.

    Prices per unit and rows of tables have as many decimals as their source, and currencies of
    three decimals are written so: they are left alone. Few write a zero as the third decimal.
    """
    for name, part in plan.document.content.items():
        if name not in _LEFT_ALONE:
            for path, text in _texts(part, f"/{name}"):
                for found in _POINTED.finditer(text):
                    if MINOR_DIGITS.get(found[3], 3) < len(found[2]):
                        yield _remark(path, found)


def _texts(part: Content, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, Mapping):
        for name, inner in part.items():
            yield from _texts(inner, f"{path}/{name.replace('~', '~0').replace('/', '~1')}")
    else:
        for place, inner in enumerate(part):
            yield from _texts(inner, f"{path}/{place}")


def _remark(path: str, found: re.Match[str]) -> Remark:
    whole, decimals, currency = found.groups()
    thousand, meant = f"{whole} {decimals} {currency}", f"{whole}.{decimals}0 {currency}"
    return Remark(
        "thousands",
        path,
        Words(
            f"{found[0]} is {whole} and {decimals} thousandths: a point marks decimals",
            f"{found[0]} è {whole} e {decimals} millesimi: il punto separa i decimali",
        ),
        Words(
            f"Write {thousand} for the thousands, or {meant} if the small amount is meant",
            f"Scrivi {thousand} per le migliaia, o {meant} se si intende l'importo piccolo",
        ),
        Words(
            f"{found[0]} is 1/1000 of {thousand}",
            f"{found[0]} è un millesimo di {thousand}",
        ),
    )
