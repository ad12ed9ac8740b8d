"""The rendered commands, with the rendered environment, as plain processes."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from premia_runtime.testing.databases import ServiceDatabases
from premia_runtime.testing.tokens import TokenMint

Document = dict[str, Any]

SERVICES = ("plans-api", "calc-engine", "connectors", "invoicing")
START_SECONDS = 60

pytestmark = pytest.mark.integration


def _find(documents: list[Document], kind: str, name: str) -> Document:
    (found,) = [one for one in documents if one["kind"] == kind and one["metadata"]["name"] == name]
    return found


def _container(workload: Document) -> Document:
    (container,) = workload["spec"]["template"]["spec"]["containers"]
    found: Document = container
    return found


def _command(container: Document) -> list[str]:
    command: list[str] = [*container["command"], *container["args"]]
    assert command[0] == "python"
    return [sys.executable, *command[1:]]


class Cluster:
    """Stands for what a cluster adds to a pod: secrets, an address, a volume."""

    def __init__(
        self, documents: list[Document], secrets: dict[str, str], here: dict[str, str]
    ) -> None:
        self._documents = documents
        self._secrets = secrets
        self._here = here

    def environment(self, container: Document) -> dict[str, str]:
        """Return the pod's variables, with addresses of this machine in place of the cluster's."""
        found: dict[str, str] = {"PATH": "/usr/bin:/bin"}
        for source in container.get("envFrom", []):
            found |= _find(self._documents, "ConfigMap", source["configMapRef"]["name"])["data"]
        for variable in container.get("env", []):
            found[variable["name"]] = self._secrets[variable["name"]]
        return {name: self._here.get(name, value) for name, value in found.items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _await_ok(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while _status(address) != 200:
        assert process.poll() is None, log.read_text()[-3000:]
        assert time.monotonic() < deadline, f"{address}: {log.read_text()[-3000:]}"
        time.sleep(0.1)


@pytest.fixture
def deployed(name: str, documents: list[Document]) -> Document:
    return _find(documents, "Deployment", name)


@pytest.fixture
def service(deployed: Document) -> str:
    labels: dict[str, str] = deployed["spec"]["template"]["metadata"]["labels"]
    return labels["app.kubernetes.io/name"]


@pytest.fixture
def port() -> int:
    return _free_port()


@pytest.fixture
def cluster(
    documents: list[Document],
    service: str,
    port: int,
    service_databases: ServiceDatabases,
    nats_url: str,
    jwks_url: str,
    make_token: TokenMint,
    tmp_path: Path,
) -> Cluster:
    database = service_databases[service]
    secrets = {
        "PREMIA_DATABASE_URL": database.app,
        "PREMIA_SYSTEM_DATABASE_URL": database.system,
        "PREMIA_MIGRATION_DATABASE_URL": database.owner,
        "PREMIA_NATS_URL": nats_url,
        "PREMIA_CURSOR_SECRET": "0123456789abcdef0123456789abcdef",
    }
    here = {
        "PREMIA_HOST": "127.0.0.1",
        "PREMIA_NATS_REPLICAS": "1",  # one server here, a cluster of three there
        "PREMIA_PORT": str(port),
        "PREMIA_STORE_DIR": str(tmp_path / "store"),
        "PREMIA_JWKS_URL": jwks_url,
        "PREMIA_ISSUER_URL": make_token.issuer,
    }
    return Cluster(documents, secrets, here)


@contextmanager
def _running(
    command: list[str], environment: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=log.parent, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.mark.parametrize("name", SERVICES)
def test_the_migration_job_finds_nothing_to_do_a_second_time(
    documents: list[Document], cluster: Cluster, service: str, tmp_path: Path
) -> None:
    container = _container(_find(documents, "Job", f"{service}-migrate"))

    done = subprocess.run(
        _command(container),
        env=cluster.environment(container),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def _grace(deployment: Document) -> int:
    seconds: int = deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    return seconds


@pytest.mark.parametrize("name", [*SERVICES, "calc-engine-worker"])
def test_a_process_answers_its_probes_and_stops_in_time(
    documents: list[Document], cluster: Cluster, deployed: Document, port: int, tmp_path: Path
) -> None:
    container = _container(deployed)
    log = tmp_path / "log"
    with _running(_command(container), cluster.environment(container), log) as process:
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            path = container[probe]["httpGet"]["path"]
            _await_ok(f"http://127.0.0.1:{port}{path}", process, log)
        scraped = deployed["spec"]["template"]["metadata"]["annotations"]
        assert _status(f"http://127.0.0.1:{port}{scraped['prometheus.io/path']}") == 200

        process.send_signal(signal.SIGTERM)
        process.wait(timeout=_grace(deployed))

        assert process.returncode in {0, -signal.SIGTERM}, log.read_text()[-3000:]
