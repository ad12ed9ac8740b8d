"""A cluster is configured wholly or not at all, and what is missing is said at the start."""

import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from calc_engine.engine.cluster import ClientMissing, Cluster, open_cluster
from calc_engine.settings import Settings

REQUIRED = {
    "database_url": "postgresql+asyncpg://somewhere/calc",
    "system_database_url": "postgresql+asyncpg://somewhere/calc",
    "nats_url": "nats://somewhere",
    "issuer_url": "https://issuer.test",
    "jwks_url": "https://issuer.test/jwks.json",
    "store_dir": Path("/store"),
    "public_base_url": "https://calc.test",
    "cursor_secret": "a secret of the tests",
}


def test_without_a_server_there_is_no_cluster() -> None:
    assert Settings.model_validate(REQUIRED).spark_connect_url is None


def test_a_server_needs_a_folder_to_hand_relations_over_in() -> None:
    with pytest.raises(ValidationError, match="PREMIA_SPARK_EXCHANGE_DIR"):
        Settings.model_validate({**REQUIRED, "spark_connect_url": "sc://sail:50051"})


def test_an_address_that_may_hold_a_token_is_not_shown() -> None:
    url, folder = "sc://sail:50051/;token=hidden", Path("/exchange")
    found = Settings.model_validate(
        {**REQUIRED, "spark_connect_url": url, "spark_exchange_dir": folder}
    )

    assert found.spark_connect_url == url
    assert "hidden" not in repr(found)


def test_a_server_without_its_client_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "calc_engine.engine.spark", raising=False)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    monkeypatch.setitem(sys.modules, "grpc", None)

    with pytest.raises(ClientMissing, match="install calc-engine with its extra `distributed`"):
        open_cluster(Cluster("sc://sail:50051", Path("/exchange")))
