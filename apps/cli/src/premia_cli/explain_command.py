"""`premia explain`: the reason for one amount, in words and as a tree."""

from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.tree import Tree

from premia_cli.api import Api
from premia_cli.calling import DEFAULT_STATE, As, StateFolder, Token, Url, run_call
from premia_cli.output import Format, console, print_json

Statement = Annotated[str, typer.Argument(help="Id of the statement.")]
Line = Annotated[str | None, typer.Argument(help="Id of one of its lines; without it, the whole.")]
Output = Annotated[Format, typer.Option("--output", help="table (words and tree) or json")]


SEEN = {"it": "vedi sopra", "en": "see above"}
"""What stands beside an amount whose reasons were shown already."""


class Language(StrEnum):
    """What an explanation is told in."""

    IT = "it"
    EN = "en"


Told = Annotated[Language, typer.Option("--language", help="The language of words and labels.")]


def explain(
    statement: Statement,
    line: Line = None,
    *,
    language: Told = Language.EN,
    output: Output = Format.TABLE,
    identity: As = "analyst",
    state: StateFolder = DEFAULT_STATE,
    url: Url = None,
    token: Token = None,
) -> None:
    """Say where an amount comes from, down to rate rows, targets and source messages."""

    async def command(api: Api) -> None:
        path = f"/v1/statements/{statement}"
        path += f"/lines/{line}/explain" if line else "/explain"
        found = await api.get(path, words=language.value)
        if output is Format.JSON:
            print_json(found)
            return
        for sentence in found.get("words") or []:
            console.print(sentence, markup=False, soft_wrap=True)
        console.print(tree_of(found["tree"], language.value))

    run_call("calc-engine", command, identity=identity, state=state, url=url, token=token)


def tree_of(node: dict[str, Any], language: str) -> Tree:
    """Return a node with everything below it."""
    tree = Tree(_label(node, language))
    _grow(tree, node, language)
    return tree


def _grow(tree: Tree, node: dict[str, Any], language: str) -> None:
    for child in node["children"]:
        _grow(tree.add(_label(child, language)), child, language)


def _label(node: dict[str, Any], language: str) -> str:
    """Return a node in words; its value and its source only where the words leave them out."""
    words = str(node["label"][language])
    text = escape(words)
    if node["unit"] == "money" and str(node["value"]) not in words:
        text += f" [dim]{node['value']}[/]"
    if node["source"] and node["source"]["label"] not in words:
        text += f" [dim]← {escape(node['source']['label'])}[/]"
    if node["repeated"]:
        text += f" [dim]({SEEN[language]})[/]"
    return text
