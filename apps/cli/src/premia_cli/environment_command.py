"""`premia env`: what a shell needs to send requests to the platform on this machine."""

import asyncio
import shlex

import typer

from premia_cli.calling import DEFAULT_STATE, NOT_REACHED, As, StateFolder
from premia_cli.local_platform import LocalPlatform, NoPlatform
from premia_cli.output import errors
from premia_runtime.http import CallFailed, HttpClient

VARIABLES = {
    "plans-api": "PLANS",
    "calc-engine": "CALC",
    "connectors": "CONNECTORS",
    "invoicing": "INVOICING",
}
"""The variable that holds each service's address."""


def env(identity: As = "analyst", state: StateFolder = DEFAULT_STATE) -> None:
    """Print the services' addresses and an hour's token as lines that a shell takes over.

    Use: eval "$(premia env --as designer)".  It sets PLANS, CALC, CONNECTORS, INVOICING, TOKEN.
    """
    try:
        for name, value in asyncio.run(_variables(identity, state)).items():
            typer.echo(f"export {name}={shlex.quote(value)}")
    except (CallFailed, NoPlatform) as error:
        errors.print(f"[bold red]not reached[/]: {error}")
        raise typer.Exit(NOT_REACHED) from None


async def _variables(identity: str, state: StateFolder) -> dict[str, str]:
    platform = LocalPlatform.of(state)
    http = HttpClient(timeout_seconds=30)
    try:
        token = await platform.token(identity, http)
    finally:
        await http.close()
    addresses = {VARIABLES[name]: platform.services[name] for name in VARIABLES}
    return {**addresses, "TOKEN": token}
