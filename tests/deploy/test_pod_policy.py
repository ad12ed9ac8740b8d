"""Every pod is restricted, probed and sized; the policy finds each planted lapse."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

Document = dict[str, Any]


def _pod(workload: Document) -> Document:
    pod: Document = workload["spec"]["template"]["spec"]
    return pod


def _pod_lapses(pod: Document) -> list[str]:
    security = pod.get("securityContext", {})
    lapses = []
    if pod.get("automountServiceAccountToken") is not False:
        lapses.append("mounts a service account token")
    if pod.get("enableServiceLinks") is not False:
        lapses.append("gets an environment variable for each service of the namespace")
    if security.get("runAsNonRoot") is not True or not security.get("runAsUser"):
        lapses.append("may run as root")
    if security.get("seccompProfile") != {"type": "RuntimeDefault"}:
        lapses.append("has no seccomp profile")
    lapses += [f"shares {share}" for share in ("hostNetwork", "hostPID", "hostIPC") if share in pod]
    allowed = {"emptyDir", "persistentVolumeClaim", "configMap", "secret", "projected", "name"}
    for volume in pod.get("volumes", []):
        lapses += [f"volume of kind {kind}" for kind in set(volume) - allowed]
        if "emptyDir" in volume and "sizeLimit" not in (volume["emptyDir"] or {}):
            lapses.append(f"volume {volume['name']} may fill the node")
    return lapses


def _container_lapses(container: Document) -> list[str]:
    security = container.get("securityContext", {})
    lapses = []
    if security.get("allowPrivilegeEscalation") is not False or security.get("privileged"):
        lapses.append("may gain privileges")
    if security.get("readOnlyRootFilesystem") is not True:
        lapses.append("may write to its image")
    if security.get("capabilities") != {"drop": ["ALL"]}:
        lapses.append("keeps capabilities")
    if not {"cpu", "memory"} <= set(container.get("resources", {}).get("requests", {})):
        lapses.append("requests no cpu or memory")
    if "memory" not in container.get("resources", {}).get("limits", {}):
        lapses.append("has no memory limit")
    if re.search(r"@sha256:[0-9a-f]{64}$", container["image"]) is None:
        lapses.append("image is not named by digest")
    return lapses + [
        f"{variable['name']} is written in the manifest"
        for variable in container.get("env", [])
        if "value" in variable and _is_secret(variable["name"])
    ]


def _is_secret(name: str) -> bool:
    words = ("SECRET", "PASSWORD", "TOKEN", "KEY", "DATABASE_URL", "NATS_URL")
    return name.endswith(words)


def _service_lapses(workload: Document) -> list[str]:
    pod = _pod(workload)
    lapses = [
        f"has no {probe}"
        for container in pod["containers"]
        for probe in ("startupProbe", "livenessProbe", "readinessProbe")
        if container.get("ports") and probe not in container
    ]
    if workload["kind"] == "Deployment" and "terminationGracePeriodSeconds" not in pod:
        lapses.append("does not say how long it may drain")
    if workload["kind"] == "Job" and "activeDeadlineSeconds" not in workload["spec"]:
        lapses.append("may run for ever")
    return lapses


def _lapses(workload: Document) -> list[str]:
    pod = _pod(workload)
    found = _pod_lapses(pod) + _service_lapses(workload)
    for container in pod["containers"] + pod.get("initContainers", []):
        found += _container_lapses(container)
    return [f"{workload['metadata']['name']}: {lapse}" for lapse in found]


def test_every_pod_keeps_the_policy(workloads: list[Document]) -> None:
    assert [lapse for workload in workloads for lapse in _lapses(workload)] == []


def _inside(thing: Any, way: list[str]) -> Any:
    for step in way:
        thing = thing[int(step)] if step.isdigit() else thing[step]
    return thing


def _without(*path: str) -> Callable[[Document], None]:
    def plant(pod: Document) -> None:
        *way, last = path
        del _inside(pod, way)[last]

    return plant


def _with(value: Any, *path: str) -> Callable[[Document], None]:
    def plant(pod: Document) -> None:
        *way, last = path
        _inside(pod, way)[last] = value

    return plant


@pytest.mark.parametrize(
    ("plant", "lapse"),
    [
        (_without("automountServiceAccountToken"), "mounts a service account token"),
        (_with(True, "enableServiceLinks"), "environment variable for each service"),
        (_with(False, "securityContext", "runAsNonRoot"), "may run as root"),
        (_with(0, "securityContext", "runAsUser"), "may run as root"),
        (_without("securityContext", "seccompProfile"), "no seccomp profile"),
        (_with(True, "hostNetwork"), "shares hostNetwork"),
        (
            _with([{"name": "node", "hostPath": {"path": "/"}}], "volumes"),
            "volume of kind hostPath",
        ),
        (_with([{"name": "tmp", "emptyDir": {}}], "volumes"), "may fill the node"),
        (
            _with(True, "containers", "0", "securityContext", "allowPrivilegeEscalation"),
            "may gain privileges",
        ),
        (
            _without("containers", "0", "securityContext", "readOnlyRootFilesystem"),
            "may write to its image",
        ),
        (
            _with({"drop": ["NET_RAW"]}, "containers", "0", "securityContext", "capabilities"),
            "keeps capabilities",
        ),
        (_without("containers", "0", "resources", "requests", "cpu"), "requests no cpu"),
        (_without("containers", "0", "resources", "limits", "memory"), "no memory limit"),
        (_with("premia/plans-api:latest", "containers", "0", "image"), "not named by digest"),
        (_without("containers", "0", "readinessProbe"), "has no readinessProbe"),
        (_without("terminationGracePeriodSeconds"), "how long it may drain"),
        (
            _with(
                [{"name": "PREMIA_CURSOR_SECRET", "value": "0123456789abcdef"}],
                "containers",
                "0",
                "env",
            ),
            "PREMIA_CURSOR_SECRET is written in the manifest",
        ),
    ],
)
def test_a_planted_lapse_is_found(
    workloads: list[Document], plant: Callable[[Document], None], lapse: str
) -> None:
    workload = deepcopy(next(one for one in workloads if one["metadata"]["name"] == "plans-api"))

    plant(_pod(workload))

    assert any(lapse in found for found in _lapses(workload))


def test_no_manifest_carries_a_secret(documents: list[Document]) -> None:
    assert [document for document in documents if document["kind"] == "Secret"] == []


def test_no_configuration_carries_a_secret(documents: list[Document]) -> None:
    keys = [key for one in documents if one["kind"] == "ConfigMap" for key in one["data"]]

    assert [key for key in keys if _is_secret(key)] == []


def test_the_namespace_enforces_restricted_pods(documents: list[Document]) -> None:
    (namespace,) = [document for document in documents if document["kind"] == "Namespace"]

    labels = namespace["metadata"]["labels"]

    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert {one["metadata"].get("namespace") for one in documents if one is not namespace} == {
        namespace["metadata"]["name"]
    }
