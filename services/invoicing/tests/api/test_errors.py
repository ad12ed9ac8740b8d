"""Every error of the service, through its door."""

import pytest

from invoicing.entrypoints.api.problems import PROBLEMS
from premia_runtime.ids import TimeOrderedIds

new_id = TimeOrderedIds().new

PREVIEW = {
    "role": "agent",
    "legal_form": "individual",
    "tax_regime": "RF01",
    "invoice_on": "2026-04-01",
    "payment_on": "2026-05-01",
    "amounts": [{"amount": {"amount": "100.00", "currency": "EUR"}}],
}
RULES = {
    "cost_center": "SALES",
    "gl_accounts": {"commission": "620100"},
    "vat_codes": {"22": "V2"},
    "withholding_codes": {},
}


async def profile_not_found(house):
    return await house.person("auditor").get(f"/v1/fiscal-profiles/{new_id()}")


async def profile_exists(house):
    payee = new_id()
    await house.with_profile(payee)
    return await house.person("finance_clerk").post(
        "/v1/fiscal-profiles", house.profile(payee, employees_declared=True)
    )


async def profile_already_approved(house):
    profile_id = await house.with_profile(new_id())
    return await house.person("finance_approver").post(
        f"/v1/fiscal-profiles/{profile_id}/approve", if_match=2
    )


async def profile_changed(house):
    profile_id = await house.with_profile(new_id())
    content = house.profile(new_id())
    del content["payee_id"], content["valid_from"]
    return await house.person("finance_clerk").put(
        f"/v1/fiscal-profiles/{profile_id}", content, if_match=1
    )


async def approver_is_maker(house):
    both = house.person("finance_clerk", "finance_approver")
    made = await both.post("/v1/fiscal-profiles", house.profile(new_id()))
    return await both.post(f"/v1/fiscal-profiles/{made.json()['id']}/approve", if_match=1)


async def document_not_found(house):
    return await house.person("auditor").get(f"/v1/invoices/{new_id()}")


async def document_changed(house):
    payee = new_id()
    await house.with_profile(payee)
    document = await house.prepared(payee, "10.00")
    return await house.person("finance_clerk").post(
        f"/v1/pro-formas/{document['id']}/send", if_match=7
    )


async def step_not_possible(house):
    payee = new_id()
    await house.with_profile(payee)
    document = await house.prepared(payee, "10.00")
    return await house.person("finance_approver").post(
        f"/v1/invoices/{document['id']}/approve", if_match=1
    )


async def document_not_sent(house):
    payee = new_id()
    await house.with_profile(payee)
    document = await house.prepared(payee, "10.00")
    return await house.person("auditor").get(f"/v1/pro-formas/{document['id']}/pdf")


async def posting_rule_missing(house):
    payee = new_id()
    await house.with_profile(payee)
    sent = await house.sent(payee, "10.00")
    partner = house.person("payee", payee_id=payee)
    await partner.post(f"/v1/pro-formas/{sent['id']}/accept", if_match=sent["version"])
    clerk = house.person("finance_clerk")
    kept = await clerk.put(f"/v1/posting-rules/{house.principal}", RULES, if_match=0)
    assert kept.status_code == 200, kept.text
    return await house.person("finance_approver").post(
        f"/v1/invoices/{sent['id']}/approve", if_match=sent["version"] + 1
    )


async def posting_rules_changed(house):
    await house.hear(house.principal_changed())
    clerk = house.person("finance_clerk")
    return await clerk.put(f"/v1/posting-rules/{house.principal}", RULES, if_match=3)


async def principal_not_known(house):
    clerk = house.person("finance_clerk")
    return await clerk.put(f"/v1/posting-rules/{new_id()}", RULES, if_match=0)


async def no_tax_regime(house):
    body = PREVIEW | {"role": "door_to_door"}
    return await house.person("auditor").post("/v1/tax:preview", body)


async def parameter_not_set(house):
    body = PREVIEW | {"invoice_on": "1990-01-01"}
    return await house.person("auditor").post("/v1/tax:preview", body)


async def parameter_in_other_currency(house):
    amounts = [{"amount": {"amount": "80.00", "currency": "CHF"}}]
    body = PREVIEW | {"tax_regime": "RF19", "amounts": amounts}
    return await house.person("auditor").post("/v1/tax:preview", body)


async def currency_mismatch(house):
    amounts = [{"amount": {"amount": "1.00", "currency": currency}} for currency in ("EUR", "USD")]
    return await house.person("auditor").post("/v1/tax:preview", PREVIEW | {"amounts": amounts})


async def amount_too_large(house):
    amounts = [{"amount": {"amount": "9" * 15, "currency": "EUR"}}] * 20
    return await house.person("auditor").post("/v1/tax:preview", PREVIEW | {"amounts": amounts})


async def dates_reversed(house):
    payee = new_id()
    profile = await house.with_profile(payee)
    body = house.profile(payee, valid_to="2024-12-31")
    content = {name: body[name] for name in body if name not in {"payee_id", "valid_from"}}
    path = f"/v1/fiscal-profiles/{profile}"
    return await house.person("finance_clerk").put(path, content, if_match=2)


async def no_profile_on_date(house):
    payee = new_id()
    profile = await house.with_profile(payee)
    document = await house.prepared(payee, "10.00")
    body = house.profile(payee, valid_to="2026-04-10")
    content = {name: body[name] for name in body if name not in {"payee_id", "valid_from"}}
    path = f"/v1/fiscal-profiles/{profile}"
    await house.person("finance_clerk").put(path, content, if_match=2)
    await house.person("finance_approver").post(f"{path}/approve", if_match=3)
    clerk = house.person("finance_clerk")
    return await clerk.post(f"/v1/pro-formas/{document['id']}/send", if_match=1)


RAISED = {
    "fiscal-profile-not-found": profile_not_found,
    "fiscal-profile-exists": profile_exists,
    "fiscal-profile-already-approved": profile_already_approved,
    "fiscal-profile-changed": profile_changed,
    "approver-is-maker": approver_is_maker,
    "document-not-found": document_not_found,
    "document-changed": document_changed,
    "step-not-possible": step_not_possible,
    "document-not-sent": document_not_sent,
    "posting-rule-missing": posting_rule_missing,
    "posting-rules-changed": posting_rules_changed,
    "principal-not-known": principal_not_known,
    "no-tax-regime": no_tax_regime,
    "tax-parameter-not-set": parameter_not_set,
    "tax-parameter-in-other-currency": parameter_in_other_currency,
    "currency-mismatch": currency_mismatch,
    "amount-too-large": amount_too_large,
    "fiscal-profile-dates-reversed": dates_reversed,
    "no-profile-on-date": no_profile_on_date,
}
STATUS = {problem.slug: problem.status for problem in PROBLEMS.values()}


def test_every_error_is_raised_here():
    assert set(RAISED) == set(STATUS)


@pytest.mark.parametrize("code", sorted(RAISED))
async def test_an_error_is_answered_as_a_problem(house, code):
    response = await RAISED[code](house)

    assert response.status_code == STATUS[code], response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
    assert len(response.json()["detail"]) > 20


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"vat_number": "12345678901"}, "/vat_number"),
        ({"tax_code": "BNCMRA80A41F205A"}, "/tax_code"),
        ({"iban": "IT60X0542811101000000123457"}, "/iban"),
        ({"role": "friend"}, "/role"),
        ({"nickname": "Mary"}, "/nickname"),
        ({"legal_name": "Bianchi\u0000"}, "/legal_name"),
        ({"supplier_number": ""}, "/supplier_number"),
    ],
)
async def test_a_profile_that_cannot_be_names_the_field(house, changes, pointer):
    response = await house.person("finance_clerk").post(
        "/v1/fiscal-profiles", house.profile(new_id(), **changes)
    )

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


async def test_a_bad_profile_in_a_batch_does_not_stop_its_neighbours(house):
    good, bad, again = new_id(), new_id(), new_id()
    await house.with_profile(again)
    clerk = house.person("finance_clerk")

    answer = await clerk.post(
        "/v1/fiscal-profiles:batch",
        {
            "items": [
                house.profile(bad, vat_number="1"),
                house.profile(good),
                house.profile(again),
                house.profile(again, employees_declared=True),
            ]
        },
    )

    results = answer.json()["items"]
    assert [item["result"] for item in results] == ["refused", "created", "unchanged", "refused"]
    assert results[0]["problem"]["code"] == "invalid"
    assert "/vat_number" in results[0]["problem"]["detail"]
    assert results[3]["problem"]["code"] == "fiscal-profile-exists"
    approved = await house.person("finance_approver").post(
        "/v1/fiscal-profiles:approve",
        {
            "items": [
                {"profile_id": results[1]["profile_id"], "version": 1},
                {"profile_id": str(new_id()), "version": 1},
            ]
        },
    )
    assert [item["result"] for item in approved.json()["items"]] == ["approved", "refused"]


async def test_a_float_is_no_amount_of_money(house):
    body = PREVIEW | {"amounts": [{"amount": {"amount": 1.5, "currency": "EUR"}}]}

    response = await house.person("auditor").post("/v1/tax:preview", body)

    assert response.status_code == 422
    assert "as text" in response.json()["detail"]
