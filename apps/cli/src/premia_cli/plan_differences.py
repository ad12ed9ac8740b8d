"""`premia plan diff`: what changed from one plan to another, in words."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from premia_cli.output import Format, console, print_json
from premia_cli.plan_files import plan_document
from premia_plan.differences import Change, compare_plans

DIFFERENT = 1

COUNTED = {
    "it": ("modifica", "modifiche", "nulla è cambiato"),
    "en": ("change", "changes", "nothing changed"),
}
"""One change, more of them, and none."""

Language = Annotated[Literal["it", "en"], typer.Option("--language", help="it or en")]


def diff(
    before: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Earlier plan.")],
    after: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Later plan.")],
    *,
    language: Language = "en",
    output: Annotated[Format, typer.Option("--output", help="table or json")] = Format.TABLE,
) -> None:
    """Say in words what changed from one plan to another: rates day by day, all else by part.

    Comments, order of keys and spelling of numbers do not matter. Ends with 0 if nothing changed,
    and with 1 if something did or a plan cannot be read.
    """
    changes = compare_plans(plan_document(before).content, plan_document(after).content)
    if output is Format.JSON:
        print_json([_row(change) for change in changes])
    else:
        for change in changes:
            console.print(f"- {getattr(change.sentence, language)}", markup=False, soft_wrap=True)
        one, more, none = COUNTED[language]
        count = f"{len(changes)} {one if len(changes) == 1 else more}"
        console.print(count if changes else none)
    if changes:
        raise typer.Exit(DIFFERENT)


def _row(change: Change) -> dict[str, object]:
    return {
        "kind": change.kind,
        "path": change.path,
        "before": change.before,
        "after": change.after,
        "direction": change.direction,
        "keys": None if change.keys is None else dict(change.keys),
        "valid_from": change.valid_from,
        "valid_to": change.valid_to,
        "it": change.sentence.it,
        "en": change.sentence.en,
    }
