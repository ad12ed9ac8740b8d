"""Master data: everything plans-api keeps, sent in bulk with the designer's token."""

from uuid import UUID

from premia_cli.demo.job import Job, send_batch
from premia_cli.demo.step import Outcome
from premia_doubles.sample.people import SINCE, PayeeRecord
from premia_doubles.sample.shape import AGENCY_PRINCIPAL, INSTALLER_PRINCIPAL
from premia_doubles.sample.trees import TreeNode, categories, territories

HIERARCHY = "sales"
COMPANIES = {
    AGENCY_PRINCIPAL: ("Luce Chiara S.p.A.", "IT01234567897"),
    INSTALLER_PRINCIPAL: ("Luce Chiara Impianti S.r.l.", "IT02345678905"),
}


async def seed_master_data(job: Job) -> Outcome:
    """Send principals, trees, payees, mandates, positions and targets."""
    api = await job.api("designer", "plans-api")
    known, sample = job.known, job.sample
    codes = [AGENCY_PRINCIPAL]
    if sample.shape.has_second_principal:
        codes.append(INSTALLER_PRINCIPAL)
    principals = await send_batch(api, "/v1/principals:batch", [_principal(code) for code in codes])
    known.principals = {
        code: UUID(result["id"]) for code, result in zip(codes, principals, strict=True)
    }
    await send_batch(api, "/v1/territories:batch", [_place(node) for node in territories()])
    await send_batch(api, "/v1/product-categories:batch", [_place(node) for node in categories()])
    payees = await send_batch(api, "/v1/payees:batch", [payee_body(row) for row in sample.payees])
    known.payees = {
        row["code"]: UUID(result["id"]) for row, result in zip(sample.payees, payees, strict=True)
    }
    pairs = [(row["code"], code) for row in sample.payees for code in row["principals"]]
    mandates = await send_batch(
        api,
        "/v1/mandates:batch",
        [
            {
                "principal_id": str(known.principals[principal]),
                "payee_id": str(known.payees[payee]),
                "valid_from": SINCE.isoformat(),
            }
            for payee, principal in pairs
        ],
    )
    known.mandates = {
        pair: UUID(result["id"]) for pair, result in zip(pairs, mandates, strict=True)
    }
    await send_batch(api, "/v1/positions:batch", [_position(job, row) for row in sample.payees])
    await send_batch(api, "/v1/targets:batch", _targets(job))
    return Outcome(
        f"{len(codes)} principals, {len(payees)} payees, {len(mandates)} mandates, "
        f"{len(territories())} territories, {len(categories())} product categories, "
        f"{len(sample.targets)} monthly targets",
        api.address("/v1/payees"),
    )


def _principal(code: str) -> dict[str, object]:
    name, vat_number = COMPANIES[code]
    return {
        "code": code,
        "name": name,
        "country": "IT",
        "currency": "EUR",
        "vat_number": vat_number,
    }


def _place(node: TreeNode) -> dict[str, object]:
    label = {"it": node.name, "en": node.name}
    return {"code": node.code, "parent": node.parent, "label": label}


def payee_body(row: PayeeRecord) -> dict[str, object]:
    """Return a payee as plans-api takes it."""
    return {
        "code": row["code"],
        "name": row["name"],
        "kind": row["kind"],
        "language": "it",
        "attributes": {"channel": row["channel"]},
        "external_ids": [
            {"system": "salesforce", **known_as} for known_as in row["salesforce_codes"]
        ],
        "valid_from": SINCE.isoformat(),
    }


def _position(job: Job, row: PayeeRecord) -> dict[str, object]:
    return {
        "hierarchy": HIERARCHY,
        "code": f"POS-{row['code']}",
        "holdings": [
            {"payee_id": str(job.known.payees[row["code"]]), "valid_from": SINCE.isoformat()}
        ],
        "reporting_lines": [
            {
                "reports_to": f"POS-{line['superior']}",
                "valid_from": line["valid_from"],
                "valid_to": line["valid_to"],
            }
            for line in row["superiors"]
        ],
    }


def _targets(job: Job) -> list[dict[str, object]]:
    by_payee: dict[tuple[str, str], list[dict[str, object]]] = {}
    for target in job.sample.targets:
        amount = {"amount": target["amount"], "currency": "EUR"}
        by_payee.setdefault((target["payee"], target["name"]), []).append(
            {"month": target["month"], "amount": amount}
        )
    return [
        {"payee_id": str(job.known.payees[payee]), "name": name, "values": values}
        for (payee, name), values in by_payee.items()
    ]
