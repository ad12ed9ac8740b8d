"""Requests and events that come again, late, or in another order."""

from premia_common.contracts.invoices import (
    InvoiceApproved,
    ProFormaAccepted,
    ProFormaDisputed,
    ProFormaSent,
    TaxItemsCalculated,
)
from premia_runtime.ids import TimeOrderedIds

new_id = TimeOrderedIds().new


async def test_a_send_that_is_repeated_numbers_once(house):
    payee = new_id()
    await house.with_profile(payee)
    document = await house.prepared(payee, "10.00")
    clerk = house.person("finance_clerk")
    body = {"items": [{"id": document["id"], "version": 1}]}

    first = await clerk.post("/v1/pro-formas:send", body, key="one")
    again = await clerk.post("/v1/pro-formas:send", body, key="one")
    other = await clerk.post(
        "/v1/pro-formas:send", {"items": [{"id": str(new_id()), "version": 1}]}, key="one"
    )
    new_key = await clerk.post("/v1/pro-formas:send", body)

    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert new_key.json()["items"][0]["problem"]["code"] == "document-changed"
    assert len(await house.announced(ProFormaSent)) == 1


async def test_writes_need_a_key_and_a_version(house):
    clerk = house.person("finance_clerk")
    path = f"/v1/pro-formas/{new_id()}/send"

    without_key = await clerk.send("POST", path, headers={"If-Match": '"1"'})
    without_version = await clerk.post(path)

    assert (without_key.status_code, without_key.json()["code"]) == (
        400,
        "idempotency-key-missing",
    )
    assert without_version.status_code == 428


async def test_a_stale_acceptance_is_refused_and_a_repeated_one_is_replayed(house):
    payee = new_id()
    await house.with_profile(payee)
    sent = await house.sent(payee, "10.00")
    partner = house.person("payee", payee_id=payee)
    path = f"/v1/pro-formas/{sent['id']}/accept"

    stale = await partner.post(path, if_match=sent["version"] - 1)
    first = await partner.post(path, if_match=sent["version"], key="mine")
    again = await partner.post(path, if_match=sent["version"], key="mine")

    assert (stale.status_code, stale.json()["code"]) == (412, "document-changed")
    assert (again.status_code, again.content) == (200, first.content)
    assert len(await house.announced(ProFormaAccepted)) == 1


async def test_a_disputed_document_is_not_invoiced_until_its_payee_accepts(house):
    payee = new_id()
    await house.with_profile(payee)
    sent = await house.sent(payee, "10.00")
    partner = house.person("payee", payee_id=payee)
    approver = house.person("finance_approver")

    disputed = await partner.post(
        f"/v1/pro-formas/{sent['id']}/dispute", {"reason": "one is missing"}, if_match=3
    )
    refused = await approver.post(f"/v1/invoices/{sent['id']}/approve", if_match=4)
    accepted = await partner.post(f"/v1/pro-formas/{sent['id']}/accept", if_match=4)

    assert disputed.json()["status"] == "disputed"
    assert refused.json()["code"] == "step-not-possible"
    assert accepted.json()["status"] == "accepted"
    history = (await partner.get(f"/v1/pro-formas/{sent['id']}")).json()["history"]
    assert history[-2]["reason"] == "one is missing"
    [told] = await house.announced(ProFormaDisputed)
    assert (str(told.invoice_id), told.reason) == (sent["id"], "one is missing")


async def test_each_revision_is_answered_once_whatever_comes_again(house):
    payee = new_id()
    await house.with_profile(payee)
    first = house.calculated(payee, "100.00")
    second = house.calculated(payee, "90.00", statement_id=first.statement_id, revision=2)
    copy = first.model_copy(update={"event_id": new_id()})

    await house.hear(second, first, first, copy)
    await house.hear(second)

    answers = await house.announced(TaxItemsCalculated)
    assert [(answer.revision, str(answer.taxable.amount)) for answer in answers] == [
        (2, "90.00"),
        (1, "100.00"),
    ]


async def test_a_revision_announced_with_other_content_goes_to_the_dead_letters(house):
    statement = house.calculated(new_id(), "100.00")
    other = statement.model_copy(update={"event_id": new_id(), "digest": "f" * 64})
    await house.hear(statement)

    for _ in range(5):
        [delivery] = await house.hear(other)

    assert delivery.answers == ["done"]
    letters = (await house.person("admin").get("/v1/dead-letters")).json()["items"]
    assert [letter["event_id"] for letter in letters] == [str(other.event_id)]
    assert "StatementRevisionDiffers" in letters[0]["error"]


async def test_a_blocked_revision_is_answered_again_when_its_profile_is_approved(house):
    payee = new_id()
    old = house.calculated(payee, "100.00")
    current = house.calculated(payee, "200.00", statement_id=old.statement_id, revision=2)
    await house.hear(old, current)
    blocked = await house.announced(TaxItemsCalculated)
    assert [(answer.status, answer.net.amount) for answer in blocked] == [("blocked", 0)] * 2
    assert blocked[0].reasons[0].startswith("no_approved_fiscal_profile: ")

    await house.with_profile(payee)

    [answer] = (await house.announced(TaxItemsCalculated))[2:]
    assert (answer.revision, answer.status, str(answer.vat.amount)) == (2, "ok", "44.00")
    assert answer.event_id not in {earlier.event_id for earlier in blocked}


async def test_a_profile_that_is_not_valid_on_the_day_blocks(house):
    payee = new_id()
    await house.with_profile(payee, valid_to="2026-04-01")

    await house.hear(house.calculated(payee, "100.00"))

    [answer] = await house.announced(TaxItemsCalculated)
    assert answer.reasons[0].startswith("fiscal_profile_not_valid_on_date: ")


async def test_a_profile_without_a_regime_blocks(house):
    payee = new_id()
    await house.with_profile(payee, role="professional")

    await house.hear(house.calculated(payee, "100.00"))

    [answer] = await house.announced(TaxItemsCalculated)
    assert answer.reasons[0].startswith("no_tax_regime_for_profile: ")


async def test_a_statement_with_nothing_payable_is_ok_and_makes_no_document(house):
    await house.hear(house.principal_changed())
    for amounts in (("0.00",), ("10.00", "-30.00")):
        statement = house.calculated(new_id(), *amounts)
        await house.hear(statement)
        await house.hear(house.approved(statement))

    answers = await house.announced(TaxItemsCalculated)
    assert [(answer.status, answer.items) for answer in answers] == [("ok", ())] * 2
    assert (await house.person("auditor").get("/v1/pro-formas")).json()["items"] == []


async def test_an_approved_statement_waits_for_profile_and_principal(house):
    payee = new_id()
    statement = house.calculated(payee, "100.00")
    auditor = house.person("auditor")

    await house.hear(house.approved(statement))
    await house.with_profile(payee)
    assert (await auditor.get("/v1/pro-formas")).json()["items"] == []
    await house.hear(house.principal_changed())

    [document] = (await auditor.get("/v1/pro-formas")).json()["items"]
    assert (document["statement_id"], document["status"]) == (
        str(statement.statement_id),
        "prepared",
    )
    await house.hear(statement)
    [answer] = await house.announced(TaxItemsCalculated)
    assert (answer.status, answer.revision) == ("ok", 1)


async def test_an_older_snapshot_is_kept_and_not_applied(house):
    payee = new_id()
    await house.with_profile(payee)
    await house.hear(house.principal_changed(version=2, name="Lumen Energia S.p.A. (nuova)"))
    await house.hear(house.principal_changed(version=1, name="Lumen vecchia"))
    statement = house.calculated(payee, "100.00")
    await house.hear(statement, house.approved(statement))

    [row] = (await house.person("auditor").get("/v1/pro-formas")).json()["items"]
    shown = (await house.person("auditor").get(f"/v1/pro-formas/{row['id']}")).json()
    assert shown["principal"]["name"] == "Lumen Energia S.p.A. (nuova)"
    kept = await house.rows("select version from party_snapshots order by version")
    assert [row["version"] for row in kept] == [1, 2]


async def test_a_posting_before_the_approval_is_kept_for_replay(house):
    payee = new_id()
    await house.with_profile(payee)
    sent = await house.sent(payee, "100.00")
    posted = house.sap_posted(sent["id"], sent["number"])
    for _ in range(5):
        await house.hear(posted)
    admin = house.person("admin")
    [letter] = (await admin.get("/v1/dead-letters")).json()["items"]
    partner = house.person("payee", payee_id=payee)
    await partner.post(f"/v1/pro-formas/{sent['id']}/accept", if_match=3)
    await house.person("finance_approver").post(f"/v1/invoices/{sent['id']}/approve", if_match=4)

    replayed = await admin.post(f"/v1/dead-letters/{letter['id']}/replay")

    assert replayed.json()["state"] == "replayed", replayed.text
    assert (await partner.get(f"/v1/invoices/{sent['id']}")).json()["status"] == "posted"


async def test_pages_of_a_list_join_without_loss_or_repetition(house):
    expected = set()
    for _ in range(5):
        payee = new_id()
        await house.with_profile(payee)
        expected.add((await house.prepared(payee, "10.00"))["id"])
    auditor = house.person("auditor")
    seen, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await auditor.get("/v1/pro-formas", **params)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert len(seen) == 5
    assert set(seen) == expected
    foreign = await auditor.get("/v1/invoices", cursor="AAAA")
    assert (foreign.status_code, foreign.json()["code"]) == (400, "bad-cursor")


async def test_own_posting_rules_are_used_from_their_version_on(house):
    payee = new_id()
    await house.with_profile(payee)
    sent = await house.sent(payee, "100.00")
    clerk = house.person("finance_clerk")
    path = f"/v1/posting-rules/{house.principal}"
    assert (await clerk.get(path)).headers["ETag"] == '"0"'
    rules = {
        "cost_center": "NORD",
        "gl_accounts": {"commission": "700000"},
        "vat_codes": {"22": "A1"},
        "withholding_codes": {"R": {"type_code": "WA", "tax_code": "01"}},
    }
    kept = await clerk.put(path, rules, if_match=0)
    assert kept.json()["version"] == 1
    partner = house.person("payee", payee_id=payee)
    await partner.post(f"/v1/pro-formas/{sent['id']}/accept", if_match=3)

    await house.person("finance_approver").post(f"/v1/invoices/{sent['id']}/approve", if_match=4)

    [event] = await house.announced(InvoiceApproved)
    assert (event.items[0].gl_account, event.items[0].cost_center) == ("700000", "NORD")
    assert (event.taxes[0].tax_code, event.withholdings[0].type_code) == ("A1", "WA")


async def test_the_profile_that_holds_on_the_documents_day_is_the_one_that_is_taxed(house):
    payee = new_id()
    profile = await house.with_profile(payee)
    document = await house.prepared(payee, "1000.00")
    changed = house.profile(payee, tax_regime="RF19", iban="IT84S0542811101000000654321")
    content = {name: changed[name] for name in changed if name not in {"payee_id", "valid_from"}}
    path = f"/v1/fiscal-profiles/{profile}"
    assert (await house.person("finance_clerk").put(path, content, if_match=2)).status_code == 200
    done = await house.person("finance_approver").post(f"{path}/approve", if_match=3)
    assert done.status_code == 200, done.text

    clerk = house.person("finance_clerk")
    sent = await clerk.post(f"/v1/pro-formas/{document['id']}/send", if_match=1)

    assert sent.status_code == 200, sent.text
    shown = (await clerk.get(f"/v1/pro-formas/{document['id']}")).json()
    assert document["net"]["amount"] == "1105.00"
    assert (shown["vat"]["amount"], shown["withholding"]["amount"]) == ("0.00", "0.00")
    assert shown["net"]["amount"] == "1000.00"
    assert shown["payee"]["iban"] == "IT84S0542811101000000654321"
    assert shown["payee"]["withholding_reason"] is None


async def test_a_document_is_not_numbered_once_no_profile_holds(house):
    payee = new_id()
    profile = await house.with_profile(payee)
    document = await house.prepared(payee, "1000.00")
    changed = house.profile(payee, valid_to="2026-04-10")
    content = {name: changed[name] for name in changed if name not in {"payee_id", "valid_from"}}
    path = f"/v1/fiscal-profiles/{profile}"
    assert (await house.person("finance_clerk").put(path, content, if_match=2)).status_code == 200
    await house.person("finance_approver").post(f"{path}/approve", if_match=3)

    clerk = house.person("finance_clerk")
    refused = await clerk.post(f"/v1/pro-formas/{document['id']}/send", if_match=1)

    assert (refused.status_code, refused.json()["code"]) == (422, "no-profile-on-date")
    assert (await clerk.get(f"/v1/pro-formas/{document['id']}")).json()["number"] is None
