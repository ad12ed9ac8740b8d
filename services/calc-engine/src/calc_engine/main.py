"""The one place where calc-engine's ports meet their adapters."""

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from calc_engine.adapters.database.job_queue import PostgresJobs
from calc_engine.adapters.database.unit_of_work import CalcWork, OpenCalcWork
from calc_engine.adapters.database.waiting_standings import PostgresWaitingStandings
from calc_engine.adapters.files.batch_files import HandoverBatches
from calc_engine.adapters.files.lineage_reader import ParquetLineage
from calc_engine.adapters.files.run_files import ParquetRunFiles
from calc_engine.adapters.files.simulation_files import StoredSimulations
from calc_engine.adapters.files.stated_amounts import ParquetStatedAmounts
from calc_engine.adapters.files.stated_lines import ParquetStatedLines
from calc_engine.adapters.files.unpaid_lines import ParquetUnpaidLines
from calc_engine.application.ports import Engines
from calc_engine.domain.validation import Thresholds
from calc_engine.engine.choice import EngineChoice
from calc_engine.engine.cluster import Cluster
from calc_engine.engine.duck import Room
from calc_engine.entrypoints.api import (
    accruals,
    adjustments,
    approvals,
    back_tests,
    draft_statements,
    exceptions,
    explanations,
    lookups,
    orders,
    periods,
    proposed_loads,
    records,
    run_differences,
    run_events,
    run_lines,
    runs,
    simulations,
    statements,
)
from calc_engine.entrypoints.api.dependencies import Ports
from calc_engine.entrypoints.api.problems import PROBLEMS
from calc_engine.entrypoints.calculation_job import CalculationJobs
from calc_engine.entrypoints.consumer import CONSUMER, reactions
from calc_engine.entrypoints.renewals import Renewals
from calc_engine.entrypoints.simulation_job import SimulationJobs
from calc_engine.entrypoints.worker import Worker
from calc_engine.settings import Settings
from premia_runtime.auth import KeySource
from premia_runtime.bus import Bus
from premia_runtime.clock import Clock
from premia_runtime.consumer import Consumer
from premia_runtime.dead_letters import dead_letter_router
from premia_runtime.ids import Ids
from premia_runtime.operations import missing_events, operations_router
from premia_runtime.relay import OutboxRelay
from premia_runtime.runtime import Runtime
from premia_runtime.web import ServiceInfo
from premia_runtime.web import create_app as create_service_app
from premia_runtime.wiring import open_runtime

INFO = ServiceInfo(
    name="calc-engine",
    title="Premia calculation",
    description="Facts in, statements out: runs that replay from their manifest, statement "
    "revisions that a second person approves, payees' ledgers, and the reason for every cent.",
)

WORKER_INFO = ServiceInfo(
    name=f"{INFO.name}-worker",
    title="Premia calculation worker",
    description="Calculates the runs that calc-engine queued, one at a time.",
)


def open_calc_runtime(
    settings: Settings,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    bus: Bus | None = None,
    keys: KeySource | None = None,
) -> Runtime[CalcWork]:
    """Return calc-engine's ports, on the real adapters or on those given instead."""
    return open_runtime(
        settings, CalcWork, name=INFO.name, clock=clock, ids=ids, bus=bus, keys=keys
    )


def create_consumer(runtime: Runtime[CalcWork]) -> Consumer[CalcWork]:
    """Return the reader of the topic."""
    return Consumer(
        CONSUMER,
        bus=runtime.bus,
        open_work=runtime.open_work,
        store=runtime.store,
        reactions=reactions(HandoverBatches(runtime.store)),
        clock=runtime.clock,
        ids=runtime.ids,
    )


def create_worker(
    settings: Settings, runtime: Runtime[CalcWork], *, engines: Engines | None = None
) -> Worker:
    """Return the worker that calculates runs, with the engines of the settings or others."""
    chosen = engines or _engines(settings)
    transactions, files = OpenCalcWork(runtime.open_work), ParquetRunFiles(runtime.store)
    simulation_jobs = SimulationJobs(
        open_work=runtime.open_work,
        transactions=transactions,
        segments=files,
        files=StoredSimulations(runtime.store),
        engines=chosen,
        clock=runtime.clock,
    )
    jobs = CalculationJobs(
        open_work=runtime.open_work,
        transactions=transactions,
        files=files,
        engines=chosen,
        clock=runtime.clock,
        thresholds=Thresholds(settings.unusual_ratio, settings.unusual_amount),
        missing_events=partial(missing_events, runtime.system_database, CONSUMER),
        simulations=simulation_jobs,
    )
    return Worker(PostgresJobs(runtime.system_database), jobs, runtime.clock)


def create_renewals(settings: Settings, runtime: Runtime[CalcWork]) -> Renewals:
    """Return what keeps standings up to the facts that arrive."""
    return Renewals(
        PostgresWaitingStandings(runtime.system_database),
        open_work=OpenCalcWork(runtime.open_work),
        files=ParquetRunFiles(runtime.store),
        engines=_engines(settings),
        ids=runtime.ids,
        clock=runtime.clock,
    )


def _engines(settings: Settings) -> EngineChoice:
    room = Room(settings.calculation_threads, settings.calculation_memory_mb, settings.spill_dir)
    cluster = None
    if settings.spark_connect_url is not None and settings.spark_exchange_dir is not None:
        cluster = Cluster(
            settings.spark_connect_url, settings.spark_exchange_dir, settings.spark_from_orders
        )
    return EngineChoice(settings.sets_from_orders, room, cluster)


def create_worker_app(settings: Settings) -> FastAPI:
    """Return the worker as an application that has only the health and metrics routes."""
    runtime = open_calc_runtime(settings)
    worker = create_worker(settings, runtime)
    return create_service_app(
        WORKER_INFO,
        runtime=runtime,
        routers=[],
        problems=PROBLEMS,
        background={"worker": worker.run},
    )


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    bus: Bus | None = None,
    keys: KeySource | None = None,
) -> FastAPI:
    """Return the application, on the real adapters or on those given instead."""
    runtime = open_calc_runtime(settings, clock=clock, ids=ids, bus=bus, keys=keys)
    consumer = create_consumer(runtime)
    renewals = create_renewals(settings, runtime)
    relay = OutboxRelay(runtime.system_database, runtime.bus)
    app = create_service_app(
        INFO,
        runtime=runtime,
        routers=[
            periods.router,
            runs.router,
            run_events.router,
            run_lines.router,
            run_differences.router,
            simulations.router,
            orders.router,
            back_tests.router,
            statements.router,
            draft_statements.router,
            approvals.router,
            explanations.router,
            exceptions.router,
            lookups.router,
            accruals.router,
            adjustments.router,
            proposed_loads.router,
            records.router,
            dead_letter_router(consumer, service=INFO.name),
            operations_router(relay, service=INFO.name),
        ],
        problems=PROBLEMS,
        background={"relay": relay.run, "consumer": consumer.run, "standings": renewals.run},
    )
    app.state.ports = Ports(
        engines=_engines(settings),
        files=ParquetRunFiles(runtime.store),
        lineage=ParquetLineage(runtime.store),
        unpaid_lines=ParquetUnpaidLines(runtime.store),
        stated_lines=ParquetStatedLines(runtime.store),
        stated_amounts=ParquetStatedAmounts(runtime.store),
        time_zone=ZoneInfo(settings.time_zone),
        simulations=StoredSimulations(runtime.store),
        simulations_kept=timedelta(days=settings.simulation_days),
        approvals_at_once=settings.approvals_at_once,
    )
    return app
