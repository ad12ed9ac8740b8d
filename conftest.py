"""Every test of the repository can ask for the fixtures of the runtime."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from premia_plan.reference.book import Book
from premia_plan.results import Line, Node

pytest_plugins = ["premia_runtime.testing.fixtures"]

# Workers share the processors: how long one example took says nothing about the code.
settings.register_profile("premia", deadline=None)
settings.load_profile("premia")

PLATFORMS = ("tests/e2e/", "tests/arrival/")
"""Folders whose tests share one platform of real processes."""


LONG = ("tests/contracts/test_hostile_requests.py", "services/calc-engine/tests/laws/")
"""Tests of a minute and more: begun last, they would leave one worker waiting for the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests first, so that the short ones fill up what is left of both workers."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


class OnePlatformOneWorker(LoadScopeScheduling):
    """Deals tests out singly, but those of one platform to one worker."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in PLATFORMS if nodeid.startswith(folder)), nodeid)


def pytest_xdist_make_scheduler(
    config: pytest.Config, log: Producer
) -> OnePlatformOneWorker | None:
    """Use it where groups are asked for: the markers of xdist are not read by this pytest."""
    if config.getvalue("dist") != "loadgroup":
        return None
    return OnePlatformOneWorker(config, log)


class WrittenOnce(dict[UUID, Node]):
    """Nodes by id, of which none is written a second time with other words."""

    def __setitem__(self, node_id: UUID, node: Node) -> None:
        known = self.setdefault(node_id, node)
        assert known == node, f"{known} and {node} have one id"  # noqa: S101 - a test fails by it


class ToldApart(list[Line]):
    """Lines of which no two have one id."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[UUID, Line] = {}

    def append(self, line: Line) -> None:
        """Take a line under an id that no other has."""
        known = self._known.setdefault(line.line_id, line)
        assert known is line, f"{known} and {line} have one id"  # noqa: S101 - a test fails by it
        super().append(line)


@pytest.fixture(scope="session", autouse=True)
def one_under_one_id() -> Iterator[None]:
    """Let no test pass in which two nodes or lines share an id: one would pass for the other."""
    begin = Book.__init__

    def begin_written_once(book: Book, *given: Any, **named: Any) -> None:
        begin(book, *given, **named)
        book.nodes = WrittenOnce()
        book.lines = ToldApart()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Book, "__init__", begin_written_once)
        yield
