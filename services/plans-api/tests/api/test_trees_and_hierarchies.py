from .conftest import Person
from .samples import payee, place, position


async def test_children_may_come_before_their_parents(designer: Person) -> None:
    items = [place("roma", "lazio"), place("lazio", "italia"), place("italia")]

    answer = await designer.created("/v1/territories:batch", {"items": items})

    assert answer["created"] == 3


async def test_a_place_under_an_unknown_parent_is_refused_with_its_children(
    designer: Person,
) -> None:
    items = [place("italia"), place("parigi", "francia"), place("montmartre", "parigi")]

    answer = await designer.created("/v1/product-categories:batch", {"items": items})

    assert [item["outcome"] for item in answer["items"]] == ["created", "refused", "refused"]
    assert answer["items"][1]["problem"]["code"] == "parent-unknown"
    assert "parent francia" in answer["items"][2]["problem"]["detail"]


async def test_places_that_are_each_others_parents_are_refused(designer: Person) -> None:
    items = [place("a", "b"), place("b", "a"), place("c")]

    answer = await designer.created("/v1/territories:batch", {"items": items})

    assert [item["outcome"] for item in answer["items"]] == ["refused", "refused", "created"]
    assert "a → b → a" in answer["items"][0]["problem"]["detail"]


async def test_a_place_cannot_move_below_itself(designer: Person) -> None:
    await designer.created(
        "/v1/territories:batch", {"items": [place("italia"), place("lazio", "italia")]}
    )
    root = (await designer.get("/v1/territories", code="italia")).json()["items"][0]

    refused = await designer.put(
        f"/v1/territories/{root['id']}", place("italia", "lazio"), if_match=1
    )

    assert refused.status_code == 422
    assert refused.json()["code"] == "tree-has-cycle"
    assert "italia → lazio → italia" in refused.json()["detail"]


async def test_a_cyclic_hierarchy_is_refused_with_path_and_day(designer: Person) -> None:
    first = await designer.created("/v1/positions", position("A"))
    await designer.created("/v1/positions", position("B", ("A", "2026-01-01", None)))

    refused = await designer.put(
        f"/v1/positions/{first['id']}", position("A", ("B", "2026-03-01", None)), if_match=1
    )

    assert refused.status_code == 422
    assert refused.json()["code"] == "hierarchy-has-cycle"
    assert "A → B → A on 2026-03-01" in refused.json()["detail"]


async def test_two_positions_may_swap_places_on_a_day(designer: Person) -> None:
    first = await designer.created("/v1/positions", position("A"))
    before = position("B", ("A", "2026-01-01", "2026-03-01"))
    await designer.created("/v1/positions", before)

    swapped = await designer.put(
        f"/v1/positions/{first['id']}", position("A", ("B", "2026-03-01", None)), if_match=1
    )

    assert swapped.status_code == 200


async def test_positions_of_a_batch_may_name_each_other_in_any_order(designer: Person) -> None:
    items = [
        position("C", ("B", "2026-01-01", None)),
        position("B", ("A", "2026-01-01", None)),
        position("A"),
    ]

    answer = await designer.created("/v1/positions:batch", {"items": items})

    assert answer["created"] == 3


async def test_a_cycle_in_a_batch_stops_only_those_in_it_and_below(designer: Person) -> None:
    items = [
        position("A", ("B", "2026-01-01", None)),
        position("B", ("A", "2026-01-01", None)),
        position("BELOW", ("A", "2026-01-01", None)),
        position("APART"),
    ]

    answer = await designer.created("/v1/positions:batch", {"items": items})

    assert [item["outcome"] for item in answer["items"]] == ["refused"] * 3 + ["created"]


async def test_a_position_is_held_by_one_payee_a_day(designer: Person) -> None:
    one = await designer.created("/v1/payees", payee("AG-1"))
    two = await designer.created("/v1/payees", payee("AG-2"))
    holdings = [
        {"payee_id": one["id"], "valid_from": "2026-01-01"},
        {"payee_id": two["id"], "valid_from": "2026-02-01"},
    ]

    refused = await designer.post("/v1/positions", position("A", holdings=holdings))

    assert refused.status_code == 422
    assert "on 2026-02-01 the position would be held by two payees" in refused.json()["detail"]
