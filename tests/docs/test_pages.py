"""What the pages name exists: files, headings, commands, addresses, settings, events."""

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from premia_cli.main import app
from premia_common.contracts.registry import EVENTS

ROOT = Path(__file__).parents[2]
SERVICES = {
    "plans-api": "plans_api",
    "calc-engine": "calc_engine",
    "connectors": "connectors",
    "invoicing": "invoicing",
}
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "deploy/**/*.md", "services/*/*.md", "libs/*/*.md")
    for path in ROOT.glob(pattern)
)
OUTSIDE = {"PREMIA_<FIELD>", "PREMIA_MIGRATION_DATABASE_URL"}
"""Variables that no running service reads: a placeholder, and the migrations' own."""

pages = pytest.mark.parametrize("page", PAGES, ids=[str(path.relative_to(ROOT)) for path in PAGES])


def _blocks(text: str, language: str) -> Iterator[str]:
    yield from re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def _without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _without_blocks(page.read_text()), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings
    }


@pages
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", _without_blocks(page.read_text()))
    dead = []
    for link in links:
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            dead.append(link)

    assert dead == []


@pages
def test_every_operation_named_is_in_an_api_document(page: Path) -> None:
    known = {
        (method.upper(), _shape(path))
        for service in SERVICES
        for path, item in _openapi(service)["paths"].items()
        for method in item
    }
    text = page.read_text()
    named = re.findall(r"\b(GET|POST|PUT|PATCH|DELETE) +(/(?:v1|odata)/[^\s`?\"|,;]*)", text)

    unknown = {
        f"{method} {path}"
        for method, path in named
        if (method, _shape(path.rstrip(".:"))) not in known
    }

    assert unknown == set()


def _openapi(service: str) -> dict[str, dict[str, dict[str, object]]]:
    document: dict[str, dict[str, dict[str, object]]] = json.loads(
        (ROOT / "services" / service / "openapi.json").read_text()
    )
    return document


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


@pages
def test_every_variable_named_is_a_setting(page: Path) -> None:
    settings = {
        f"PREMIA_{field.upper()}"
        for module in SERVICES.values()
        for field in importlib.import_module(f"{module}.settings").Settings.model_fields
    }

    named = set(re.findall(r"PREMIA_(?:<FIELD>|[A-Z_]*[A-Z])", page.read_text()))

    assert named - settings - OUTSIDE == set()


@pages
def test_every_event_named_is_in_the_registry(page: Path) -> None:
    inbound = re.compile(r"premia\.(billing|kpi)\.")

    named = set(re.findall(r"\bpremia\.[a-z_.]+\.v\d+\b", page.read_text()))

    assert {name for name in named if not inbound.match(name)} <= set(EVENTS) | {"premia.facts.v1"}


@pages
def test_every_make_target_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(), re.MULTILINE))

    assert named <= targets


@pages
def test_every_json_block_is_json(page: Path) -> None:
    for block in _blocks(page.read_text(), "json"):
        json.loads(block)


@pages
def test_every_python_block_runs(page: Path) -> None:
    blocks = list(_blocks(page.read_text(), "python"))
    if not blocks:
        return

    done = subprocess.run(
        [sys.executable, "-c", "\n".join(blocks)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )

    assert done.returncode == 0, done.stderr


@pages
def test_every_premia_command_named_exists(page: Path) -> None:
    commands = {
        tuple(line.removeprefix(".venv/bin/").split()[1:])
        for block in _blocks(page.read_text(), "sh")
        for line in block.splitlines()
        if line.removeprefix(".venv/bin/").startswith("premia ")
    }
    for command in commands:
        assert _is_command(list(command)), f"premia {' '.join(command)}"


def _is_command(words: list[str]) -> bool:
    command = typer.main.get_command(app)
    for word in words:
        commands = getattr(command, "commands", None)
        if commands is None:
            return True
        if word not in commands:
            return False
        command = commands[word]
    return not hasattr(command, "commands")


def test_a_command_that_does_not_exist_is_noticed() -> None:
    assert _is_command(["plan", "check", "plan.yaml"])
    assert not _is_command(["plan", "publish", "plan.yaml"])
    assert not _is_command(["plan"])


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_what_it_owns_and_what_it_does_not(service: str) -> None:
    text = (ROOT / "services" / service / "README.md").read_text()

    headings = [
        heading.lower().replace(",", "") for heading in re.findall(r"^## (.+)$", text, re.MULTILINE)
    ]

    assert headings[:4] == [
        "what it owns",
        "what it does not own and who does",
        "events in and out",
        "how to run it alone",
    ]


def test_every_published_page_is_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        links = re.findall(r"\]\(([^)#\s]+)", _without_blocks(page.read_text()))
        waiting += [
            target
            for link in links
            if not re.match(r"[a-z]+:", link)
            and (target := (page.parent / link).resolve()).suffix == ".md"
            and target.exists()
        ]

    assert {page for page in PAGES if page.is_relative_to(ROOT / "docs")} - seen == set()


def test_no_page_names_a_place_of_one_machine() -> None:
    found = [page for page in PAGES if re.search(r"(/home/|/tmp/|/root/)", page.read_text())]

    assert found == []
