from decimal import Decimal
from io import BytesIO
from uuid import UUID

from pypdf import PdfReader

from invoicing.adapters.document_renderer import TypstRenderer
from premia_runtime.ids import TimeOrderedIds

new_id = TimeOrderedIds().new


async def issued(house, *amounts, **profile):
    payee = new_id()
    await house.with_profile(payee, **profile)
    sent = await house.sent(payee, *amounts)
    async with house.service.runtime.open_work(house.tenant) as work:
        return await work.documents.issued(UUID(sent["id"])), sent


def text_of(content):
    pages = PdfReader(BytesIO(content)).pages
    return [page.extract_text().replace("\u00a0", " ").replace("\u202f", " ") for page in pages]


async def test_the_document_says_what_it_is_and_what_is_due(house):
    payload, sent = await issued(house, "12500.50", "-500.50")

    [content] = await TypstRenderer().render([payload])

    [page] = text_of(content)
    for words in (
        "Avviso di fattura / pro-forma",
        "non costituisce fattura ai sensi dell\u2019art. 21 del DPR 633/72",
        sent["number"],
        "10/04/2026",
        "10/05/2026",
        "Lumen Energia S.p.A.",
        "12345670785",
        "Agenzia Bianchi di Maria Bianchi",
        "IVA 22 %",
        "12.000,00 EUR",
        "2.640,00 EUR",
        "14.640,00 EUR",
        "Ritenuta d\u2019acconto 11,5 %",
        "1.380,00 EUR",
        "13.260,00 EUR",
        "RT01 · R",
        "marzo 2026",
        "Pagina 1 di 1",
    ):
        assert words in page, words
    assert "?" not in page


async def test_the_flat_rate_scheme_is_explained_in_the_payees_language(house):
    payload, _ = await issued(house, "1000.00", tax_regime="RF19", language="en")

    [content] = await TypstRenderer().render([payload])

    [page] = text_of(content)
    assert "This document is not an invoice" in page
    assert "No VAT charged (N2.2)" in page
    assert "1,000.00 EUR" in page
    assert "Stamp duty (for information): 2.00 EUR" in page
    assert "Withholding" not in page
    assert payload.tax.net.amount == Decimal("1000.00")


async def test_the_same_payload_gives_the_same_bytes_in_another_compiler(house):
    payload, sent = await issued(house, "10.00")

    [first] = await TypstRenderer().render([payload])
    [second] = await TypstRenderer().render([payload])

    assert first == second
    response = await house.person("auditor").get(f"/v1/pro-formas/{sent['id']}/pdf")
    assert response.content == first
    assert b"pdfaid:part" in first
    assert b"pdfuaid:part" in first


async def test_a_long_document_goes_on_over_pages_with_its_header_row(house):
    payload, _ = await issued(house, *["1.00"] * 90)

    [content] = await TypstRenderer().render([payload])

    pages = text_of(content)
    assert len(pages) >= 3
    assert f"Pagina 2 di {len(pages)}" in pages[1]
    assert "Competenza" in pages[1]


async def test_a_letter_that_the_font_lacks_does_not_stop_a_numbered_document(house):
    payload, _ = await issued(house, "10.00", legal_name="Łódź 株 Zoë 😀 Ωmega")

    [content] = await TypstRenderer().render([payload])

    assert "Łódź ? Zoë ? Ωmega" in text_of(content)[0]
