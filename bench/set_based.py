"""The set-based engine beside the baselines, once its lines are shown to be theirs."""

from pathlib import Path

from bench.baselines import ROUNDS, Baselines, script
from bench.child import Usage, answer, least, run
from bench.data import Data
from bench.rows import Row, Target

MILLION = 1_000_000


class LinesNotEqual(Exception):
    """Raised when the set-based engine gives other lines than the hand-written SQL."""

    def __init__(self, compiled: str, handwritten: str) -> None:
        super().__init__(
            f"the lines differ: {compiled} by the set-based engine, {handwritten} by hand-written "
            "SQL; find the first line that does before comparing what they cost"
        )


def measure(data: Data, work: Path, found: Baselines) -> tuple[Row, ...]:
    """Run the compiled plan in turn with the hand-written SQL and return the rows about it.

    Raises:
        LinesNotEqual: if a line is not the same in both.
    """
    lines, own = work / "handwritten", work / "compiled"
    command = ["bench.compiled", str(data.folder), str(own)]
    run(command)
    compiled_digest, by_hand_digest = (answer(["bench.digest", str(each)]) for each in (own, lines))
    if compiled_digest != by_hand_digest:
        raise LinesNotEqual(compiled_digest, by_hand_digest)
    used = least(
        {"compiled": command, "by hand": script("handwritten", data, lines)}, rounds=ROUNDS
    )
    compiled, by_hand = used["compiled"], used["by hand"]
    return (
        Row(
            "compiled plan against hand-written SQL",
            "CPU s",
            compiled.cpu_seconds,
            by_hand.cpu_seconds,
            Target("ratio", "<=", 1.3),
        ),
        Row(
            "compiled plan against the floor",
            "CPU s",
            compiled.cpu_seconds,
            found.floor.cpu_seconds,
            Target("ratio", "<=", 2.5),
        ),
        *_memory(compiled, data),
        Row(
            "compiled plan, how much the Decimal loop takes beside it",
            "CPU s",
            compiled.cpu_seconds,
            found.loop.cpu_seconds,
            Target("ratio", ">=", 10),
        ),
        *(
            Row(
                f"compiled plan, how much zen-engine {how}, tiers and gate alone, takes beside it",
                "s wall",
                compiled.wall_seconds,
                seconds,
                Target("ratio", ">=", 40),
            )
            for how, seconds in found.zen.items()
        ),
    )


def _memory(used: Usage, data: Data) -> tuple[Row, ...]:
    """Return the row about memory; below a million orders the process itself is most of it."""
    if data.orders < MILLION:
        return ()
    each = used.peak_mib * MILLION / data.orders
    name = "compiled plan, peak memory for each 1 M orders"
    return (Row(name, "MiB", each, None, Target("value", "<=", 200)),)
