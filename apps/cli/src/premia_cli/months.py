"""Months on the command line."""

from typing import Annotated

import typer

from premia_common.periods import Month


def month_of(text: str) -> Month:
    """Read a month of the command line.

    Raises:
        typer.BadParameter: if it is none.
    """
    try:
        return Month.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def in_order(since: Month, until: Month) -> tuple[Month, Month]:
    """Return a first and a last month.

    Raises:
        typer.BadParameter: if the last one lies before the first one.
    """
    if until < since:
        raise typer.BadParameter(f"--to {until} lies before --from {since}")
    return since, until


FirstMonth = Annotated[
    Month, typer.Option("--from", parser=month_of, metavar="MONTH", help="First month, 2026-01.")
]
LastMonth = Annotated[
    Month, typer.Option("--to", parser=month_of, metavar="MONTH", help="Last month, 2026-03.")
]
FirstMonthIfAny = Annotated[
    Month | None,
    typer.Option("--from", parser=month_of, metavar="MONTH", help="First month; all without it."),
]
LastMonthIfAny = Annotated[
    Month | None,
    typer.Option(
        "--to", parser=month_of, metavar="MONTH", help="Last month; the last one with facts."
    ),
]
