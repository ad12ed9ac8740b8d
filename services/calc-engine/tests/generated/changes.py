"""Changes of a small world, drawn at random: rows that come, go, or say something else."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from premia_plan.relations import Relations

CHANGING = (
    *("orders",) * 12,
    *("targets",) * 3,
    *("measurements",) * 2,
    "assignments",
    "payees",
    "edges",
    "trees",
)
"""Relations by how often they change."""


def changes(before: Relations, other: Relations, seed: int, steps: int) -> Iterator[Relations]:
    """Give the facts after each of some changes: rows of another world arrive, some are dropped.

    A row of the other world takes the place of the one with its key, if there is one.
    """
    random = Random(seed)
    now = before
    for _ in range(steps):
        for _ in range(random.choice([1, 1, 1, 2, 5])):
            now = _changed(now, other, random.choice(CHANGING), random)
        yield now


def arrivals(facts: Relations, seed: int, batches: int) -> Iterator[Relations]:
    """Give the facts that are there after each batch; in the end all, in a random order."""
    random = Random(seed)
    rows: list[tuple[str, Any]] = [
        (name, row)
        for name in ("orders", "targets", "measurements", "assignments", "payees", "edges")
        for row in getattr(facts, name)
    ]
    random.shuffle(rows)
    ends = sorted(random.randint(0, len(rows)) for _ in range(batches - 1))
    for end in (*ends, len(rows)):
        there: dict[str, tuple[Any, ...]] = {}
        for name, row in rows[:end]:
            there[name] = (*there.get(name, ()), row)
        yield Relations(trees=facts.trees, **there)


def _changed(now: Relations, other: Relations, name: str, random: Random) -> Relations:
    rows, others = list(getattr(now, name)), list(getattr(other, name))
    if others and (not rows or random.random() < 0.8):
        row = random.choice(others)
        key = _key(row)
        rows = [each for each in rows if _key(each) != key] + [row]
    elif rows:
        rows.remove(random.choice(rows))
    return replace(now, **{name: tuple(rows)})


def _key(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in row.KEY if name != "version")
