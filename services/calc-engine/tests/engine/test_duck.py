"""The connection reads its own tenant's folder, and nothing else."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calc_engine.engine.duck import Duck
from calc_engine.engine.layout import Arranged, ParquetFile

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
