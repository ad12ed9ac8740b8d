"""Tiers and gate alone in zen-engine, decided order by order as a rule engine is used.

What a month's orders come to, its target and its measurement are handed over ready made: no
credits, no sums, no roll-ups, no settlement, no lines.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import zen

Context = dict[str, float]
Decide = Callable[[Context], float]

TIERS = {
    "id": "tiers",
    "type": "decisionTableNode",
    "name": "tiers",
    "position": {"x": 1, "y": 0},
    "content": {
        "hitPolicy": "first",
        "passThrough": True,
        "inputs": [{"id": "attained", "name": "attained", "field": "attained"}],
        "outputs": [{"id": "tiers", "name": "tiers", "field": "tiers"}],
        "rules": [
            {
                "_id": "2",
                "attained": ">= 1.15",
                "tiers": "target * 0.15 * 0.015 + (base - target * 1.15) * 0.03",
            },
            {"_id": "1", "attained": ">= 1", "tiers": "(base - target) * 0.015"},
            {"_id": "0", "attained": "", "tiers": "0"},
        ],
    },
}
GATE = {
    "id": "gate",
    "type": "expressionNode",
    "name": "gate",
    "position": {"x": 2, "y": 0},
    "content": {
        "expressions": [
            {"id": "pay", "key": "pay", "value": "measured >= 0.92 ? min([tiers, 2500]) : 0"}
        ]
    },
}
DOCUMENT = {
    "contentType": "application/vnd.gorules.decision",
    "nodes": [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        TIERS,
        GATE,
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 3, "y": 0}},
    ],
    "edges": [
        {"id": "1", "sourceId": "in", "targetId": "tiers"},
        {"id": "2", "sourceId": "tiers", "targetId": "gate"},
        {"id": "3", "sourceId": "gate", "targetId": "out"},
    ],
}


def decider(how: str) -> Decide:
    """Return how to decide: `created` from the document, or `loaded` and compiled ahead."""
    if how == "created":
        decision = zen.ZenEngine().create_decision(json.dumps(DOCUMENT))
        return lambda context: float(decision.evaluate(context)["result"]["pay"])
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"tiers": DOCUMENT}}})
    return lambda context: float(engine.evaluate("tiers", context)["result"]["pay"])


def read_months(data: Path, lines: Path, every: int) -> list[tuple[Context, int]]:
    """Return what is decided on for each nth credited order, with the cents that it should pay."""
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT m.base / 100.0, m.target * m.days / m.of_days / 100.0, k.value::DOUBLE, "
            "  m.units "
            "FROM read_parquet($credits) AS c "
            "JOIN read_parquet($months) AS m "
            "  ON m.payee_no = c.payee_no AND m.month = c.activated_in AND m.stage = 0 "
            "JOIN read_parquet($measured) AS k ON k.payee_no = m.payee_no AND k.month = m.month "
            "WHERE c.reason = 0 AND m.reason = 0 AND c.order_no % $every = 0",
            {
                "credits": str(lines / "credits.parquet"),
                "months": str(lines / "months.parquet"),
                "measured": str(data / "measurements.parquet"),
                "every": every,
            },
        ).fetchall()
    return [
        (
            {
                "base": float(base),
                "target": float(target),
                "attained": float(base / target),
                "measured": measured,
            },
            units,
        )
        for base, target, measured, units in found
    ]


def main(how: str, every: int, data: Path, lines: Path, out: Path) -> None:
    """Decide, and write how many decisions took how many seconds.

    Raises:
        ValueError: if a decision is more than a cent from what the lines paid.
    """
    decide = decider(how)
    months = read_months(data, lines, every)
    started = time.perf_counter()
    paid = [decide(context) for context, _ in months]
    seconds = time.perf_counter() - started
    for (context, units), pay in zip(months, paid, strict=True):
        if abs(pay * 100 - units) > 1:
            raise ValueError(f"decided {pay} for {context}; the plan pays {units} cents")
    out.mkdir(parents=True, exist_ok=True)
    result = {"decisions": len(months), "seconds": seconds}
    (out / "zen.json").write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *map(Path, sys.argv[3:]))
