"""`premia up` and `premia demo`: the whole platform on this machine."""

import asyncio
import contextlib
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated

import typer

from premia_cli.calling import DEFAULT_STATE, REFUSED, StateFolder
from premia_cli.demo.identities import ROLES, UTILITY_TENANT, identity
from premia_cli.demo.main_job import demonstrate
from premia_cli.demo.reporting import ConsoleReporter
from premia_cli.demo.step import StepFailed
from premia_cli.local_platform import LocalPlatform
from premia_cli.output import console, errors
from premia_runtime.local.child import StartFailed
from premia_runtime.local.migrations import MigrationFailed
from premia_runtime.local.supervisor import AlreadyRunning, Supervisor

Figures = Annotated[
    Path | None, typer.Option("--figures", help="Write the sample and all results to this folder.")
]


def up(
    state: StateFolder = DEFAULT_STATE,
    fresh: Annotated[bool, typer.Option("--fresh", help="Delete earlier data first.")] = False,
) -> None:
    """Start the platform and keep it running until Ctrl-C."""

    async def run() -> None:
        async with Supervisor(state, fresh=fresh, say=console.print) as platform:
            local = announce(platform)
            for name, address in local.services.items():
                console.print(f"{name:12} {address}/docs")
            console.print(f"act as {', '.join(_let_in(platform))}: premia env --as designer")
            console.print("running; Ctrl-C stops everything")
            try:
                await asyncio.Event().wait()
            finally:
                local.forget()

    _supervised(run())


def demo(
    once: Annotated[bool, typer.Option("--once", help="End when the job is done.")] = False,
    figures: Figures = None,
    state: StateFolder = DEFAULT_STATE,
) -> None:
    """Run the main job from nothing, each step verified; then stay up until Ctrl-C."""

    async def run() -> None:
        reporter = ConsoleReporter(console)
        async with Supervisor(state, fresh=True, say=reporter.progress) as platform:
            local = announce(platform)
            try:
                summary = await demonstrate(platform, reporter, figures=figures)
                if not once:
                    console.print("the platform stays up; Ctrl-C stops everything")
                    console.print(f"[bold green]main job: OK[/] {summary}", soft_wrap=True)
                    await asyncio.Event().wait()
            finally:
                local.forget()
        console.print(f"main job: OK {summary}", soft_wrap=True)

    _supervised(run())


def announce(platform: Supervisor) -> LocalPlatform:
    """Write down where a started platform listens, for the other commands."""
    local = LocalPlatform(
        platform.state_dir,
        platform.issuer.url,
        {name: process.base_url for name, process in platform.services.items()},
    )
    local.remember()
    return local


def _let_in(platform: Supervisor) -> list[str]:
    """Let a tenant's staff and machines log in; partners can once they are payees."""
    people = [identity(name, UTILITY_TENANT) for name in ROLES if ROLES[name] != ("payee",)]
    for person in people:
        platform.issuer.register(person)
    return [person.client_id for person in people]


def _supervised(work: Coroutine[None, None, None]) -> None:
    try:
        with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(work)
    except StepFailed as error:
        errors.print(f"[bold red]main job: FAILED[/] {error}", soft_wrap=True)
        raise typer.Exit(REFUSED) from None
    except (AlreadyRunning, StartFailed, MigrationFailed) as error:
        errors.print(f"[bold red]the platform does not start[/]: {error}", soft_wrap=True)
        raise typer.Exit(REFUSED) from None
