"""Write the manual of the plan language from its entries, or compare it with them.

`manual.py` writes docs/manual; with `--check` nothing is written: pages that differ are named and
the exit status is 1.  `manual.py coverage` prints how much of the language is shown.
`manual.py list` writes what is left into tests/spec/uncovered.txt and tests/spec/same_pay.txt.
`manual.py shows 04-credits/01-split` lists what that entry's plan contains and no earlier entry
shows: what its `shows` may name.
"""

import argparse
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))


def _room(name: str) -> Any:
    """Return a module that the manual's tests and this script share."""
    return importlib.import_module(f"spec.{name}")


def differing(root: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield the pages under `root` that are not what the entries say; None: to be deleted."""
    written = dict(_room("index_pages").manual_pages())
    for name, content in written.items():
        path = root / name
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            yield path, content
    known = {root / name for name in written}
    for path in sorted((root / "docs/manual").glob("*.md")):
        if path not in known:
            yield path, None


def write(root: Path, *, check: bool) -> int:
    """Write or compare the pages; return the exit status."""
    found = list(differing(root))
    for path, content in found:
        if content is None and not check:
            path.unlink()
        elif content is not None and not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        verb = "differs from the entries" if check else "written" if content else "deleted"
        sys.stdout.write(f"{path.relative_to(root)}: {verb}\n")
    return 1 if found and check else 0


def print_coverage() -> int:
    """Print the report on what the manual covers."""
    covered = _room("coverage").coverage(_room("entries").readable_entries())
    lines = _room("index_pages").summary(covered)
    lines += ["", f"not shown: {len(covered.not_shown)}", *covered.not_shown]
    lines += ["", f"not told apart: {len(covered.not_told_apart)}", *covered.not_told_apart]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def write_lists(root: Path) -> int:
    """Write what is left into the two lists, and print how they changed."""
    covered = _room("coverage").coverage(_room("entries").readable_entries())
    left = {"uncovered.txt": covered.not_shown, "same_pay.txt": covered.not_told_apart}
    for name, constructs in left.items():
        path = root / "tests/spec" / name
        heads, before = _room("coverage").read_list(path)
        path.write_text("\n".join([*heads, *constructs]) + "\n", encoding="utf-8")
        grown, shrunk = set(constructs) - set(before), set(before) - set(constructs)
        sys.stdout.write(f"{name}: {len(grown)} more, {len(shrunk)} fewer\n")
        sys.stdout.writelines(f"  more: {each}\n" for each in sorted(grown))
    return 0


def print_offers(name: str) -> int:
    """Print what an entry could show that no earlier one does, and what it names in vain."""
    rooms, entries = _room("coverage"), _room("entries").readable_entries()
    entry = next(item for item in entries if item.name == name)
    earlier = {each for other in entries[: entries.index(entry)] for each in rooms.shown(other)}
    contained = [each for each in rooms.constructs() if each in rooms.uses(entry)]
    mine = set(rooms.shown(entry))
    groups = {
        "shown": [each for each in contained if each in mine],
        "not yet, and no earlier entry does": [
            each for each in contained if each not in mine and each not in earlier
        ],
        "named and not in the plan": rooms.misnamed(entry),
    }
    for heading, names in groups.items():
        lines = [f"  - {_yaml(each)}" for each in names]
        sys.stdout.write("\n".join([f"# {heading}", *lines]) + "\n")
    return 0


def _yaml(name: str) -> str:
    """Return a construct as an entry writes it."""
    return f'"{name}"' if "{" in name or ": " in name else name


def main(arguments: list[str]) -> int:
    """Do what was asked; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare only")
    parser.add_argument("--root", type=Path, default=ROOT, help="default: this repository")
    actions = parser.add_subparsers(dest="action")
    actions.add_parser("coverage", help="print what is shown and what is not")
    actions.add_parser("list", help="write what is left into the two lists")
    actions.add_parser("shows", help="what an entry may show").add_argument("entry")
    options = parser.parse_args(arguments)
    if options.action == "coverage":
        return print_coverage()
    if options.action == "list":
        return write_lists(options.root)
    if options.action == "shows":
        return print_offers(options.entry)
    return write(options.root, check=options.check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
