"""Steps: reported in order, and clear about what failed."""

from pathlib import Path

import pytest
from rich.console import Console

from premia_cli.demo.reporting import ConsoleReporter
from premia_cli.demo.step import Outcome, Silent, Step, StepFailed, run_step, verify


def log_of(name: str) -> Path:
    return Path("/state/logs") / f"{name}.log"


async def test_a_step_that_is_not_verified_names_itself_its_log_and_what_to_do() -> None:
    async def run() -> Outcome:
        verify(False, "2 of 300 statements differ")
        return Outcome("never")

    with pytest.raises(StepFailed) as failed:
        await run_step(Step("run of 2026-02", run, "calc-worker"), Silent(), log_of)

    told = str(failed.value)
    assert "step 'run of 2026-02' failed: 2 of 300 statements differ" in told
    assert "log: /state/logs/calc-worker.log" in told
    assert "what to do: read the end of that log" in told


async def test_a_step_is_printed_with_its_figures_and_an_address() -> None:
    async def run() -> Outcome:
        return Outcome("300 payees", "http://127.0.0.1:1/v1/payees")

    console = Console(record=True, width=120)
    await run_step(Step("master data", run, "plans-api"), ConsoleReporter(console), log_of)

    text = console.export_text()
    assert " 1. master data" in text
    assert "✓ 300 payees (0.0 s)" in text
    assert "http://127.0.0.1:1/v1/payees" in text


def test_of_steps_side_by_side_each_result_stands_under_its_own_number() -> None:
    console = Console(record=True, width=120)
    reporter = ConsoleReporter(console)
    reporter.begins("what if")
    reporter.begins("replay")
    reporter.ended("what if", Outcome("307.00 → 322.60"), 22.8)
    reporter.ended("replay", Outcome("the same digest"), 20.1)

    text = console.export_text()
    assert "✓ 1. what if: 307.00 → 322.60 (22.8 s)" in text
    assert "✓ 2. replay: the same digest (20.1 s)" in text
