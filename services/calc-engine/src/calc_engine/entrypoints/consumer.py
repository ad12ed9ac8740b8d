"""Reactions to events from the topic."""

from collections.abc import Awaitable, Callable
from typing import Any

from calc_engine.application.file_ports import BatchFiles
from calc_engine.application.load_batch import load_batch
from calc_engine.application.ports import CalcWork
from calc_engine.application.record_facts import record_fact
from calc_engine.application.record_tax import record_tax
from calc_engine.domain.statement import StatementNotFound
from premia_common.contracts.envelope import Event, FactEvent
from premia_common.contracts.invoices import TaxItemsCalculated
from premia_common.contracts.orders import FactBatchLanded
from premia_common.contracts.registry import EVENTS
from premia_runtime.consumer import Later, Reaction, ReactionContext

CONSUMER = "calc-engine"

Handle = Callable[[Any, Any, ReactionContext], Awaitable[None]]


async def on_fact(event: FactEvent, work: CalcWork, _: ReactionContext) -> None:
    """Store a fact; the same one again, under another event id, changes nothing."""
    await record_fact(work, event)


def on_batch(files: BatchFiles) -> Handle:
    """Return the reaction that loads a file of facts."""

    async def load(event: FactBatchLanded, work: CalcWork, context: ReactionContext) -> None:
        await load_batch(work, event, files=files, now=context.now, ids=context.ids)

    return load


async def on_tax(event: TaxItemsCalculated, work: CalcWork, _: ReactionContext) -> None:
    """Keep invoicing's answer; it waits if the statement is not here yet."""
    try:
        await record_tax(work, event)
    except StatementNotFound as error:
        raise Later(str(error)) from error


def reactions(files: BatchFiles) -> tuple[Reaction[Any], ...]:
    """Return what calc-engine does with each event it reads."""
    facts = [
        event
        for event in EVENTS.values()
        if issubclass(event, FactEvent) and event.publisher != "calc-engine"
    ]
    handlers: list[tuple[type[Event], Handle]] = [
        *((event, on_fact) for event in facts),
        (FactBatchLanded, on_batch(files)),
        (TaxItemsCalculated, on_tax),
    ]
    return tuple(Reaction(event, handle) for event, handle in handlers)
