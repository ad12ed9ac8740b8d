"""Fiscal profiles, pro-formas, acceptances, invoices: the job inside invoicing."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from premia_cli.api import Refused
from premia_cli.demo.job import Job, send_batch, wait_for
from premia_cli.demo.step import NotVerified, Outcome, verify
from premia_doubles.sample.people import PayeeRecord

PROFILES_FROM = "2024-01-01"
PARTNERS = ("partner-a", "partner-b")


async def keep_fiscal_profiles(job: Job) -> Outcome:
    """Let the analyst record every payee's profile, and the approver approve them."""
    clerk = await job.api("analyst", "invoicing")
    approver = await job.api("approver", "invoicing")
    profiles = [_profile(job, row) for row in job.sample.payees]
    made = await send_batch(clerk, "/v1/fiscal-profiles:batch", profiles)
    waiting = [
        {"profile_id": item["profile_id"], "version": item["version"]}
        for item in made
        if item["result"] == "created"
    ]
    await _refuses_its_maker(clerk, waiting[0])
    await send_batch(approver, "/v1/fiscal-profiles:approve", waiting)
    return Outcome(
        f"{len(made)} fiscal profiles recorded by the analyst, approved by the approver",
        approver.address("/v1/fiscal-profiles"),
    )


async def _refuses_its_maker(clerk: Any, profile: dict[str, Any]) -> None:
    try:
        await clerk.post(
            f"/v1/fiscal-profiles/{profile['profile_id']}/approve", version=profile["version"]
        )
    except Refused as refused:
        verify(refused.status == 403, f"the maker's approval was answered {refused.status}")
        return
    raise NotVerified("the maker could approve a fiscal profile")


def _profile(job: Job, row: PayeeRecord) -> dict[str, object]:
    fiscal = row["fiscal"]
    return {
        "payee_id": str(job.known.payees[row["code"]]),
        "valid_from": PROFILES_FROM,
        "role": fiscal["role"],
        "legal_form": fiscal["legal_form"],
        "residence": "IT",
        "tax_regime": fiscal["regime"],
        "mandate_kind": "multi_firm" if len(row["principals"]) > 1 else "single_firm",
        "legal_name": row["name"],
        "vat_number": fiscal["vat_number"],
        "tax_code": fiscal["codice_fiscale"],
        "employees_declared": fiscal["has_employees"],
        "iban": fiscal["iban"],
        "language": "it",
        "supplier_number": fiscal["supplier_number"],
        "address": {
            "street": fiscal["street"],
            "postal_code": fiscal["postal_code"],
            "city": fiscal["city"],
            "province": fiscal["province"],
            "country": "IT",
        },
    }


async def documents_of(
    job: Job, month: str, status: str | None = None, name: str = "analyst"
) -> list[dict[str, Any]]:
    """Return the documents of a month as an identity sees them."""
    api = await job.api(name, "invoicing")
    return [item async for item in api.items("/v1/pro-formas", period=month, status=status)]


async def send_pro_formas(job: Job, month: str) -> Outcome:
    """Send every prepared pro-forma of a month; each gets its number and its PDF."""
    clerk = await job.api("analyst", "invoicing")
    payable = [row for row in job.known.statements[month] if Decimal(row["payable"]["amount"]) > 0]

    async def prepared() -> bool:
        found = len(await documents_of(job, month))
        job.reporter.progress(f"{found} of {len(payable)} pro-formas prepared")
        return found == len(payable)

    await wait_for(prepared, f"preparing {len(payable)} pro-formas of {month}", every=0.3)
    waiting = await documents_of(job, month, "prepared")
    for start in range(0, len(waiting), 50):
        await send_batch(
            clerk,
            "/v1/pro-formas:send",
            [{"id": row["id"], "version": row["version"]} for row in waiting[start : start + 50]],
        )
        job.reporter.progress(f"{min(start + 50, len(waiting))} of {len(waiting)} numbered")

    async def rendered() -> bool:
        done = len([row for row in await documents_of(job, month) if row["status"] == "sent"])
        job.reporter.progress(f"{done} of {len(waiting)} sent as PDF")
        return done == len(waiting)

    await wait_for(rendered, f"sending the pro-formas of {month}", every=0.5, seconds=120)
    sent = await documents_of(job, month, "sent")
    _verify_numbers(job, sent)
    return Outcome(
        f"{len(sent)} pro-formas sent, numbered without a gap",
        clerk.address(f"/v1/pro-formas/{sent[0]['id']}/pdf") if sent else None,
    )


def _verify_numbers(job: Job, sent: list[dict[str, Any]]) -> None:
    by_principal: dict[str, list[int]] = {}
    for row in sent:
        by_principal.setdefault(row["principal_id"], []).append(int(row["number"][-6:]))
    for principal, code in ((str(value), key) for key, value in job.known.principals.items()):
        numbers = sorted(by_principal.get(principal, []))
        first = numbers[0] if numbers else 1
        verify(
            numbers == list(range(first, first + len(numbers))),
            f"the pro-forma numbers of principal {code} have a gap or a double",
        )


async def accept_as_partners(job: Job, month: str) -> Outcome:
    """Let both partners look at their own pro-formas and accept them, with their own tokens."""
    accepted: list[str] = []
    for name in PARTNERS:
        partner = await job.api(name, "invoicing")
        own = await documents_of(job, month, name=name)
        payee = job.known.payees[_code_of(job, name)]
        verify(bool(own), f"{name} sees no pro-forma of its own")
        verify({row["payee_id"] for row in own} == {str(payee)}, f"{name} sees others' pro-formas")
        for row in own:
            pdf = await partner.call("GET", f"/v1/pro-formas/{row['id']}/pdf")
            verify(pdf.content.startswith(b"%PDF"), f"the PDF of {row['number']} is no PDF")
            answer = await partner.post(
                f"/v1/pro-formas/{row['id']}/accept", version=row["version"]
            )
            verify(answer["status"] == "accepted", f"{row['number']} is {answer['status']}")
            accepted.append(row["number"])
    await _refuses_strangers(job, month)
    return Outcome(
        f"{len(accepted)} pro-formas accepted by their own payees: {', '.join(accepted)}; "
        "a stranger's is 404"
    )


def _code_of(job: Job, name: str) -> str:
    return job.sample.partner_a if name == "partner-a" else job.sample.partner_b


def partner_payees(job: Job) -> dict[str, UUID]:
    """Return which payee each partner is."""
    return {name: job.known.payees[_code_of(job, name)] for name in PARTNERS}


async def _refuses_strangers(job: Job, month: str) -> None:
    stranger = await job.api("partner-a", "invoicing")
    others = await documents_of(job, month, name="partner-b")
    for path in (f"/v1/pro-formas/{others[0]['id']}", f"/v1/pro-formas/{others[0]['id']}/pdf"):
        try:
            await stranger.call("GET", path)
        except Refused as refused:
            verify(refused.status == 404, f"{path} of another payee answered {refused.status}")
        else:
            raise NotVerified(f"partner-a can read {path} of another payee")


async def approve_invoices(job: Job, month: str) -> Outcome:
    """Let the approver approve what was accepted; the sender may not."""
    approver = await job.api("approver", "invoicing")
    waiting = [row async for row in approver.items("/v1/invoices", period=month, status="accepted")]
    verify(bool(waiting), f"no accepted pro-forma of {month} waits for approval")
    await send_batch(
        approver,
        "/v1/invoices:approve",
        [{"id": row["id"], "version": row["version"]} for row in waiting],
    )
    return Outcome(
        f"{len(waiting)} invoices approved by a second person", approver.address("/v1/invoices")
    )
