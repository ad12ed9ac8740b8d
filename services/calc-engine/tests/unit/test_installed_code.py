"""The digest of installed sources: another one for every change of what gives results."""

from pathlib import Path

import pytest

from calc_engine.engine.installed_code import digest_of_sources


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "rates"
    (folder / "tables").mkdir(parents=True)
    (folder / "rate.py").write_text("RATE = 4\n")
    (folder / "tables" / "plan.json").write_text("{}\n")
    return folder


@pytest.mark.parametrize(
    ("name", "content"),
    [("rate.py", "RATE = 5\n"), ("tables/plan.json", "[]\n"), ("tables/new.py", "")],
)
def test_another_source_is_another_digest(package: Path, name: str, content: str) -> None:
    before = digest_of_sources([package])

    (package / name).write_text(content)

    assert digest_of_sources([package]) != before


def test_a_source_that_moves_is_another_digest(package: Path) -> None:
    before = digest_of_sources([package])

    (package / "rate.py").rename(package / "tables" / "rate.py")

    assert digest_of_sources([package]) != before


def test_what_python_compiles_and_tools_leave_behind_changes_nothing(package: Path) -> None:
    before = digest_of_sources([package])

    for name in ("__pycache__", ".cache"):
        (package / name).mkdir()
        (package / name / "rate.py").write_text("RATE = 5\n")

    assert digest_of_sources([package]) == before
