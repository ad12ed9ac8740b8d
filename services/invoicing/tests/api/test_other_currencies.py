"""Statements in other currencies than the euro, from the topic to the list of documents."""

import pytest

from premia_common.contracts.invoices import TaxItemsCalculated
from premia_runtime.ids import TimeOrderedIds

new_id = TimeOrderedIds().new


@pytest.mark.parametrize(
    ("currency", "amount", "vat", "withholding", "net"),
    [
        # 22 % of 167.214 is 36.78708, half of it at 23 % 19.22961.
        ("TND", "167.214", "36.787", "19.230", "184.771"),
        ("JPY", "1000", "220", "115", "1105"),
        ("EUR", "1000.00", "220.00", "115.00", "1105.00"),
    ],
)
async def test_a_document_has_the_decimals_of_its_currency(
    house, currency, amount, vat, withholding, net
):
    payee = new_id()
    statement = house.calculated(payee, amount, currency=currency)
    await house.hear(house.principal_changed(), statement, house.approved(statement))

    await house.with_profile(payee)

    clerk = house.person("finance_clerk")
    [document] = (await clerk.get("/v1/pro-formas", payee_id=payee)).json()["items"]
    names = ("taxable", "vat", "withholding", "net")
    shown = (amount, vat, withholding, net)
    assert [document[name] for name in names] == [
        {"amount": figure, "currency": currency} for figure in shown
    ]
    sent = await clerk.post(f"/v1/pro-formas/{document['id']}/send", if_match=1)
    assert sent.status_code == 200, sent.text


async def test_euros_of_the_law_are_not_compared_with_francs(house):
    payee = new_id()
    await house.with_profile(payee, tax_regime="RF19")
    await house.hear(house.principal_changed())
    for currency in ("CHF", "EUR"):
        statement = house.calculated(payee, "80.00", currency=currency)
        await house.hear(statement, house.approved(statement))

    francs, euros = await house.announced(TaxItemsCalculated)
    assert (francs.status, francs.items) == ("blocked", ())
    [reason] = francs.reasons
    assert reason == (
        "tax_parameter_in_other_currency: regime it-forfettario@1 needs stamp.amount, which the "
        "law sets in EUR, and the amounts are in CHF; state the payee in EUR, or make the invoice "
        "outside Premia"
    )
    stamps = [str(item.amount.amount) for item in euros.items if item.code == "stamp"]
    assert (euros.status, stamps) == ("ok", ["2.00"])
    listed = await house.person("auditor").get("/v1/pro-formas", payee_id=payee)
    assert [item["net"]["currency"] for item in listed.json()["items"]] == ["EUR"]
