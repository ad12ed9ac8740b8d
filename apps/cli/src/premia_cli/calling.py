"""Running a command that calls a service, and telling what went wrong in one voice."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from premia_cli.api import Api, Refused
from premia_cli.local_platform import STATE_FOLDER, LocalPlatform, NoPlatform
from premia_cli.output import errors
from premia_runtime.http import CallFailed, HttpClient

REFUSED = 1
NOT_REACHED = 3

StateFolder = Annotated[Path, typer.Option("--state", help="Folder of the local platform.")]
Url = Annotated[str | None, typer.Option("--url", help="Address of the service, if not local.")]
Token = Annotated[
    str | None, typer.Option("--token", envvar="PREMIA_TOKEN", help="Access token, if not local.")
]
As = Annotated[str, typer.Option("--as", help="Development identity to act as.")]
DEFAULT_STATE = STATE_FOLDER


def run_call(
    service: str,
    command: Callable[[Api], Awaitable[None]],
    *,
    identity: str,
    state: Path,
    url: str | None,
    token: str | None,
) -> None:
    """Run a command against one service; end with a clear error and an exit code if it fails."""

    async def run() -> None:
        http = HttpClient(timeout_seconds=30)
        try:
            await command(await _api(service, identity, state, url, token, http))
        finally:
            await http.close()

    try:
        asyncio.run(run())
    except Refused as error:
        _tell(error)
        raise typer.Exit(REFUSED) from None
    except (CallFailed, NoPlatform) as error:
        errors.print(f"[bold red]not reached[/]: {error}")
        raise typer.Exit(NOT_REACHED) from None


async def _api(  # noqa: PLR0917 - the options of `run_call`, in its order
    service: str, identity: str, state: Path, url: str | None, token: str | None, http: HttpClient
) -> Api:
    if url is not None and token is not None:
        return Api(url, token, http)
    platform = LocalPlatform.of(state)
    given = token or await platform.token(identity, http)
    return Api(url or platform.services[service], given, http)


def _tell(error: Refused) -> None:
    problem = error.problem
    errors.print(f"[bold red]{problem.get('title', 'refused')}[/] ({error.status} {error.code})")
    errors.print(str(problem.get("detail", "")), markup=False)
    for place in problem.get("errors") or []:
        errors.print(f"  {place.get('pointer', '')}: {place.get('message', '')}", markup=False)
    if problem.get("trace_id"):
        errors.print(f"[dim]trace {problem['trace_id']}[/]")
