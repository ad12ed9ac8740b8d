"""Numbered documents that were left unsent are finished, one bad one notwithstanding."""

from datetime import date
from uuid import UUID

from invoicing.adapters.database.unfinished import unfinished_documents
from invoicing.application.finish_sending import Sending
from invoicing.application.ports import Occasion, RenderedFile
from invoicing.application.send_pro_forma import DocumentVersion, number_pro_formas
from premia_runtime.ids import TimeOrderedIds

new_id = TimeOrderedIds().new


class RendererThatRefuses:
    """Renders everything but the documents of one net."""

    def __init__(self, net: str) -> None:
        self._net = net

    async def render(self, payloads):
        if any(str(payload.tax.net.amount) == self._net for payload in payloads):
            raise RuntimeError("this one cannot be rendered")
        return [b"a pdf"] * len(payloads)


async def keep(tenant_id, content):
    return RenderedFile(f"{tenant_id}/a.pdf", "0" * 64, len(content))


async def test_one_document_that_cannot_be_rendered_does_not_hold_up_the_others(house):
    documents = []
    for amount in ("100.00", "200.00", "300.00"):
        payee = new_id()
        await house.with_profile(payee, tax_regime="RF19")
        documents.append(await house.prepared(payee, amount))
    runtime = house.service.runtime
    occasion = Occasion(runtime.clock.now(), date(2026, 4, 10), new_id(), runtime.ids)
    wanted = [DocumentVersion(UUID(document["id"]), 1) for document in documents]
    async with runtime.open_work(house.tenant) as work:
        data = house.service.app.state.invoicing.data
        await number_pro_formas(work, wanted, by=new_id(), data=data, occasion=occasion)
    left = (await unfinished_documents(runtime.system_database))[house.tenant]
    assert set(left) == {one.id for one in wanted}

    sending = Sending(runtime.open_work, RendererThatRefuses("200.00"), keep)
    failed = await sending.take_up(house.tenant, left, occasion=occasion)

    assert list(failed) == [wanted[1].id]
    statuses = await house.rows("select number, status from documents order by number")
    assert [row["status"] for row in statuses] == ["sent", "prepared", "sent"]
    healed = Sending(runtime.open_work, RendererThatRefuses("none"), keep)
    assert await healed.take_up(house.tenant, left, occasion=occasion) == {}
    assert house.tenant not in await unfinished_documents(runtime.system_database)
