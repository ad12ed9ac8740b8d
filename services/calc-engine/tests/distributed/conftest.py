"""A Spark Connect server with two workers: Sail, unless another one is named.

A release is tested on Spark: name a running server in `PREMIA_TEST_SPARK_CONNECT_URL`, and a folder
that it shares in `PREMIA_TEST_SPARK_EXCHANGE_DIR`.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from calc_engine.engine.cluster import Cluster

WORKERS = 2
START_SECONDS = 60


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a running cluster and the folder that it shares with the tests."""
    named = os.environ.get("PREMIA_TEST_SPARK_CONNECT_URL")
    if named is not None:
        yield Cluster(named, Path(os.environ["PREMIA_TEST_SPARK_EXCHANGE_DIR"]))
        return
    folder = tmp_path_factory.mktemp("exchange")
    port = free_port()
    settings = {
        "SAIL_MODE": "local-cluster",
        "SAIL_CLUSTER__WORKER_INITIAL_COUNT": str(WORKERS),
        "SAIL_CLUSTER__WORKER_MAX_COUNT": str(WORKERS),
        "SAIL_EXECUTION__DEFAULT_PARALLELISM": "4",
        # A union takes the places of all its parts at once.
        "SAIL_CLUSTER__WORKER_TASK_SLOTS": "64",
        # A number that does not fit does not fit the second time either.
        "SAIL_CLUSTER__TASK_MAX_ATTEMPTS": "1",
    }
    command = [str(Path(sys.executable).with_name("sail")), "spark", "server", "--port", str(port)]
    with (tmp_path_factory.mktemp("sail") / "log").open("wb") as log:
        server = subprocess.Popen(
            command, env={**os.environ, **settings}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_until_open(port, server)
            yield Cluster(f"sc://127.0.0.1:{port}", folder)
        finally:
            server.terminate()
            server.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_open(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None, "Sail ended"
        assert time.monotonic() < deadline, f"Sail does not answer on port {port}"
        time.sleep(0.1)
