"""The connection reads its own tenant's folder, and nothing else."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calc_engine.engine.duck import Duck, Room
from calc_engine.engine.layout import Arranged, ParquetFile
from calc_engine.engine.refusal import MemoryTooSmall

ROWS = 500_000
TABLE = pa.table({"order_no": pa.array([1, 2], pa.int64())})


def written(folder: Path) -> Path:
    folder.mkdir()
    pq.write_table(TABLE, folder / "orders.parquet")
    return folder / "orders.parquet"


def opened(duck: Duck, path: Path) -> pa.Table:
    duck.open(Arranged({}, {}, 2, {"orders": ParquetFile(path, TABLE.schema)}))
    return duck.read("orders")


def test_a_run_reads_the_files_of_its_own_tenant(tmp_path: Path) -> None:
    path = written(tmp_path / "tenant-a")

    with Duck(path.parent) as duck:
        assert opened(duck, path).num_rows == 2


def test_a_run_cannot_read_the_files_of_another_tenant(tmp_path: Path) -> None:
    own, other = written(tmp_path / "tenant-a"), written(tmp_path / "tenant-b")

    with Duck(own.parent) as duck, pytest.raises(duckdb.PermissionException):
        opened(duck, other)


def test_without_a_folder_no_file_is_read_at_all(tmp_path: Path) -> None:
    path = written(tmp_path / "tenant-a")

    with Duck() as duck, pytest.raises(duckdb.PermissionException):
        opened(duck, path)


def sorted_copy(room: Room, target: Path) -> int:
    """Write half a million rows sorted, and return how many there are."""
    numbers = pa.array(range(ROWS, 0, -1), pa.int64())
    with Duck(target.parent, room=room) as duck:
        duck.load({"wide": pa.table({f"column_{place}": numbers for place in range(20)})})
        duck.write("wide", target, ("column_0",))
    return pq.read_metadata(target).num_rows


def test_what_does_not_fit_in_memory_is_spilled_and_leaves_nothing_behind(tmp_path: Path) -> None:
    spill, results = tmp_path / "spill", tmp_path / "results"
    spill.mkdir()
    results.mkdir()

    # The rows take 80 MB, and what writes them more.
    found = sorted_copy(Room(memory_mb=70, spill=spill), results / "sorted.parquet")

    assert found == ROWS
    first = next(pq.ParquetFile(results / "sorted.parquet").iter_batches(3))
    assert first.column("column_0").to_pylist() == [1, 2, 3]
    assert list(spill.iterdir()) == []


def test_a_calculation_without_room_says_so_and_which_settings_give_it_some(
    tmp_path: Path,
) -> None:
    with pytest.raises(MemoryTooSmall, match="PREMIA_CALCULATION_MEMORY_MB"):
        sorted_copy(Room(memory_mb=1, spill=tmp_path), tmp_path / "sorted.parquet")
