"""The rows about one late order, measured in a process of its own."""

import json

from bench.child import answer
from bench.data import Data
from bench.rows import Row, Target


def measure(data: Data) -> tuple[Row, ...]:
    """Load the orders into PostgreSQL, let late ones arrive, and return how long each took."""
    found = json.loads(answer(["bench.late_order", str(data.orders)]))
    name = "one late order, end to end to the new standing, with draft statement and lineage"
    return (
        Row(f"{name}, p50", "ms", found["p50"], None, None),
        Row(f"{name}, p99", "ms", found["p99"], None, Target("value", "<=", 50)),
    )
