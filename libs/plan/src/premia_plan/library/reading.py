"""The files of the library, read."""

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from premia_plan.language import Words
from premia_plan.library.parameter import Parameter
from premia_plan.yaml_text import Content, read_yaml

ROOT: Traversable = files("premia_plan.library")


class LibraryMiswritten(Exception):
    """Raised when a file of the library lacks something: it is to be put right there."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; put it right in the library")


def ids(folder: str, suffix: str) -> tuple[str, ...]:
    """Return the names of a folder's files without their ending, in alphabetical order."""
    names = (item.name for item in (ROOT / folder).iterdir())
    return tuple(sorted(name.removesuffix(suffix) for name in names if name.endswith(suffix)))


def text_of(folder: str, name: str) -> str:
    """Return a file's text."""
    return (ROOT / folder / name).read_text(encoding="utf-8")


def sheet(folder: str, name: str) -> Mapping[str, Content]:
    """Return a file's content."""
    content, _ = read_yaml(text_of(folder, name))
    return mapping(content, f"{folder}/{name}")


def mapping(content: Content, where: str) -> Mapping[str, Content]:
    """Return a part that is a mapping."""
    if not isinstance(content, dict):
        raise LibraryMiswritten(f"{where}: a mapping is expected")
    return content


def word(content: Mapping[str, Content], key: str, where: str) -> str:
    """Return a single value."""
    value = content.get(key)
    if not isinstance(value, str):
        raise LibraryMiswritten(f"{where}: {key} is a single value")
    return value


def words(content: Mapping[str, Content], key: str, where: str) -> Words:
    """Return what is said in both languages."""
    said = mapping(content.get(key, ""), f"{where}, {key}")
    return Words(word(said, "en", where).strip(), word(said, "it", where).strip())


def texts(content: Content, where: str) -> tuple[str, ...]:
    """Return a list of single values."""
    if not isinstance(content, list):
        raise LibraryMiswritten(f"{where}: a list is expected")
    return tuple(str(item) for item in content)


def parameter(name: str, content: Mapping[str, Content], value: str, where: str) -> Parameter:
    """Return a parameter; one without a range is the name of a part of the plan."""
    limits = [str(content[key]) if key in content else None for key in ("from", "to")]
    return Parameter(name, words(content, "label", where), value, limits[0], limits[1])
