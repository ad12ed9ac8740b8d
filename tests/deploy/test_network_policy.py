"""Nothing talks to anything, except along the edges that are written down."""

from typing import Any

Document = dict[str, Any]


def _policies(documents: list[Document]) -> list[Document]:
    return [document for document in documents if document["kind"] == "NetworkPolicy"]


def _selects(selector: Document, labels: dict[str, str]) -> bool:
    wanted = selector.get("matchLabels", {})
    expressions = selector.get("matchExpressions", [])
    assert all(one["operator"] == "In" for one in expressions)
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        labels.get(one["key"]) in one["values"] for one in expressions
    )


def _edges(documents: list[Document], labels: dict[str, str]) -> set[tuple[str, int | str]]:
    edges = set()
    for policy in _policies(documents):
        if not _selects(policy["spec"]["podSelector"], labels):
            continue
        for direction, key in (("ingress", "from"), ("egress", "to")):
            for rule in policy["spec"].get(direction, []):
                assert rule.get(key), f"{policy['metadata']['name']} opens {direction} to all"
                assert rule.get("ports"), f"{policy['metadata']['name']} opens every port"
                edges |= {(policy["metadata"]["name"], port["port"]) for port in rule["ports"]}
    return edges


def _labels(documents: list[Document], kind: str, name: str) -> dict[str, str]:
    (found,) = [one for one in documents if one["kind"] == kind and one["metadata"]["name"] == name]
    labels: dict[str, str] = found["spec"]["template"]["metadata"]["labels"]
    return labels


def test_everything_is_denied_first(documents: list[Document]) -> None:
    (deny,) = [one for one in _policies(documents) if one["metadata"]["name"] == "default-deny"]

    assert deny["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_a_service_has_exactly_its_edges(documents: list[Document]) -> None:
    for service in ("plans-api", "calc-engine", "connectors", "invoicing"):
        edges = _edges(documents, _labels(documents, "Deployment", service))

        assert edges == {
            (service, "http"),
            ("name-resolution", 53),
            ("postgresql", 5432),
            ("nats", 4222),
            ("openid-provider", 443),
        }


def test_the_worker_is_reached_by_prometheus_alone(documents: list[Document]) -> None:
    labels = _labels(documents, "Deployment", "calc-engine-worker")
    entering = [
        peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
        for policy in _policies(documents)
        if _selects(policy["spec"]["podSelector"], labels)
        for rule in policy["spec"].get("ingress", [])
        for peer in rule["from"]
    ]

    assert entering == ["monitoring"]
    assert _edges(documents, labels) == {
        ("calc-engine-worker", "http"),
        ("name-resolution", 53),
        ("postgresql", 5432),
        ("nats", 4222),
    }


def test_a_migration_reaches_its_database_alone(documents: list[Document]) -> None:
    edges = _edges(documents, _labels(documents, "Job", "invoicing-migrate"))

    assert edges == {("name-resolution", 53), ("postgresql", 5432)}


def test_no_service_may_call_another(documents: list[Document]) -> None:
    pods = {
        service: _labels(documents, "Deployment", service)
        for service in ("plans-api", "calc-engine", "connectors", "invoicing")
    }
    peers = [
        peer
        for policy in _policies(documents)
        for direction, key in (("ingress", "from"), ("egress", "to"))
        for rule in policy["spec"].get(direction, [])
        for peer in rule[key]
        if "namespaceSelector" not in peer and "podSelector" in peer
    ]

    reached = [
        name
        for name, labels in pods.items()
        for peer in peers
        if _selects(peer["podSelector"], labels)
    ]

    assert reached == []
