"""`premia runs`: start calculation runs and watch them."""

import asyncio
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from premia_cli.api import Api
from premia_cli.calling import DEFAULT_STATE, REFUSED, As, StateFolder, Token, Url, run_call
from premia_cli.output import Format, console, print_json

app = typer.Typer(no_args_is_help=True, help="Start calculation runs and watch them.")

Output = Annotated[Format, typer.Option("--output", help="table or json")]
ENDED = ("completed", "failed", "cancelled")


@app.command("start")
def start(
    period: Annotated[str, typer.Argument(help="Month to calculate, like 2026-02.")],
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Stay until the run has ended.")] = False,
    output: Output = Format.TABLE,
    identity: As = "analyst",
    state: StateFolder = DEFAULT_STATE,
    url: Url = None,
    token: Token = None,
) -> None:
    """Start a run of a month.

    Ends with 1 if the service refuses, or if a watched run failed.
    """

    async def command(api: Api) -> None:
        run = await api.post("/v1/runs", {"period": period})
        if watch:
            run = await watched(api, str(run["id"]), quiet=output is Format.JSON)
        if output is Format.JSON:
            print_json(run)
        else:
            console.print(
                f"run {run['id']} of {run['period']}: {run['status']}", markup=False, soft_wrap=True
            )
        if run["status"] == "failed":
            console.print(f"[red]{run.get('failure')}[/]")
            raise typer.Exit(REFUSED)

    run_call("calc-engine", command, identity=identity, state=state, url=url, token=token)


async def watched(api: Api, run_id: str, *, quiet: bool = False) -> dict[str, Any]:
    """Return a run once it has ended, showing how far it is meanwhile."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=console,
        disable=quiet,
    ) as progress:
        task = progress.add_task("waiting", total=100)
        while True:
            run: dict[str, Any] = await api.get(f"/v1/runs/{run_id}")
            progress.update(task, completed=run["progress_percent"], description=run["phase"])
            if run["status"] in ENDED:
                return run
            await asyncio.sleep(0.2)
