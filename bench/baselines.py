"""The floor, the hand-written SQL, the Decimal loop and zen-engine, on the same data."""

import json
from dataclasses import dataclass
from pathlib import Path

from bench.child import Command, Usage, answer, least, run
from bench.data import Data
from bench.rows import Row, Target

ROUNDS = 3
ONE_BY_ONE = 1_000_000
"""More orders are not walked one by one, and everything else runs once: a run takes a minute."""
CREATED_EVERY = 50
"""A decision created from its document is slow: one order in so many is decided that way."""


class DigestsDiffer(Exception):
    """Raised when two baselines give different lines for the same orders."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(
            f"the lines differ: {first} by hand-written SQL, {second} by the Decimal loop; "
            "find the first line that does before comparing what they cost"
        )


@dataclass(frozen=True, slots=True)
class Baselines:
    """What the baselines took, and the rows about them."""

    handwritten: Usage
    floor: Usage
    loop: Usage | None
    """The Decimal loop; None where it would take too long."""
    zen: dict[str, float]
    """Wall seconds for tiers and gate alone, by how its decision is made."""
    rows: tuple[Row, ...]


def script(name: str, data: Data, out: Path, **folders: Path) -> Command:
    """Return the command that runs one of our SQL scripts."""
    words = [f"{word}={folder}" for word, folder in folders.items()]
    return ["bench.engine", name, f"in={data.folder}", f"out={out}", *words]


def measure(data: Data, work: Path) -> Baselines:
    """Run every baseline and return what it took.

    Raises:
        DigestsDiffer: if the Decimal loop gives other lines than the SQL.
    """
    lines = work / "handwritten"
    by_hand = script("handwritten", data, lines)
    floor_of = script("floor", data, work / "floor", lines=lines)
    first = run(by_hand)
    if data.orders > ONE_BY_ONE:
        handwritten, floor = first, run(floor_of)
    else:
        used = least({"by hand": by_hand, "floor": floor_of}, rounds=ROUNDS)
        handwritten, floor = used["by hand"], used["floor"]
    against_floor = Row(
        "hand-written SQL against the floor",
        "CPU s",
        handwritten.cpu_seconds,
        floor.cpu_seconds,
        Target("ratio", "<=", 2.2),
    )
    if data.orders > ONE_BY_ONE:
        return Baselines(handwritten, floor, None, {}, (against_floor,))
    loop, zen = _one_by_one(data, work, lines)
    return Baselines(
        handwritten,
        floor,
        loop,
        zen,
        (
            against_floor,
            Row(
                "Decimal loop against hand-written SQL",
                "CPU s",
                loop.cpu_seconds,
                handwritten.cpu_seconds,
                None,
            ),
            *(
                Row(
                    f"zen-engine, {how}, tiers and gate alone, against hand-written SQL",
                    "s wall",
                    seconds,
                    handwritten.wall_seconds,
                    None,
                )
                for how, seconds in zen.items()
            ),
        ),
    )


def _one_by_one(data: Data, work: Path, lines: Path) -> tuple[Usage, dict[str, float]]:
    """Run what walks orders one by one: the Decimal loop, and zen-engine.

    Raises:
        DigestsDiffer: if the Decimal loop gives other lines than the SQL.
    """
    loop = run(["bench.decimal_loop", str(data.folder), str(work / "loop")])
    first, second = (answer(["bench.digest", str(each)]) for each in (lines, work / "loop"))
    if first != second:
        raise DigestsDiffer(first, second)
    return loop, zen_seconds(data, lines, work / "zen")


def zen_seconds(data: Data, lines: Path, out: Path) -> dict[str, float]:
    """Return how long zen-engine decides on the tiers and the gate of every credited order.

    `created`: from its document, as its guide starts; `loaded`: compiled ahead by its loader.
    """
    found = {}
    for how, every in (("created", CREATED_EVERY), ("loaded", 1)):
        run(["bench.zen_tiers", how, str(every), str(data.folder), str(lines), str(out)])
        result = json.loads((out / "zen.json").read_text(encoding="utf-8"))
        found[how] = result["seconds"] * every
    return found
