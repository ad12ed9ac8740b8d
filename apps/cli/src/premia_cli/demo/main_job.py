"""The whole demo: a utility's month from nothing, the month after, and a second tenant."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

from premia_cli.demo import (
    asking,
    calculation,
    checking,
    desk,
    documents,
    explaining,
    intake,
    later_months,
    publishing,
    seed,
    shipping,
)
from premia_cli.demo.figures import figures_of, write_figures
from premia_cli.demo.identities import ROLES, SECOND_TENANT, UTILITY_TENANT
from premia_cli.demo.job import Job
from premia_cli.demo.second_tenant import nothing_crossed
from premia_cli.demo.step import Outcome, Reporter, Silent, Step, run_step
from premia_doubles.sample.files import write
from premia_doubles.sample.plans import AGENCY_PLAN, INSTALLER_PLAN
from premia_doubles.sample.shape import (
    AGENCY_PRINCIPAL,
    NEXT_MONTH,
    PLANS_FROM,
    RUN_MONTH,
    SMALL,
    UTILITY,
    Shape,
)
from premia_doubles.sample.tenant import generate
from premia_runtime.http import HttpClient
from premia_runtime.local.supervisor import Supervisor

UTILITY_SEED, SECOND_SEED = 2026, 7
HISTORY = Shape(
    area_managers=1,
    agencies=6,
    sub_agents=6,
    installers=0,
    with_both_principals=0,
    orders=700,
    pushed=50,
    first_day=date(2025, 1, 1),
    last_day=date(2026, 2, 28),
)
"""The second tenant: small, and under one plan for the 14 months that a back-test looks at."""
UTILITY_ORGANISATION = "00D5g000004XyZAEA0"
SECOND_ORGANISATION = "00D5g000005AbCEAA0"

Before = Callable[[str], Awaitable[None]]
"""Told the title of each step before it runs."""


def make_job(
    platform: Supervisor,
    http: HttpClient,
    reporter: Reporter,
    *,
    tenant: UUID,
    seed_number: int,
    shape: Shape,
    organisation_id: str,
    plans_from: date = PLANS_FROM,
) -> Job:
    """Return the job of a tenant with a fresh sample; its staff can log in."""
    job = Job(
        platform=platform,
        http=http,
        tenant=tenant,
        sample=generate(seed_number, shape),
        reporter=reporter,
        agency_plan=AGENCY_PLAN,
        installer_plan=INSTALLER_PLAN if shape.has_second_principal else None,
        organisation_id=organisation_id,
        plans_from=plans_from,
    )
    job.register(*(name for name in ROLES if name not in documents.PARTNERS))
    return job


def preparation(job: Job) -> list[Step]:
    """Return the steps up to the first run."""
    do = partial
    return [
        Step("sources", do(intake.create_sources, job), "connectors"),
        Step("files handed in", do(intake.hand_in_files, job), "connectors"),
        Step("orders pushed", do(intake.push_orders, job, job.sample.pushed), "connectors"),
        Step("master data", do(seed.seed_master_data, job), "plans-api"),
        Step("plans published by two people", do(publishing.publish_plans, job), "plans-api"),
        Step("fiscal profiles", do(documents.keep_fiscal_profiles, job), "invoicing"),
        Step("partners log in", do(let_partners_log_in, job), "issuer"),
        Step("files taken", do(intake.see_files_taken, job), "connectors"),
        Step("master data arrived", do(intake.wait_for_master_data, job), "calc-engine"),
        Step("watermarks", do(intake.announce_watermarks, job), "calc-engine"),
    ]


def month_of_pay(job: Job, month: str) -> list[Step]:
    """Return the steps from a run to SAP's acknowledgement and the close of the month."""
    do = partial
    return [
        Step(f"run of {month}", do(calculation.run_month, job, month), "calc-worker"),
        Step(f"{month} in review", do(calculation.submit_run, job, month), "calc-engine"),
        Step(f"{month} approved", do(calculation.approve_statements, job, month), "calc-engine"),
        Step(
            f"partners look at {month}", do(explaining.let_partners_look, job, month), "calc-engine"
        ),
        Step(f"pro-formas of {month}", do(documents.send_pro_formas, job, month), "invoicing"),
        Step(f"partners accept {month}", do(documents.accept_as_partners, job, month), "invoicing"),
        Step(f"invoices of {month}", do(documents.approve_invoices, job, month), "invoicing"),
        Step(f"SAP books {month}", do(shipping.let_sap_pull, job, month), "connectors"),
    ]


def aftermath(job: Job) -> list[Step]:
    """Return the steps of the late cancellation and the month that restates it."""
    do = partial
    late = [job.sample.late_cancellation]
    shown = job.sample.late_cancellation["Company_Code__c"]
    return [
        Step(f"{RUN_MONTH} closed", do(calculation.close_period, job, RUN_MONTH), "calc-engine"),
        Step("late cancellation pushed", do(intake.push_orders, job, late), "connectors"),
        Step(
            "bills of the next month",
            do(intake.send_bills, job, job.sample.later_bills),
            "connectors",
        ),
        Step("later watermarks", do(intake.announce_watermarks, job), "calc-engine"),
        Step(f"run of {NEXT_MONTH}", do(calculation.run_month, job, NEXT_MONTH), "calc-worker"),
        Step(
            "restatement",
            do(explaining.show_restatement, job, NEXT_MONTH, RUN_MONTH, shown),
            "calc-engine",
        ),
        Step(
            "one amount in words",
            do(explaining.explain_one_amount, job, RUN_MONTH, AGENCY_PRINCIPAL),
            "calc-engine",
        ),
        Step("replay", do(calculation.replay_run, job, RUN_MONTH), "calc-worker"),
    ]


def second_tenant(job: Job) -> list[Step]:
    """Return the steps of a small tenant with a long history: its month and what follows."""
    do = partial
    since = f"{HISTORY.first_day:%Y-%m}"
    return [
        Step("a second tenant's month", do(_small_month, job), "calc-engine"),
        Step("what if", do(asking.ask_about_one_order, job, RUN_MONTH), "calc-worker"),
        Step(
            "back-test of changed rates",
            do(asking.back_test_changed_rates, job, since, RUN_MONTH),
            "calc-worker",
        ),
        Step("exception desk", do(desk.settle_exception, job, RUN_MONTH), "calc-worker"),
        Step(
            "storno two months after payment",
            do(later_months.take_back_after_two_months, job),
            "calc-worker",
        ),
    ]


async def let_partners_log_in(job: Job) -> Outcome:
    """Register both partners at the issuer, each with the payee it is."""
    payees = documents.partner_payees(job)
    job.register(*documents.PARTNERS, payee_ids=payees)
    return Outcome(f"{len(ROLES)} identities, {len(ROLES)} tokens; nobody has two roles of a pair")


async def run_steps(
    job: Job, steps: Sequence[Step], reporter: Reporter, *, before: Before | None = None
) -> None:
    """Run steps in order.

    Raises:
        StepFailed: at the first that cannot be done or verified.
    """
    for step in steps:
        if before is not None:
            await before(step.title)
        await run_step(step, reporter, job.platform.log_path)


async def run_beside(job: Job, ways: Sequence[Sequence[Step]], reporter: Reporter) -> None:
    """Run several rows of steps at the same time, the steps of each one after the other.

    Raises:
        StepFailed: at the first that cannot be done or verified; the others are given up.
    """
    running = [asyncio.create_task(run_steps(job, steps, reporter)) for steps in ways]
    try:
        await asyncio.gather(*running)
    finally:
        for task in running:
            task.cancel()


def first_month(job: Job) -> list[Step]:
    """Return the job from nothing to SAP's acknowledgement of the first month."""
    opening = Step(
        "first month opened", partial(calculation.open_period, job, RUN_MONTH), "calc-engine"
    )
    return [*preparation(job), opening, *month_of_pay(job, RUN_MONTH)]


async def run_job(
    platform: Supervisor,
    http: HttpClient,
    *,
    tenant: UUID,
    seed_number: int = SECOND_SEED,
    shape: Shape = SMALL,
    reporter: Reporter | None = None,
    before: Before | None = None,
) -> Job:
    """Run a tenant's first month whole and return it; small enough to be repeated.

    Raises:
        StepFailed: at the first step that cannot be done or verified.
    """
    told = reporter or Silent()
    job = make_job(
        platform,
        http,
        told,
        tenant=tenant,
        seed_number=seed_number,
        shape=shape,
        organisation_id=SECOND_ORGANISATION,
    )
    await run_steps(job, first_month(job), told, before=before)
    return job


async def demonstrate(platform: Supervisor, reporter: Reporter, *, figures: Path | None) -> str:
    """Run the whole demo and return its counts and totals in one line.

    Raises:
        StepFailed: at the first step that cannot be done or verified.
    """
    http = HttpClient(timeout_seconds=120)
    try:
        job = make_job(
            platform,
            http,
            reporter,
            tenant=UTILITY_TENANT,
            seed_number=UTILITY_SEED,
            shape=UTILITY,
            organisation_id=UTILITY_ORGANISATION,
        )
        if figures is not None:
            write(job.sample, figures / "sample")
        mistyped = Step(
            "a plan with a mistake", partial(checking.check_mistyped_plan, job), "plans-api"
        )
        await run_steps(job, [mistyped, *first_month(job)], reporter)
        second = make_job(
            platform,
            http,
            Silent(),
            tenant=SECOND_TENANT,
            seed_number=SECOND_SEED,
            shape=HISTORY,
            organisation_id=SECOND_ORGANISATION,
            plans_from=HISTORY.first_day,
        )
        await run_beside(job, [aftermath(job), second_tenant(second)], reporter)
        apart = Step("tenants apart", partial(nothing_crossed, job, second), "calc-engine")
        await run_steps(job, [apart], reporter)
        if figures is not None:
            write_figures(await figures_of(job, (RUN_MONTH, NEXT_MONTH)), figures / "results.json")
        return _summary(job)
    finally:
        await http.close()


async def _small_month(job: Job) -> Outcome:
    await run_steps(job, first_month(job), Silent())
    orders = len(job.sample.pushed) + len(job.sample.filed)
    return Outcome(
        f"{orders} orders with the same numbers, own people, own plan: "
        f"{len(job.known.statements[RUN_MONTH])} statements, "
        f"payable {job.known.shown[f'payable {RUN_MONTH}']}, "
        f"{len(job.books.postings)} invoices in its SAP"
    )


def _summary(job: Job) -> str:
    orders = len(job.sample.pushed) + len(job.sample.filed)
    return (
        f"{orders:,} orders, {len(job.known.payees)} payees, "
        f"{len(job.known.statements[RUN_MONTH])} statements, "
        f"payable {job.known.shown[f'payable {RUN_MONTH}']}, "
        f"{len(job.books.postings)} invoices posted for {job.books.total:,} EUR, "
        f"restated by {job.known.shown['restated']}"
    )
