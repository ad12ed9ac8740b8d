"""The formula language over HTTP."""

import json
from typing import Any

import pytest

from .conftest import Office, Person
from .flows import draft
from .samples import plan_text

STRANGE = "0197a5e0-7f1c-7c1e-9d5c-1d2f3a4b5c6d"


async def checked(person: Person, formula: str, **more: Any) -> dict[str, Any]:
    answer = await person.post("/v1/formulas:check", {"formula": formula, **more})
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


async def test_a_formula_that_holds_together_says_its_unit_and_what_it_looks_up(
    designer: Person,
) -> None:
    answer = await checked(
        designer, "if credit.level > 1 then credit.amount * 3 % else order.amount", scope="credit"
    )

    assert answer == {
        "valid": True,
        "unit": "money",
        "inputs": ["credit.level", "credit.amount", "order.amount"],
        "result": None,
        "unanswered": None,
        "errors": [],
    }


async def test_values_give_a_result(designer: Person) -> None:
    values = {"order.amount": "1 200 EUR", "order.category": "gas", "order.signed_on": "2026-01-31"}

    number = await checked(designer, "order.amount / 7", values=values)
    truth = await checked(designer, 'order.category starts with "g"', values=values)
    day = await checked(designer, "add months(order.signed_on, 1)", values=values)
    unused = await checked(designer, "order.amount * 2", values={"order.amount": "5", "x": "y"})

    assert number["result"] == {"value": "1200/7", "unit": "money"}
    assert truth["result"] == {"value": "true", "unit": "bool"}
    assert day["result"] == {"value": "2026-02-28", "unit": "date"}
    assert unused["result"] == {"value": "10", "unit": "money"}


async def test_what_is_unknown_or_too_large_is_said_instead_of_a_result(designer: Person) -> None:
    missing = await checked(designer, "order.amount * 2", values={})
    large = await checked(designer, "(((((9999 ^ 4) ^ 4) ^ 4) ^ 4) ^ 4) ^ 4", values={})

    assert (missing["valid"], missing["result"]) == (True, None)
    assert missing["unanswered"]["code"] == "fact.missing"
    assert missing["unanswered"]["message"] == {
        "en": "order.amount is unknown",
        "it": "order.amount non è noto",
    }
    assert (large["valid"], large["result"]) == (True, None)
    assert large["unanswered"]["code"] == "number.too_large"


async def test_a_mistake_points_at_its_characters_in_both_languages(designer: Person) -> None:
    answer = await checked(designer, "order.amount * 1,5")

    assert (answer["valid"], answer["unit"], answer["inputs"]) == (False, None, [])
    assert answer["errors"] == [
        {
            "at": 16,
            "until": 17,
            "code": "formula.decimal_comma",
            "message": {
                "en": "a number is written with a comma",
                "it": "un numero è scritto con la virgola",
            },
            "hint": {
                "en": "Decimals follow a point and thousands a blank: 1 234.50",
                "it": "I decimali seguono un punto e le migliaia uno spazio: 1 234.50",
            },
        }
    ]


async def test_a_stored_version_lends_its_names_states_and_tables(designer: Person) -> None:
    path, plan = await draft(designer)
    stored = {"id": plan["id"], "version": 1}

    with_plan = await checked(
        designer,
        "if order reached activated then credit.amount * commission_rate else 0",
        scope="credit",
        plan=stored,
    )
    without = await checked(designer, "credit.amount * commission_rate", scope="credit")
    cell = await checked(designer, "activated_value * attainment", scope="cell", plan=stored)

    assert (with_plan["valid"], with_plan["unit"]) == (True, "money")
    assert with_plan["inputs"] == ["reached activated", "credit.amount", "commission_rate"]
    assert without["errors"][0]["code"] == "name.unknown"
    assert (cell["valid"], cell["unit"]) == (True, "money")
    assert path


async def test_a_document_lends_its_names_too(designer: Person) -> None:
    answer = await checked(
        designer, "credit.amount * comission_rate", scope="credit", document=plan_text()
    )

    assert answer["errors"][0]["hint"]["en"] == "Did you mean commission_rate?"
    assert answer["errors"][0]["hint"]["it"] == "Si intendeva commission_rate?"


async def test_a_formula_of_four_kilobytes_of_brackets_is_answered(designer: Person) -> None:
    deep = await checked(designer, "(" * 4096)
    long = await checked(designer, "(" * 100_000)

    assert deep["errors"][0]["code"] == "formula.too_deep"
    assert long["errors"][0]["code"] == "formula.too_long"


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"formula": "1", "scope": "nowhere"}, "scope-unknown", "/scope"),
        (
            {"formula": "order.amount", "values": {"order.amount": "3 USD"}},
            "value-unreadable",
            "/values/order.amount",
        ),
        (
            {"formula": "order.signed_on", "values": {"order.signed_on": "2026-02-30"}},
            "value-unreadable",
            "/values/order.signed_on",
        ),
        ({"formula": "1", "other": 2}, "invalid", "/other"),
        ({"formula": "order.amount", "values": {"order.amount": 1.5}}, "invalid", None),
        ({}, "invalid", "/formula"),
        ({"formula": "1", "document": "- no plan"}, "plan-not-acceptable", None),
        (
            {"formula": "1", "document": "plan: x", "plan": {"id": STRANGE, "version": 1}},
            "invalid",
            None,
        ),
    ],
)
async def test_a_request_that_cannot_be_answered_names_the_field(
    designer: Person, body: dict[str, Any], code: str, pointer: str | None
) -> None:
    answer = await designer.post("/v1/formulas:check", body)

    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert pointer is None or pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_half_a_character_is_refused(designer: Person) -> None:
    answer = await designer.client.post(
        "/v1/formulas:check",
        content=json.dumps({"formula": '"\ud800" * 2'}),
        headers={
            "Authorization": f"Bearer {designer.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": STRANGE,
        },
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/formula"


async def test_a_plan_of_another_tenant_is_not_found(
    designer: Person, other_office: Office
) -> None:
    _, plan = await draft(designer)
    body = {"formula": "1", "plan": {"id": plan["id"], "version": 1}}

    answer = await other_office.person("plan_designer").post("/v1/formulas:check", body)

    assert (answer.status_code, answer.json()["code"]) == (404, "plan-not-found")


async def test_the_language_is_described_and_kept_by_its_tag(designer: Person) -> None:
    first = await designer.get("/v1/language")
    tag = first.headers["ETag"]
    again = await designer.client.get(
        "/v1/language", headers={"Authorization": f"Bearer {designer.token}", "If-None-Match": tag}
    )

    language = first.json()
    assert first.status_code == 200
    assert {"min", "days between", "add months"} <= {one["name"] for one in language["functions"]}
    assert [scope["scope"] for scope in language["scopes"]][:2] == ["order", "credit"]
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)


async def test_editors_read_the_schema_of_plans_and_what_each_key_is_for(designer: Person) -> None:
    first = await designer.get("/v1/language/schema")
    again = await designer.client.get(
        "/v1/language/schema",
        headers={
            "Authorization": f"Bearer {designer.token}",
            "If-None-Match": first.headers["ETag"],
        },
    )

    schema = first.json()
    assert first.headers["Content-Type"] == "application/schema+json"
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"]["participants"]["description"] == (
        "A condition about the payee that says who takes part"
    )
    assert schema["properties"]["participants"]["x-it"].startswith("Condizione")
    assert (again.status_code, again.content) == (304, b"")


async def test_the_language_of_a_plan_lists_its_own_names(designer: Person) -> None:
    _, plan = await draft(designer)

    answer = await designer.get("/v1/language", plan_id=plan["id"], version=1)
    half = await designer.get("/v1/language", plan_id=plan["id"])

    scopes = {scope["scope"]: scope for scope in answer.json()["scopes"]}
    assert "commission_rate" in [name["name"] for name in scopes["credit"]["names"]]
    assert "activated" in scopes["order"]["states"]
    assert "attainment" in [name["name"] for name in scopes["cell"]["names"]]
    assert half.status_code == 400


async def test_the_language_needs_a_token_that_may_read_plans(office: Office) -> None:
    nobody = await office.client.get("/v1/language")
    stranger = await office.person("integration").post("/v1/formulas:check", {"formula": "1"})

    assert (nobody.status_code, stranger.status_code) == (401, 403)
