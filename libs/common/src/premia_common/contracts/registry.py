"""Every event type there is, by its name on the topic."""

from collections.abc import Iterator
from types import ModuleType

from premia_common.contracts import invoices, orders, plans, statements
from premia_common.contracts.envelope import Event


def _events(module: ModuleType) -> Iterator[type[Event]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Event) and "type" in vars(value):
            yield value


EVENTS: dict[str, type[Event]] = {
    event.type: event
    for module in (plans, orders, statements, invoices)
    for event in _events(module)
}
