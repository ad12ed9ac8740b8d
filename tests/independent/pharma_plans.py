"""What the three pharma plans of the library pay, read from their texts.

A representative's quarter is measured by the day of signature of what was sold. Goal attainment: below
85 % of goal nothing, at 85 % 40 % of the target pay, at goal all of it, from 120 % on 180 %, and along
straight lines between. Portfolio: three products weigh 50, 30 and 20 %, each counted up to 130 % of its
goal; a score of at least 80 % pays the target pay times the score, if the launch reached 70 %. Ranking:
in each line the first place pays 5,000 euros, the second and third 2,000; who ties shares what the
places they take pay; below goal a place pays nothing.
"""

from collections import defaultdict
from fractions import Fraction
from itertools import pairwise

from landing import half_up

WEIGHTS = {"launch": Fraction(1, 2), "core": Fraction(3, 10), "mature": Fraction(1, 5)}
PLACES = [5_000_00, 2_000_00, 2_000_00]
Paid = dict[tuple[str, str], int]
"""Cents by (representative, quarter)."""


def quarter(day: str) -> str:
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"


def sold(sales: list[dict]) -> dict[tuple[str, str, str], int]:
    """Cents by representative, quarter and product, and under the product "" of all of them."""
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for sale in sales:
        for product in (sale["product"], ""):
            found[sale["representative"], quarter(sale["on"]), product] += sale["cents"]
    return found


def _curve(attained: Fraction) -> Fraction:
    points = [(85, 40), (100, 100), (120, 180)]
    if attained < Fraction(85, 100):
        return Fraction(0)
    for (x0, y0), (x1, y1) in pairwise(points):
        if attained <= Fraction(x1, 100):
            return Fraction(y0, 100) + (attained - Fraction(x0, 100)) * Fraction(y1 - y0, x1 - x0)
    return Fraction(180, 100)


def goal_attainment(people: dict[str, dict], goals: dict, sales: list[dict]) -> Paid:
    """`goals` holds cents by (representative, quarter, product), the product "" being all."""
    total = sold(sales)
    paid = {}
    for (who, when, product), goal in goals.items():
        if product == "":
            rate = _curve(Fraction(total[who, when, ""], goal))
            paid[who, when] = half_up(people[who]["target_pay"] * rate)
    return _without_zero(paid)


def portfolio(people: dict[str, dict], goals: dict, sales: list[dict]) -> Paid:
    total = sold(sales)
    paid = {}
    for who, when in {(who, when) for who, when, _ in goals}:
        reached = {
            product: Fraction(total[who, when, product], goals[who, when, product])
            for product in WEIGHTS
        }
        score = sum(min(reached[name], Fraction(13, 10)) * WEIGHTS[name] for name in WEIGHTS)
        if score >= Fraction(8, 10) and reached["launch"] >= Fraction(7, 10):
            paid[who, when] = half_up(people[who]["target_pay"] * score)
    return _without_zero(paid)


def ranking(people: dict[str, dict], goals: dict, sales: list[dict]) -> Paid:
    total = sold(sales)
    attained: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(dict)
    for (who, when, product), goal in goals.items():
        if product == "":
            line = people[who]["line"]
            attained[line, when][who] = Fraction(total[who, when, ""], goal)
    paid = {}
    for (_, when), of_line in attained.items():
        for who, own in of_line.items():
            ahead = sum(1 for other in of_line.values() if other > own)
            tied = sum(1 for other in of_line.values() if other == own)
            prizes = sum(PLACES[place] for place in range(ahead, ahead + tied) if place < 3)
            if own >= 1:
                paid[who, when] = half_up(Fraction(prizes, tied))
    return _without_zero(paid)


def _without_zero(paid: Paid) -> Paid:
    return {key: cents for key, cents in paid.items() if cents}
