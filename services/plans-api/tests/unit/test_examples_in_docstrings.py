"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import plans_api.application
import plans_api.domain

MODULES = [
    module.name
    for package in (plans_api.domain, plans_api.application)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    module = importlib.import_module(name)

    assert doctest.testmod(module).failed == 0
