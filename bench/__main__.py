"""`make bench`: measure, print each row beside its baseline and keep the results."""

import os
import platform
import sys

from bench import baselines, many_plans, set_based, standings
from bench.child import run
from bench.data import CACHE, HERE, prepared
from bench.rows import keep, table

SMALL = 100_000
FULL = 1_000_000


def main() -> None:
    """Run the baselines and the set-based engine over SIZE orders and print the table."""
    orders = int(os.environ.get("SIZE", SMALL))
    say = sys.stdout.write
    say(f"{orders:,} orders, 2 threads, Python {platform.python_version()}; ")
    say("each run a fresh process, in turn, the least of several\n")
    if orders < FULL:
        say(f"Targets are set for {FULL:,} orders: make bench SIZE={FULL}\n")
    work = CACHE / "work"
    run(["bench.equality", str(work / "equality")])
    run(["bench.data", str(orders)])
    data = prepared(orders)
    found = baselines.measure(data, work)
    rows = (
        *found.rows,
        *set_based.measure(data, work, found),
        *many_plans.measure(data, work),
        *standings.measure(data),
    )
    say(table(rows) + "\n")
    keep(rows, HERE / "results.json")


if __name__ == "__main__":
    main()
