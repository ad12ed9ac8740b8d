"""One digest of a file of lines, the same whatever the order of its rows."""

import sys
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
KINDS = "kinds.parquet"
COMPILED = "stages_accelerator.parquet"
"""Only the set-based engine writes this file beside its lines."""


def digest_of(folder: Path) -> str:
    """Return count, sum and exclusive or of the rows' hashes.

    What a line is, `kinds.parquet` tells where lines say no more than their kind.

    Columns are named, so that what an engine keeps beside them does not matter; the set-based
    engine's codes are put into the words of the hand-written SQL first.
    """
    columns = (
        "component, payee_no, principal_no, what, month, competence, units, order_no, place, "
        "level, share, event, reason, rate_row, id_high, id_low"
    )
    lines = f"SELECT * FROM read_parquet('{folder / 'lines.parquet'}') AS l"  # noqa: S608 - ours
    if (folder / KINDS).exists():
        lines += f" JOIN read_parquet('{folder / KINDS}') AS k USING (kind)"
    if (folder / COMPILED).exists():
        script = (HERE / "comparable.sql").read_text(encoding="utf-8")
        lines = script.replace("$lines", str(folder))
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT count(*), sum(hash(line)::HUGEINT), bit_xor(hash(line)) FROM "  # noqa: S608
            f"(SELECT ({columns})::TEXT AS line FROM ({lines}))"
        ).fetchone()
    return "-".join(map(str, found or ()))


if __name__ == "__main__":
    sys.stdout.write(digest_of(Path(sys.argv[1])))
