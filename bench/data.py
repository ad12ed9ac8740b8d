"""Seeded data on disk: the same size and seed always give the same rows."""

import shutil
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
CACHE = HERE.parent / ".premia" / "bench"
SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Data:
    """A folder of Parquet files, one per relation."""

    folder: Path
    orders: int
    payees: int


def payees_for(orders: int) -> int:
    """Return how many people sell so many orders: some seven each a month, at most 10,000.

    >>> payees_for(2_000), payees_for(1_000_000)
    (20, 10000)
    """
    return min(max(orders // 100, 20), 10_000)


def prepared(orders: int, *, seed: int = SEED) -> Data:
    """Return the data of a size and seed; it is made once and kept."""
    payees = payees_for(orders)
    folder = CACHE / f"data-{seed}-{orders}-{_version()}"
    if not folder.exists():
        unfinished = folder.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        _write(unfinished, orders=orders, payees=payees, seed=seed)
        unfinished.rename(folder)
    return Data(folder, orders, payees)


def _version() -> str:
    """Return what else the rows depend on: the engine's hash function, and the script."""
    script = (HERE / "data.sql").read_bytes()
    return f"duckdb{duckdb.__version__}-{sha256(script).hexdigest()[:8]}"


def _write(folder: Path, *, orders: int, payees: int, seed: int) -> None:
    script = (HERE / "data.sql").read_text(encoding="utf-8")
    values = {"$orders": orders, "$payees": payees, "$seed": seed, "$out": folder}
    for name, value in values.items():
        script = script.replace(name, str(value))
    with duckdb.connect() as connection:
        connection.execute(script)


if __name__ == "__main__":
    prepared(int(sys.argv[1]))
