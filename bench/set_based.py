"""The set-based engine beside the baselines, once its lines are shown to be theirs."""

import json
from pathlib import Path

from bench.baselines import ONE_BY_ONE, ROUNDS, Baselines, script
from bench.child import Usage, answer, least, run
from bench.data import Data, prepared
from bench.rows import Row, Target

MILLION = 1_000_000
BACK_TESTED = 14 * MILLION
HANDFUL = 2_000


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
    first = run(command)
    compiled_digest, by_hand_digest = (answer(["bench.digest", str(each)]) for each in (own, lines))
    if compiled_digest != by_hand_digest:
        raise LinesNotEqual(compiled_digest, by_hand_digest)
    compiled, by_hand = first, found.handwritten
    if data.orders <= ONE_BY_ONE:
        by_script = script("handwritten", data, lines)
        used = least({"compiled": command, "by hand": by_script}, rounds=ROUNDS)
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
        *_explaining(data, own),
        *_back_test(data),
        *_loop(compiled, found),
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


def _loop(compiled: Usage, found: Baselines) -> tuple[Row, ...]:
    if found.loop is None:
        return ()
    name = "compiled plan, how much the Decimal loop takes beside it"
    loop = found.loop.cpu_seconds
    return (Row(name, "CPU s", compiled.cpu_seconds, loop, Target("ratio", ">=", 10)),)


def _explaining(data: Data, results: Path) -> tuple[Row, ...]:
    """Return the row about explaining one cent: the time that 95 in 100 lines do not exceed."""
    taken = json.loads(answer(["bench.explaining", str(data.folder), str(results)]))
    name = "explain one cent of this run, 95th percentile"
    return (Row(name, "ms", taken[len(taken) * 95 // 100], None, Target("value", "<=", 100)),)


def _back_test(data: Data) -> tuple[Row, ...]:
    """Return the row about a back-test, from this run's orders to those of 14 large months.

    What a process takes for a handful of orders is its start, which 14 months pay once.
    """
    run(["bench.data", str(HANDFUL)])
    start = run(["bench.back_testing", str(prepared(HANDFUL).folder)]).wall_seconds
    whole = run(["bench.back_testing", str(data.folder)]).wall_seconds
    months = start + max(whole - start, 0) * BACK_TESTED / data.orders
    name = f"back-test of a changed plan, both sides, as {BACK_TESTED // MILLION} M orders"
    return (Row(name, "s wall", months, None, Target("value", "<=", 20)),)


def _memory(used: Usage, data: Data) -> tuple[Row, ...]:
    """Return the row about memory; below a million orders the process itself is most of it."""
    if data.orders < MILLION:
        return ()
    each = used.peak_mib * MILLION / data.orders
    name = "compiled plan, peak memory for each 1 M orders"
    return (Row(name, "MiB", each, None, Target("value", "<=", 200)),)
