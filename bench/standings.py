"""The rows about one late order, each measured in a process of its own."""

import json

from bench.child import answer
from bench.data import Data
from bench.rows import Row, Target

RUN_OF = 20_000
"""Orders of the run that is measured, whatever the size of the rest: it runs some minutes else."""

LATE_AMONG = 1_000_000
"""Most orders that a late one arrives among: to load them and let them stand takes four minutes."""


def measure(data: Data) -> tuple[Row, ...]:
    """Load the orders into PostgreSQL, let late ones arrive, and return how long each took."""
    found = json.loads(answer(["bench.late_order", str(min(data.orders, LATE_AMONG))]))
    told = answer(["bench.renewed_run", str(RUN_OF)])
    runs = json.loads(told.splitlines()[-1])  # the worker's log comes before
    name = "one late order, end to end to the new standing, with draft statement and lineage"
    return (
        Row(f"{name}, p50", "ms", found["p50"], None, None),
        Row(f"{name}, p99", "ms", found["p99"], None, Target("value", "<=", 50)),
        Row(
            f"a run of {RUN_OF:,} orders after one late order, against calculating everything",
            "s",
            runs["renewed"],
            runs["whole"],
            None,
        ),
    )
