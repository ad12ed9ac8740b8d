"""Which code gives results here: the digest of the sources that calculate, pay and restate."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import calc_engine
import premia_common
import premia_plan

PACKAGES = (premia_plan, calc_engine, premia_common)
SOURCES = frozenset({".py", ".json", ".yaml"})


@cache
def installed_code() -> str:
    """Return the SHA-256 of the installed sources, read once in a process.

    Versions of packages do not tell: they stay the same from one build to the next.
    """
    return digest_of_sources(Path(each.__path__[0]) for each in PACKAGES)


def digest_of_sources(folders: Iterable[Path]) -> str:
    """Return the SHA-256 of all sources in some folders, with where they lie."""
    hasher = hashlib.sha256()
    for folder in folders:
        for place, content in _sources(folder):
            hasher.update(f"{folder.name}/{place}\0{len(content)}\0".encode())
            hasher.update(content)
    return hasher.hexdigest()


def _sources(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        hidden = any(part.startswith((".", "__pycache__")) for part in place.parts)
        if path.suffix in SOURCES and not hidden and path.is_file():
            yield place.as_posix(), path.read_bytes()
