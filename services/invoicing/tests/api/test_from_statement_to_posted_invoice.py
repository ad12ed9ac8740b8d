"""The main road: a statement is answered, invoiced, accepted, approved and posted."""

from premia_common.contracts.invoices import (
    InvoiceApproved,
    InvoicePosted,
    ProFormaAccepted,
    ProFormaSent,
    TaxItemsCalculated,
)
from premia_runtime.ids import TimeOrderedIds

new_id = TimeOrderedIds().new


async def test_a_statement_becomes_an_invoice_that_sap_has_posted(house):
    payee = new_id()
    await house.with_profile(payee)
    await house.hear(house.principal_changed())
    statement = house.calculated(payee, "5200.00", "-150.00", brought_forward="-50.00")

    await house.hear(statement)
    await is_taxed(house, statement)
    await house.hear(house.approved(statement))
    document, version = await sent(house)
    shown = await seen_by_the_payee(house, payee, document, version)
    await accepted_and_approved(house, payee, document, version)
    await is_handed_over(house, shown)
    await is_posted(house, payee, document)


async def is_taxed(house, statement):
    """See the answer to a revision: tax on 5 000.00, as of the first day after its month."""
    [answer] = await house.announced(TaxItemsCalculated)
    assert answer.status == "ok"
    assert answer.revision == 1
    assert answer.statement_digest == statement.digest
    figures = (answer.taxable, answer.vat, answer.withholding, answer.net)
    assert [str(figure.amount) for figure in figures] == [
        "5000.00",
        "1100.00",
        "575.00",
        "5525.00",
    ]
    assert str(answer.assumed_payment_on) == "2026-05-01"


async def sent(house):
    """Have the only prepared document numbered and sent; return its id and version."""
    clerk = house.person("finance_clerk")
    [document] = (await clerk.get("/v1/pro-formas", status="prepared")).json()["items"]
    assert document["number"] is None
    answer = await clerk.post(
        "/v1/pro-formas:send", {"items": [{"id": document["id"], "version": document["version"]}]}
    )
    assert answer.status_code == 200, answer.text
    [result] = answer.json()["items"]
    assert (result["result"], result["number"]) == ("sent", "PF-2026-000001")
    return document["id"], result["version"]


async def seen_by_the_payee(house, payee, document, version):
    """Read the document and its PDF as the payee does."""
    partner = house.person("payee", payee_id=payee)
    shown = await partner.get(f"/v1/pro-formas/{document}")
    assert shown.json()["status"] == "sent"
    assert shown.headers["ETag"] == f'"{version}"'
    assert shown.json()["document_date"] == "2026-04-10"
    assert shown.json()["due_on"] == "2026-05-10"
    pdf = await partner.get(f"/v1/pro-formas/{document}/pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["ETag"] == f'"{shown.json()["pdf_sha256"]}"'
    return shown.json()


async def accepted_and_approved(house, payee, document, version):
    """Let the payee accept it, and a second person of finance approve it."""
    partner = house.person("payee", payee_id=payee)
    accepted = await partner.post(f"/v1/pro-formas/{document}/accept", if_match=version)
    assert accepted.json()["status"] == "accepted"
    approved = await house.person("finance_approver").post(
        f"/v1/invoices/{document}/approve", if_match=accepted.json()["version"]
    )
    assert approved.json()["status"] == "approved", approved.text


async def is_handed_over(house, shown):
    """See what SAP is told: items and taxes with their accounts and codes."""
    [event] = await house.announced(InvoiceApproved)
    assert event.number == "PF-2026-000001"
    assert (event.company_code, event.supplier_number) == ("1000", "0000100234")
    assert str(event.gross.amount) == "6100.00"
    assert [str(item.amount.amount) for item in event.items] == ["5200.00", "-150.00", "-50.00"]
    assert [item.gl_account for item in event.items] == ["620100", "620400", "620900"]
    [tax] = event.taxes
    assert (tax.tax_code, str(tax.rate), str(tax.amount.amount)) == ("V2", "0.22", "1100.00")
    [withheld] = event.withholdings
    assert (withheld.type_code, withheld.tax_code) == ("RA", "R1")
    assert (str(withheld.base.amount), str(withheld.amount.amount)) == ("5000.00", "575.00")
    assert event.content_hash == shown["digest"]
    [sent_event] = await house.announced(ProFormaSent)
    assert sent_event.pdf_sha256 == shown["pdf_sha256"]
    assert len(await house.announced(ProFormaAccepted)) == 1


async def is_posted(house, payee, document):
    """Hear of the posting twice, and see it once in the invoice's history."""
    posted = house.sap_posted(document, "PF-2026-000001")
    [first] = await house.hear(posted)
    [again] = await house.hear(posted)
    assert (first.answers, again.answers) == (["done"], ["done"])
    partner = house.person("payee", payee_id=payee)
    final = (await partner.get(f"/v1/invoices/{document}")).json()
    assert final["status"] == "posted"
    assert final["posting"]["accounting_document"] == "5100000017"
    assert [step["to_status"] for step in final["history"]] == [
        "prepared",
        "prepared",
        "sent",
        "accepted",
        "approved",
        "posted",
    ]
    assert len(await house.announced(InvoicePosted)) == 1
