"""The committed contracts are what the code says; a difference is found."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _contracts(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts/contracts.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kind", ["schemas", "openapi"])
def test_committed_contracts_are_those_of_the_code(kind: str) -> None:
    done = _contracts("--check", kind)

    assert done.stdout == ""
    assert done.returncode == 0, done.stderr


def test_a_changed_and_a_missing_file_are_named(tmp_path: Path) -> None:
    _contracts("--root", str(tmp_path), "schemas")
    written = sorted(tmp_path.rglob("*.json"))
    written[0].write_text("{}\n")
    written[1].unlink()

    done = _contracts("--check", "--root", str(tmp_path), "schemas")

    assert done.returncode == 1
    assert sorted(done.stdout.splitlines()) == [
        f"{path.relative_to(tmp_path)}: differs from the code" for path in written[:2]
    ]


def test_writing_repairs_what_differs(tmp_path: Path) -> None:
    _contracts("--root", str(tmp_path), "schemas")
    next(tmp_path.rglob("*.json")).write_text("{}\n")

    _contracts("--root", str(tmp_path), "schemas")

    assert _contracts("--check", "--root", str(tmp_path), "schemas").returncode == 0
