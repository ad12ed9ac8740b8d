"""Every test of the repository can ask for the fixtures of the runtime."""

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

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
