"""Each service's Dockerfile builds what the manifests run: hashed, small, without root."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = {
    "plans-api": "plans_api",
    "calc-engine": "calc_engine",
    "connectors": "connectors",
    "invoicing": "invoicing",
}

each_service = pytest.mark.parametrize("service", MODULES)


def _instructions(service: str) -> list[tuple[str, str]]:
    text = (ROOT / "services" / service / "Dockerfile").read_text()
    joined = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    return [
        (line.split(maxsplit=1)[0], line.split(maxsplit=1)[1])
        for line in joined.splitlines()
        if line.strip()
    ]


def _last_stage(service: str) -> list[tuple[str, str]]:
    instructions = _instructions(service)
    start = max(index for index, (word, _) in enumerate(instructions) if word == "FROM")
    return instructions[start:]


@each_service
def test_the_base_image_is_the_builders_choice(service: str) -> None:
    instructions = _instructions(service)
    (default,) = [rest for word, rest in instructions if word == "ARG"]
    bases = [rest.split()[0] for word, rest in instructions if word == "FROM"]

    assert bases == ["${BASE}", "${BASE}"]
    assert re.fullmatch(r"BASE=[a-z]+:[a-z0-9.-]+", default), "a registry host is the builder's"


@each_service
def test_everything_fetched_is_checked_by_hash(service: str) -> None:
    fetching = [
        command
        for word, rest in _instructions(service)
        if word == "RUN"
        for command in rest.split("&&")
        if re.search(r"\b(pip (install|wheel|download)|apt|curl|wget)\b", command)
        and "--no-index" not in command
    ]

    assert len(fetching) == 1
    assert "--require-hashes" in fetching[0]
    assert "--requirement requirements.lock" in fetching[0]


@each_service
def test_the_image_does_not_run_as_root(service: str) -> None:
    assert [rest for word, rest in _last_stage(service) if word == "USER"] == ["10001:10001"]


@each_service
def test_the_image_runs_what_the_manifests_run(service: str) -> None:
    stage = dict(_last_stage(service))

    assert stage["ENTRYPOINT"] == f'["python", "-m", "{MODULES[service]}"]'
    assert stage["CMD"] == '["serve"]'


@each_service
def test_everything_copied_is_in_the_build_context(service: str) -> None:
    allowed = [
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    for word, rest in _instructions(service):
        if word != "COPY" or rest.startswith("--from"):
            continue
        *sources, _ = rest.split()
        for source in sources:
            assert (ROOT / source).exists(), f"{source} is not in the repository"
            assert any(
                fnmatch(source, pattern) or fnmatch(source, str(Path(pattern).parent))
                for pattern in allowed
            ), f"{source} is kept out by .dockerignore"
