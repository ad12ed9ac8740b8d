"""Derive the statements of the run month and the next from a sample folder: `derive.py FOLDER`.

Prints JSON: by month, by "payee/principal", the cents of each component, the balance brought
forward, what is payable, VAT, withholding and net; and for the next month how much of it restates
the first.
"""

import json
import sys
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import agency_plan
import installer_plan
from landing import Landed, half_up
from raw_rows import Folder, read

RUN_MONTH, NEXT_MONTH = "2026-02", "2026-03"


def landed_until(folder: Folder, until: str) -> Landed:
    landed = Landed(until)
    agency_plan.pay(folder, landed)
    installer_plan.pay(folder, landed)
    return landed


def taxes(fiscal: dict, taxable: int) -> dict[str, int]:
    """VAT at 22 %; agents bear 23 % on half of it, with employees on a fifth."""
    ordinary = fiscal["regime"] == "RF01"
    vat = half_up(Fraction(taxable) * 22 / 100) if ordinary else 0
    base = Fraction(1, 5) if fiscal["has_employees"] else Fraction(1, 2)
    is_agent = fiscal["role"] in ("agent", "procacciatore")
    withheld = half_up(taxable * base * 23 / 100) if ordinary and is_agent else 0
    return {"vat": vat, "withholding": withheld, "net": taxable + vat - withheld}


def statement(folder: Folder, key: str, components: dict[str, int], brought: int) -> dict:
    balance = sum(components.values()) + brought
    payable = max(0, balance)
    return {
        "components": dict(sorted(components.items())),
        "brought_forward": brought,
        "payable": payable,
        "carried_forward": min(0, balance),
        **taxes(folder.payees[key.split("/", maxsplit=1)[0]]["fiscal"], payable),
    }


def by_payee(landed: Landed, month: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (payee, principal, component, on), amount in landed.cents.items():
        if on == month:
            found[f"{payee}/{principal}"][component] += amount
    return found


def derive(folder_path: Path) -> dict:
    first = read(folder_path, late=False)
    second = read(folder_path, late=True)
    posted = by_payee(landed_until(first, RUN_MONTH), RUN_MONTH)
    recounted = landed_until(second, NEXT_MONTH)
    february = {
        key: statement(first, key, components, 0) for key, components in sorted(posted.items())
    }
    now = by_payee(recounted, RUN_MONTH)
    restated: dict[str, dict[str, int]] = {}
    for key in sorted(set(now) | set(posted)):
        difference = {
            component: now[key][component] - posted[key][component]
            for component in sorted(set(now[key]) | set(posted[key]))
        }
        if any(difference.values()):
            restated[key] = {name: value for name, value in difference.items() if value}
    fresh = by_payee(recounted, NEXT_MONTH)
    carried = {key: row["carried_forward"] for key, row in february.items()}
    march = {}
    for key in sorted(set(fresh) | set(restated) | {key for key, debt in carried.items() if debt}):
        components = defaultdict(int, fresh.get(key, {}))
        for name, value in restated.get(key, {}).items():
            components[name] += value
        march[key] = statement(second, key, components, carried.get(key, 0))
    return {RUN_MONTH: february, NEXT_MONTH: march, "restated": restated}


if __name__ == "__main__":
    json.dump(derive(Path(sys.argv[1])), sys.stdout, indent=1)
