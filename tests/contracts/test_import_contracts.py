"""The import contracts hold on the tree, and each of them finds a planted violation."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path

import grimp
import pytest
from importlinter import Contract
from importlinter.application.use_cases import read_user_options
from importlinter.application.user_options import UserOptions
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

ROOT = Path(__file__).parents[2]

KINDS: Mapping[str, type[Contract]] = {
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "layers": LayersContract,
    "protected": ProtectedContract,
}

PLANTED = [
    ("service-layers", "calc_engine.domain", "calc_engine.application"),
    ("service-layers", "plans_api.application", "plans_api.adapters"),
    ("service-layers", "connectors.entrypoints", "connectors.adapters"),
    ("service-layers", "invoicing.adapters", "invoicing.settings"),
    ("service-layers", "invoicing.entrypoints", "invoicing.main"),
    ("services-apart", "calc_engine.adapters", "plans_api.domain"),
    ("services-apart", "invoicing.main", "connectors.settings"),
    ("pure-core", "calc_engine.application", "sqlalchemy"),
    ("pure-core", "invoicing.domain", "typst"),
    ("pure-core", "connectors.domain", "httpx"),
    ("pure-core", "calc_engine.application", "duckdb"),
    ("pure-core", "calc_engine.domain", "sqlglot"),
    ("pure-core", "plans_api.application", "openpyxl"),
    ("core-without-runtime", "plans_api.application", "premia_runtime"),
    ("domain-without-contracts", "calc_engine.domain", "premia_common.contracts.orders"),
    ("common-imports-none-of-ours", "premia_common.money", "premia_runtime"),
    ("plan-is-pure", "premia_plan.document", "asyncio"),
    ("plan-is-pure", "premia_plan.document", "premia_common.contracts"),
    ("plan-is-pure", "premia_plan.document", "duckdb"),
    ("runtime-without-business", "premia_runtime.local", "premia_plan.document"),
    ("apps-on-top", "premia_cli", "calc_engine.domain"),
    ("one-http-client", "connectors.adapters", "httpx"),
    ("one-broker-client", "calc_engine.entrypoints", "nats"),
    ("tokens", "connectors.entrypoints", "joserfc"),
    ("one-xml-reader", "connectors.entrypoints", "defusedxml"),
    ("one-document-renderer", "invoicing.entrypoints", "typst"),
    ("columnar-files", "calc_engine.entrypoints", "pyarrow"),
    ("sets-engine", "calc_engine.adapters.database", "duckdb"),
    ("sets-engine", "calc_engine.entrypoints", "sqlglot"),
    ("one-cluster-client", "calc_engine.adapters.files", "pyspark"),
    ("one-spreadsheet-client", "plans_api.entrypoints", "openpyxl"),
    ("soap-client", "connectors.adapters", "zeep"),
    ("odata-client", "premia_doubles.salesforce", "pyodata"),
    ("verifier-apart", "premia_verifier.run", "premia_plan.results"),
]


@pytest.fixture(scope="session")
def rules() -> UserOptions:
    configure()
    return read_user_options(str(ROOT / ".importlinter"))


@pytest.fixture(scope="session")
def contracts(rules: UserOptions) -> dict[str, Contract]:
    return {
        options["id"]: KINDS[options["type"]](
            name=options["name"], session_options=rules.session_options, contract_options=options
        )
        for options in rules.contracts_options
    }


@pytest.fixture(scope="session")
def graph(rules: UserOptions) -> grimp.ImportGraph:
    packages = rules.session_options["root_packages"]
    return grimp.build_graph(*packages, include_external_packages=True, cache_dir=None)


def _is_kept(contract: Contract, graph: grimp.ImportGraph) -> bool:
    return contract.check(deepcopy(graph), verbose=False).kept


def test_the_tree_keeps_every_contract(
    graph: grimp.ImportGraph, contracts: dict[str, Contract]
) -> None:
    broken = [name for name, contract in contracts.items() if not _is_kept(contract, graph)]

    assert broken == []


def test_every_contract_has_a_planted_violation(contracts: dict[str, Contract]) -> None:
    assert {contract for contract, _, _ in PLANTED} == set(contracts)


@pytest.mark.parametrize(("contract", "importer", "imported"), PLANTED)
def test_a_planted_import_breaks_its_contract(
    graph: grimp.ImportGraph,
    contracts: dict[str, Contract],
    contract: str,
    importer: str,
    imported: str,
) -> None:
    planted = deepcopy(graph)
    if imported not in planted.modules:
        planted.add_module(imported, is_squashed=True)
    planted.add_import(
        importer=importer, imported=imported, line_number=1, line_contents=f"import {imported}"
    )

    assert not _is_kept(contracts[contract], planted)


def test_every_package_of_ours_is_under_contract(rules: UserOptions) -> None:
    packages = {
        found.parent.name
        for pattern in ("libs/*/src/*", "services/*/src/*", "apps/*/src/*")
        for found in ROOT.glob(f"{pattern}/__init__.py")
    }

    assert set(rules.session_options["root_packages"]) == packages
