"""The rate rows of the agency plan: over territories and categories, dated, with inheritance."""

from typing import TypeAlias

from premia_doubles.sample.trees import AGENCY_FAMILIES, AREAS, ROOT_CATEGORY, ROOT_TERRITORY

RateRow: TypeAlias = dict[str, str]

_SPANS = (("2025-11-01", "2026-01-01"), ("2026-01-01", "2027-01-01"))
_FAMILY_TENTHS = {"luce": (24, 26), "gas": (20, 21), "duale": (30, 32), "mobilita": (35, 33)}
_AREA_TENTHS = {"nord-ovest": 0, "nord-est": 2, "centro": 1, "sud": 4, "isole": 5}
_REGION_TENTHS = {"lombardia": -2, "lazio": 3, "campania": 6, "sardegna": 8}
_SPECIALS = (
    ("italia", "luce-verde", (40, 42)),
    ("sud", "gas-industria", (12, 12)),
    ("veneto", "duale-casa", (36, 39)),
    ("napoli", "luce-affari", (28, 31)),
)


def _percent(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10} %"


def _rows(territory: str, category: str, tenths: tuple[int, int]) -> list[RateRow]:
    return [
        {
            "territory": territory,
            "category": category,
            "from": first,
            "to": end,
            "gives": _percent(value),
        }
        for (first, end), value in zip(_SPANS, tenths, strict=True)
    ]


def commission_rates() -> list[RateRow]:
    """Return the rows; a row of a parent fits its children, the nearest territory wins first."""
    rows = _rows(ROOT_TERRITORY, ROOT_CATEGORY, (22, 25))
    for area in AREAS:
        for family in AGENCY_FAMILIES:
            old, new = _FAMILY_TENTHS[family]
            plus = _AREA_TENTHS[area]
            rows += _rows(area, family, (old + plus, new + plus))
    for region, plus in _REGION_TENTHS.items():
        old, new = _FAMILY_TENTHS["luce"]
        rows += _rows(region, "luce", (old + plus, new + plus))
        rows += _rows(region, ROOT_CATEGORY, (23 + plus, 25 + plus))
    for territory, category, tenths in _SPECIALS:
        rows += _rows(territory, category, tenths)
    return rows
