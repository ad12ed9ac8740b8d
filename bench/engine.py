"""Runs one of our SQL scripts as the set-based engine runs its own: same settings, same files."""

import sys
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
THREADS = 2
SETTINGS = (
    f"SET threads = {THREADS}",
    "SET preserve_insertion_order = false",
    "SET disabled_optimizers = 'join_order,build_side_probe_side'",
)


def run_script(name: str, folders: dict[str, Path]) -> None:
    """Run `name`.sql; each `$folder` in it stands for one of the folders."""
    script = (HERE / f"{name}.sql").read_text(encoding="utf-8")
    for word, folder in folders.items():
        script = script.replace(f"${word}", str(folder))
    folders["out"].mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        for setting in SETTINGS:
            connection.execute(setting)
        connection.execute(script)


if __name__ == "__main__":
    run_script(sys.argv[1], {k: Path(v) for k, v in (word.split("=", 1) for word in sys.argv[2:])})
