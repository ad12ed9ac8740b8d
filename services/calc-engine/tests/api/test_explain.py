from collections.abc import Iterator
from typing import Any
from uuid import UUID

from premia_plan.explain import check_node
from premia_plan.relations import SourceRef
from premia_plan.results import Node

from ..conftest import Office  # noqa: TID252
from ..samples import RAW, above_target, ident, master_data, order  # noqa: TID252
from .flows import settle


def nodes_of(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for child in tree["children"]:
        yield from nodes_of(child)


def as_node(step: dict[str, Any]) -> Node:
    source = step["source"]
    return Node(
        UUID(step["id"]),
        None,
        step["kind"],
        step["value"],
        step["unit"],
        step["operation"],
        step["detail"],
        SourceRef(source["kind"], source["id"], source["sha256"]) if source else None,
        tuple(UUID(child["id"]) for child in step["children"]),
    )


async def explained_lines(office: Office, period: str) -> list[tuple[dict[str, Any], Any]]:
    found = []
    for statement in await office.statements(period):
        path = f"/v1/statements/{statement['id']}"
        for line in (await office.analyst.get(f"{path}/lines")).json()["items"]:
            answer = await office.analyst.get(f"{path}/lines/{line['id']}/explain", words="it")
            assert answer.status_code == 200, answer.text
            found.append((line, answer.json()))
    return found


async def test_every_paid_line_follows_from_its_sources(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await settle(office, "2026-03")
    states = {"activated": "2026-03-20", "cancelled": "2026-03-28"}
    await office.arrive([order(office.tenant, "O2", "26000.00", version=2, states=states)])
    await office.run("2026-04")

    found = [
        *await explained_lines(office, "2026-03"),
        *await explained_lines(office, "2026-04"),
    ]

    assert len(found) > 10
    for line, explained in found:
        steps = list(nodes_of(explained["tree"]))
        known = {step["id"]: step for step in steps if not step["repeated"]}
        assert explained["tree"]["value"] == line["amount"]["amount"]
        assert explained["words"]
        for step in known.values():
            children = [as_node(known[child["id"]]) for child in step["children"]]
            assert check_node(as_node(step), children), step
        leaves = [step for step in known.values() if not step["children"]]
        messages = [leaf["source"] for leaf in leaves if leaf["source"]]
        assert any(source["kind"] == "message" for source in messages), explained
        for source in messages:
            if source["kind"] == "message":
                assert source["sha256"] == RAW
                assert source["url"] == f"/v1/messages/{source['message_id']}/raw"


async def test_a_total_is_explained_down_to_its_lines(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await office.run("2026-03")
    statement = await office.statement_of(ident(office.tenant, "payee", "A1"), "2026-03")

    answer = await office.analyst.get(f"/v1/statements/{statement['id']}/explain", words="en")

    tree = answer.json()["tree"]
    assert tree["kind"] == "statement"
    assert tree["value"] == "1654.50"
    assert {child["detail"]["component"]: child["value"] for child in tree["children"]} == {
        "base": "1287.00",
        "accelerator": "367.50",
    }
    assert answer.json()["words"][0] == "1654.50, the statement of 2026-03"


async def test_a_target_in_an_explanation_is_found_as_a_fact_with_its_digest(
    office: Office,
) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await office.run("2026-03")

    facts = [
        step["source"]
        for _, explained in await explained_lines(office, "2026-03")
        for step in nodes_of(explained["tree"])
        if step["source"] and step["source"]["kind"] == "fact"
    ]

    assert facts
    found = (await office.analyst.get(facts[0]["url"])).json()["items"]
    assert [item["sha256"] for item in found] == [facts[0]["sha256"]]


async def test_words_name_payees_by_code_and_never_by_id_or_name(office: Office) -> None:
    await office.arrive([*master_data(office.tenant), *above_target(office.tenant)])
    await office.open("2026-03")
    await office.run("2026-03")
    manager = await office.statement_of(ident(office.tenant, "payee", "M1"), "2026-03")

    path = f"/v1/statements/{manager['id']}/explain"
    explained = (await office.analyst.get(path, words="en", depth=40)).json()

    told = " ".join(explained["words"])
    labels = [step["label"]["en"] for step in nodes_of(explained["tree"])]
    assert "credited to M1, level 1 above A1" in told
    assert any("credited to M1, level 1 above A1" in label for label in labels)
    for payee in ("M1", "A1"):
        assert str(ident(office.tenant, "payee", payee)) not in told + " ".join(labels)
    assert "Agenzia" not in told
