"""The manifests as a cluster would receive them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
OVERLAYS = sorted(
    folder.parent for folder in (ROOT / "deploy/k8s/overlays").glob("*/kustomization.yaml")
)


def _render(folder: Path) -> list[dict[str, Any]]:
    kubectl = Path(sys.executable).with_name("kubectl")
    done = subprocess.run(
        [str(kubectl), "kustomize", str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [document for document in yaml.safe_load_all(done.stdout) if document]


@pytest.fixture(scope="session", params=OVERLAYS, ids=[folder.name for folder in OVERLAYS])
def documents(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """Every document of an overlay."""
    return _render(request.param)


@pytest.fixture(scope="session")
def workloads(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What runs pods."""
    return [document for document in documents if document["kind"] in {"Deployment", "Job"}]
