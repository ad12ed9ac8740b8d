"""What changed between two versions, over HTTP."""

from .conftest import Office, Person
from .flows import draft, mandate, publish
from .samples import plan_text


async def test_two_versions_are_compared_in_words(office: Office, designer: Person) -> None:
    path, _ = await draft(designer)
    await publish(office, designer, path)
    second = plan_text().replace("cap: 2 500 EUR", "cap: 3 000 EUR")
    await designer.created(f"{path}/versions", {"document": second})

    diff = (await designer.get(f"{path}/diff", **{"from": 1, "to": 2})).json()
    back = (await designer.get(f"{path}/diff", **{"from": 2, "to": 1})).json()

    assert diff["changes"] == [
        {
            "kind": "changed",
            "pointer": "/components/accelerator/steps/2/cap",
            "direction": "rises",
            "before": "2 500 EUR",
            "after": "3 000 EUR",
            "keys": None,
            "valid_from": None,
            "valid_to": None,
            "sentence": {
                "it": "Il tetto di accelerator sale da 2 500 EUR a 3 000 EUR.",
                "en": "The cap of accelerator rises from 2 500 EUR to 3 000 EUR.",
            },
        }
    ]
    assert [change["direction"] for change in back["changes"]] == ["falls"]


async def test_a_payee_does_not_see_what_a_draft_would_change(
    office: Office, designer: Person
) -> None:
    path, plan = await draft(designer)
    await publish(office, designer, path)
    contract = await mandate(designer, plan["principal_id"])
    await designer.created(
        "/v1/assignments",
        {"plan": plan["name"], "mandate_id": contract["id"], "valid_from": "2026-01-01"},
    )
    second = plan_text().replace("cap: 2 500 EUR", "cap: 3 000 EUR")
    await designer.created(f"{path}/versions", {"document": second})
    payee = office.person("payee", payee_id=contract["payee_id"])

    own = await payee.get(f"{path}/diff", **{"from": 1, "to": 1})
    hidden = await payee.get(f"{path}/diff", **{"from": 1, "to": 2})

    assert own.json()["changes"] == []
    assert hidden.status_code == 404


async def test_a_version_that_is_not_there_is_told(designer: Person) -> None:
    path, _ = await draft(designer)

    answer = await designer.get(f"{path}/diff", **{"from": 1, "to": 5})

    assert answer.status_code == 404
    assert answer.json()["code"] == "plan-version-not-found"
