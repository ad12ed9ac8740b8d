"""Reactions to events from the topic."""

from collections.abc import Sequence
from typing import Any

from plans_api.application.note_sightings import note_attribute, note_status
from plans_api.application.ports import PlansWork
from premia_common.contracts.orders import OrderAttributeDeclared, OrderStatusUnmapped
from premia_runtime.consumer import Reaction, ReactionContext

CONSUMER = "plans-api"


async def on_attribute_declared(
    event: OrderAttributeDeclared, work: PlansWork, context: ReactionContext
) -> None:
    """Keep what a source says of an attribute."""
    await note_attribute(work, event, now=context.now)


async def on_status_unmapped(
    event: OrderStatusUnmapped, work: PlansWork, _: ReactionContext
) -> None:
    """Keep a status that no mapping knows."""
    await note_status(work, event)


REACTIONS: Sequence[Reaction[Any]] = (
    Reaction(OrderAttributeDeclared, on_attribute_declared),
    Reaction(OrderStatusUnmapped, on_status_unmapped),
)
