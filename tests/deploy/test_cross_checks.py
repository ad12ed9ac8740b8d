"""What the manifests name exists: in the manifests, in the settings, in the code."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from premia_runtime.settings import MigrationSettings, ServiceSettings, read_settings

Document = dict[str, Any]

ROOT = Path(__file__).parents[2]
MODULES = {
    "plans-api": "plans_api",
    "calc-engine": "calc_engine",
    "connectors": "connectors",
    "invoicing": "invoicing",
}
NEVER_IN_A_CLUSTER = {"PREMIA_FAULT_DIR"}
OF_THE_EXTRA_DISTRIBUTED = {
    "PREMIA_SPARK_CONNECT_URL",
    "PREMIA_SPARK_EXCHANGE_DIR",
    "PREMIA_SPARK_FROM_ORDERS",
}
"""The image does not carry the extra; whoever builds one that does names these as well."""
SECRETS = {
    "PREMIA_DATABASE_URL": "postgresql+asyncpg://app:secret@db.example.com/service",
    "PREMIA_SYSTEM_DATABASE_URL": "postgresql+asyncpg://system:secret@db.example.com/service",
    "PREMIA_MIGRATION_DATABASE_URL": "postgresql+asyncpg://owner:secret@db.example.com/service",
    "PREMIA_NATS_URL": "tls://nats.example.com:4222",
    "PREMIA_CURSOR_SECRET": "0123456789abcdef0123456789abcdef",
}


def _find(documents: list[Document], kind: str, name: str) -> Document:
    (found,) = [one for one in documents if one["kind"] == kind and one["metadata"]["name"] == name]
    return found


def _pod(workload: Document) -> Document:
    pod: Document = workload["spec"]["template"]["spec"]
    return pod


def _environment(documents: list[Document], container: Document) -> dict[str, str]:
    environment: dict[str, str] = {}
    for source in container.get("envFrom", []):
        environment |= _find(documents, "ConfigMap", source["configMapRef"]["name"])["data"]
    for variable in container.get("env", []):
        environment[variable["name"]] = variable.get("value") or SECRETS[variable["name"]]
    return environment


def _settings_of(service: str) -> type[ServiceSettings]:
    settings: type[ServiceSettings] = importlib.import_module(
        f"{MODULES[service]}.settings"
    ).Settings
    return settings


def _service_of(workload: Document) -> str:
    labels: dict[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return labels["app.kubernetes.io/name"]


def test_every_selector_finds_the_pods_it_means(documents: list[Document]) -> None:
    pods = [
        one["spec"]["template"]["metadata"]["labels"]
        for one in documents
        if one["kind"] in {"Deployment", "Job"}
    ]
    for document in documents:
        spec = document.get("spec", {})
        selector = {
            "Service": lambda spec=spec: spec["selector"],
            "Deployment": lambda spec=spec: spec["selector"]["matchLabels"],
            "PodDisruptionBudget": lambda spec=spec: spec["selector"]["matchLabels"],
            "NetworkPolicy": lambda spec=spec: spec["podSelector"].get("matchLabels", {}),
        }.get(document["kind"])
        if selector is None:
            continue
        wanted = selector().items()
        found = [labels for labels in pods if wanted <= labels.items()]

        assert found, f"{document['kind']} {document['metadata']['name']} selects nothing"
        if document["kind"] in {"Service", "Deployment", "PodDisruptionBudget"}:
            assert len(found) == 1, f"{document['metadata']['name']} selects more than its own"


def test_every_service_has_all_its_parts(documents: list[Document]) -> None:
    for service in MODULES:
        for kind in ("Deployment", "Service", "ServiceAccount", "PodDisruptionBudget"):
            _find(documents, kind, service)
        _find(documents, "Job", f"{service}-migrate")
        _find(documents, "NetworkPolicy", service)


def test_everything_a_pod_refers_to_exists(
    documents: list[Document], workloads: list[Document]
) -> None:
    for workload in workloads:
        pod = _pod(workload)
        volumes = {volume["name"] for volume in pod["volumes"]}
        _find(documents, "ServiceAccount", pod["serviceAccountName"])
        for volume in pod["volumes"]:
            if "persistentVolumeClaim" in volume:
                claim = volume["persistentVolumeClaim"]["claimName"]
                _find(documents, "PersistentVolumeClaim", claim)
        for container in pod["containers"]:
            assert {mount["name"] for mount in container["volumeMounts"]} == volumes
            for source in container.get("envFrom", []):
                _find(documents, "ConfigMap", source["configMapRef"]["name"])


def test_every_secret_a_pod_refers_to_is_in_the_list_for_operators(
    workloads: list[Document],
) -> None:
    listed = set(
        re.findall(
            r"^\| `([a-z-]+)` \| `([a-z-]+)` \|",
            (ROOT / "deploy/k8s/README.md").read_text(),
            re.MULTILINE,
        )
    )
    used = {
        (reference["name"], reference["key"])
        for workload in workloads
        for container in _pod(workload)["containers"]
        for variable in container.get("env", [])
        if (reference := variable["valueFrom"]["secretKeyRef"])
    }

    assert used == listed


def test_every_way_in_leads_to_a_named_port(documents: list[Document]) -> None:
    (ingress,) = [one for one in documents if one["kind"] == "Ingress"]
    for rule in ingress["spec"]["rules"]:
        for path in rule["http"]["paths"]:
            backend = path["backend"]["service"]
            service = _find(documents, "Service", backend["name"])
            ports = {port["name"]: port["targetPort"] for port in service["spec"]["ports"]}
            deployment = _find(documents, "Deployment", backend["name"])
            named = {port["name"] for port in _pod(deployment)["containers"][0]["ports"]}

            assert ports[backend["port"]["name"]] in named


@pytest.mark.parametrize("name", [*MODULES, "calc-engine-worker"])
def test_the_environment_names_every_setting_and_nothing_else(
    documents: list[Document], name: str
) -> None:
    deployment = _find(documents, "Deployment", name)
    (container,) = _pod(deployment)["containers"]
    fields = _settings_of(_service_of(deployment)).model_fields

    names = set(_environment(documents, container))

    assert names == {f"PREMIA_{field.upper()}" for field in fields} - (
        NEVER_IN_A_CLUSTER | OF_THE_EXTRA_DISTRIBUTED
    )


@pytest.mark.parametrize("name", MODULES)
def test_the_settings_can_be_read_from_the_environment(
    documents: list[Document], name: str
) -> None:
    deployment = _find(documents, "Deployment", name)
    (container,) = _pod(deployment)["containers"]

    settings = read_settings(_settings_of(name), _environment(documents, container))

    assert settings.environment == "production"
    assert settings.fault_dir is None
    assert settings.host == "0.0.0.0"
    assert settings.port == container["ports"][0]["containerPort"]
    assert settings.drain_seconds < _pod(deployment)["terminationGracePeriodSeconds"]
    mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert str(settings.store_dir) in mounted


@pytest.mark.parametrize("name", MODULES)
def test_a_migration_gets_the_owner_role_and_nothing_else(
    documents: list[Document], name: str
) -> None:
    job = _find(documents, "Job", f"{name}-migrate")
    (container,) = _pod(job)["containers"]
    environment = _environment(documents, container)

    settings = read_settings(MigrationSettings, environment)

    assert set(environment) == {"PREMIA_MIGRATION_DATABASE_URL"}
    assert settings.migration_database_url.startswith("postgresql+asyncpg://")


@pytest.mark.parametrize("name", MODULES)
def test_clients_are_told_the_address_of_the_ingress(documents: list[Document], name: str) -> None:
    (ingress,) = [one for one in documents if one["kind"] == "Ingress"]
    (container,) = _pod(_find(documents, "Deployment", name))["containers"]

    hosts = {
        rule["host"]
        for rule in ingress["spec"]["rules"]
        for path in rule["http"]["paths"]
        if path["backend"]["service"]["name"] == name
    }

    assert hosts == {_environment(documents, container)["PREMIA_PUBLIC_BASE_URL"][8:]}
    assert hosts <= set(ingress["spec"]["tls"][0]["hosts"])
