"""`premia events`: what a service has published, what it missed, and sending events again."""

from enum import StrEnum
from typing import Annotated

import typer

from premia_cli.api import Api
from premia_cli.calling import DEFAULT_STATE, As, StateFolder, Token, Url, run_call
from premia_cli.output import Format, console, print_json, print_rows

app = typer.Typer(no_args_is_help=True, help="Look at the topic and send events again.")

Output = Annotated[Format, typer.Option("--output", help="table or json")]


class Service(StrEnum):
    """A service that publishes or reads events."""

    PLANS_API = "plans-api"
    CALC_ENGINE = "calc-engine"
    CONNECTORS = "connectors"
    INVOICING = "invoicing"


@app.command("state")
def state_of(
    service: Service,
    *,
    output: Output = Format.TABLE,
    identity: As = "designer",
    state: StateFolder = DEFAULT_STATE,
    url: Url = None,
    token: Token = None,
) -> None:
    """Show how many events a service has published and not sent, and which it never received."""

    async def command(api: Api) -> None:
        found = await api.get("/v1/operations/topic")
        if output is Format.JSON:
            print_json(found)
            return
        console.print(f"published up to number {found['published']}, {found['unsent']} not sent")
        if found["gaps"]:
            print_rows(found["gaps"], ["source", "type", "highest", "missing"], output)

    run_call(service.value, command, identity=identity, state=state, url=url, token=token)


@app.command("republish")
def republish(
    service: Service,
    *,
    start: Annotated[int, typer.Option("--from", min=1, help="First number to send again.")],
    identity: As = "designer",
    state: StateFolder = DEFAULT_STATE,
    url: Url = None,
    token: Token = None,
) -> None:
    """Send a service's events again from a number on, with the ids they had."""

    async def command(api: Api) -> None:
        found = await api.post("/v1/operations/topic/republish", {"from_sequence": start})
        console.print(f"{found['events']} events are sent again")

    run_call(service.value, command, identity=identity, state=state, url=url, token=token)
