import doctest
import importlib
import pkgutil

import pytest

import premia_plan

MODULES = sorted(
    module.name for module in pkgutil.walk_packages(premia_plan.__path__, "premia_plan.")
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
