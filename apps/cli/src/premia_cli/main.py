"""The `premia` command."""

import typer

from premia_cli import (
    calc_commands,
    environment_command,
    event_commands,
    explain_command,
    plan_commands,
    platform_commands,
    run_commands,
)

app = typer.Typer(
    name="premia",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Incentive compensation: run the platform here, calculate, explain, check plans.",
)
app.add_typer(plan_commands.app, name="plan")
app.add_typer(calc_commands.app, name="calc")
app.add_typer(run_commands.app, name="runs")
app.add_typer(event_commands.app, name="events")
app.command("explain")(explain_command.explain)
app.command("up")(platform_commands.up)
app.command("demo")(platform_commands.demo)
app.command("env")(environment_command.env)

if __name__ == "__main__":
    app()
