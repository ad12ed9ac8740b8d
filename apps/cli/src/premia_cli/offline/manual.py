"""The manual's page of the tables, made from their declaration."""

from collections.abc import Iterator, Mapping

from premia_cli.offline.cells import KINDS
from premia_cli.offline.columns import Further, Table
from premia_cli.offline.results import RESULT_TABLES, ResultTable
from premia_cli.offline.tables import TABLES

SCHEMAS = "../../apps/cli/src/premia_cli/offline/table_schemas"
_FURTHER: Mapping[Further, str] = {
    "none": "Other columns are refused.",
    "text": "Every further column is an attribute, kept as text.",
    "of the plan or text": "Every further column is an attribute: read in the unit that the plan "
    "declares for it, else kept as text.",
    "of the plan": "Further columns are the attributes that the plan declares under "
    "`attributes: order`, read in the declared unit; columns it does not declare are named "
    "and not used.",
}


def table_as_text(table: Table) -> str:
    """Return a table's columns as Markdown."""
    rows = [
        f"| `{column.name}` | {column.kind.name} | {'yes' if column.required else ''} "
        f"| {column.about}{_choices(column.choices)} |"
        for column in table.columns
    ]
    head = ["| column | kind | required | what it says |", "|---|---|---|---|"]
    return "\n".join([table.about, "", *head, *rows, "", _FURTHER[table.further]])


def _choices(choices: tuple[str, ...]) -> str:
    return f": {', '.join(f'`{choice}`' for choice in choices)}" if choices else ""


def filled_page(page: str) -> str:
    """Return the page with the parts between its marks written anew from the declarations.

    Raises:
        ValueError: if a mark is missing.
    """
    for name, lines in (("kinds", _kinds()), ("tables", _tables()), ("results", _results())):
        start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
        before, found_start, rest = page.partition(start)
        _, found_end, after = rest.partition(end)
        if not found_start or not found_end:
            raise ValueError(f"the page lacks {start.strip()} or {end.strip()}")
        page = "".join([before, start, "\n", "\n".join(lines), "\n\n", end, after])
    return page


def _kinds() -> Iterator[str]:
    yield "| kind | in CSV | in Parquet |"
    yield "|---|---|---|"
    for kind in KINDS:
        yield f"| {kind.name} | {kind.written} | {kind.parquet} |"


def _tables() -> Iterator[str]:
    for number, table in enumerate(TABLES):
        if number:
            yield ""
        yield f"### {table.name}"
        yield ""
        yield table_as_text(table)
        yield f"[JSON Schema]({SCHEMAS}/{table.name}.json)"


def _results() -> Iterator[str]:
    for number, table in enumerate(RESULT_TABLES):
        if number:
            yield ""
        yield from _result(table)


def _result(table: ResultTable) -> Iterator[str]:
    yield f"### {table.name}.csv, {table.name}.parquet"
    yield ""
    yield table.about
    yield ""
    yield "| column | what it says |"
    yield "|---|---|"
    for name, about in table.columns:
        yield f"| `{name}` | {about} |"
