"""SAP: pulls the approved invoices, books them, acknowledges."""

import asyncio
from datetime import date

from premia_cli.demo.documents import documents_of
from premia_cli.demo.job import PATIENCE_SECONDS, Job, wait_for
from premia_cli.demo.step import Outcome, verify
from premia_doubles.sap import Posting, SapReader


async def let_sap_pull(job: Job, month: str) -> Outcome:
    """Pull until every approved invoice of the month is in SAP's books, once."""
    connectors = await job.api("sap", "connectors")
    token = await job.token("sap")
    posted_on = date.fromisoformat(f"{month}-28")
    approved = [row for row in await documents_of(job, month) if row["status"] == "approved"]
    expected = len(approved)
    before = len(job.books.postings)
    booked: list[Posting] = []

    def pull() -> list[Posting]:
        reader = SapReader(
            connectors.address(""), token, job.books, patience_seconds=PATIENCE_SECONDS
        )
        return list(reader.pull(posted_on))

    async def arrived() -> bool:
        booked.extend(await asyncio.to_thread(pull))
        job.reporter.progress(f"{len(booked)} of {expected} invoices pulled")
        return len(booked) >= expected

    await wait_for(arrived, f"SAP pulling {expected} invoices", every=0.3)
    verify(len(booked) == expected, f"SAP pulled {len(booked)} invoices instead of {expected}")
    verify(len(job.books.postings) == before + expected, "SAP booked an invoice twice")

    async def posted() -> bool:
        done = [row for row in await documents_of(job, month) if row["status"] == "posted"]
        return len(done) >= expected

    await wait_for(posted, "marking the invoices as posted")
    total = sum(posting.gross for posting in booked)
    return Outcome(
        f"{expected} invoices in SAP's books ({', '.join(row.document for row in booked)}), "
        f"{total:,} EUR with VAT, each acknowledged",
        connectors.address("/odata/v2/ICM_INVOICE_SRV/ApprovedInvoices"),
    )
