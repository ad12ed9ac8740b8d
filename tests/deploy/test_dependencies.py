"""An image holds what its service imports: everything imported follows from its dependencies."""

import re
import sys
from functools import cache
from importlib.metadata import distribution, packages_distributions

import grimp
import pytest
from packaging.requirements import Requirement

MODULES = {
    "premia-plans-api": "plans_api",
    "premia-calc-engine": "calc_engine",
    "premia-connectors": "connectors",
    "premia-invoicing": "invoicing",
}
OURS = ("premia_common", "premia_runtime", "premia_plan", *MODULES.values())
ONLY_LOCAL = ("premia_runtime.local", "premia_runtime.testing")
"""The local platform and the fixtures: no service imports them."""
OF_AN_EXTRA = {"calc_engine.engine.spark": {"pyspark", "grpc"}}
"""What a module imports that is loaded where an extra is installed, and nowhere else."""


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _installed_with(name: str) -> set[str]:
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(name, frozenset[str]())]
    while waiting:
        current, extras = waiting.pop()
        if (current, extras) in seen:
            continue
        seen.add((current, extras))
        for text in distribution(current).requires or []:
            needed = Requirement(text)
            marker = needed.marker
            if marker and not any(marker.evaluate({"extra": one}) for one in extras or {""}):
                continue
            waiting.append((_normal(needed.name), frozenset(needed.extras)))
    return {current for current, _ in seen}


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph(*OURS, include_external_packages=True, cache_dir=None)


def _reached(module: str) -> set[str]:
    """Modules of ours that a service can load, itself included."""
    graph = _graph()
    reached: set[str] = set()
    waiting = [module, *graph.find_descendants(module)]
    while waiting:
        current = waiting.pop()
        if current in reached or not current.startswith(OURS):
            continue
        reached.add(current)
        waiting += graph.find_modules_directly_imported_by(current)
    return reached


def _external(module: str) -> set[str]:
    graph = _graph()
    imported = {
        name
        for ours in _reached(module)
        for name in graph.find_modules_directly_imported_by(ours)
        if not name.startswith(OURS) and name not in OF_AN_EXTRA.get(ours, set())
    }
    return {name.split(".")[0] for name in imported} - set(sys.stdlib_module_names)


@pytest.mark.parametrize("name", MODULES)
def test_everything_a_service_imports_is_installed_with_it(name: str) -> None:
    installed = _installed_with(name)
    by_package = packages_distributions()

    missing = {
        package
        for package in _external(MODULES[name])
        if not {_normal(one) for one in by_package.get(package, [])} & installed
    }

    assert missing == set()


@pytest.mark.parametrize("module", MODULES.values())
def test_no_service_loads_the_local_platform(module: str) -> None:
    assert [one for one in _reached(module) if one.startswith(ONLY_LOCAL)] == []


def test_a_forgotten_dependency_would_be_found() -> None:
    assert "typst" in _external("invoicing")
    assert "typst" not in _installed_with("premia-plans-api")
