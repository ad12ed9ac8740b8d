"""`python -m premia_cli.offline PAGE`: write the tables' JSON Schemas, and their part of a page."""

import argparse
import json
from pathlib import Path

from premia_cli.offline.manual import filled_page
from premia_cli.offline.schemas import schema_of
from premia_cli.offline.tables import TABLES

FOLDER = Path(__file__).parent / "table_schemas"


def contracts() -> dict[Path, str]:
    """Return the text of every committed schema by its path."""
    return {
        FOLDER / f"{table.name}.json": json.dumps(schema_of(table), indent=2, ensure_ascii=False)
        + "\n"
        for table in TABLES
    }


def main() -> None:
    """Write what is made from the declarations."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path, help="the manual's page, rewritten in place")
    page: Path = parser.parse_args().page
    FOLDER.mkdir(exist_ok=True)
    for path, text in contracts().items():
        path.write_text(text, encoding="utf-8")
    page.write_text(filled_page(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
