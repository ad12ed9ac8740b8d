"""How long it takes to explain a cent: lines of a run drawn at random, explained one by one."""

import json
import sys
import time
from pathlib import Path
from uuid import UUID

import duckdb

from bench.compiled import UNTIL, typed_plan
from calc_engine.engine.line_explanation import LineExplainer

DRAWN = 300
SIXTY_FOUR = (1 << 64) - 1


def drawn(source: Path, results: Path) -> list[tuple[str, UUID]]:
    """Return payee and id of lines all over a run's file, the same ones each time."""
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT p.payee_id, l.id_high, l.id_low FROM read_parquet(?) AS l "
            "JOIN read_parquet(?) AS p USING (payee_no) ORDER BY hash(l.id_low) LIMIT ?",
            [str(results / "lines.parquet"), str(source / "payees.parquet"), DRAWN],
        ).fetchall()
    return [
        (payee, UUID(int=(high & SIXTY_FOUR) << 64 | low & SIXTY_FOUR))
        for payee, high, low in found
    ]


def main(source: Path, results: Path) -> None:
    """Explain, and print how many milliseconds each took, in order."""
    lines = drawn(source, results)
    explainer = LineExplainer(typed_plan(), source, results, until=UNTIL)
    taken = []
    for payee_id, line_id in lines:
        started = time.perf_counter()
        explainer.explain(payee_id, line_id)
        taken.append(1000 * (time.perf_counter() - started))
    sys.stdout.write(json.dumps(sorted(taken)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
