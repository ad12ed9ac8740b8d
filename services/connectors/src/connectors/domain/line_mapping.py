"""From a foreign order line to a line of the order fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connectors.domain.fact import Content, StateReached
from connectors.domain.field_mapping import LineMapping
from connectors.domain.mapped_parts import (
    dated_states,
    money_content,
    read_attributes,
    read_roles,
    state_content,
    state_of_status,
)
from connectors.domain.reading import (
    Record,
    optional_date,
    optional_decimal,
    optional_text,
    plain,
    read_money,
    refuse_future,
    required_text,
)
from connectors.domain.refusal import RecordRefused, RefusalCode


@dataclass(frozen=True, slots=True)
class LineReader:
    """Reads the lines of one order."""

    mapping: LineMapping
    payee_system: str
    currency: str
    latest: date
    """The last day that a line may speak of."""
    order_days: Mapping[str, date]
    """When the order reached its states: a line that does not say a day reached its own then."""

    def read(self, line: object, place: str) -> Content:
        """Return a line as it stands in the order's event; what it does not say is left out.

        Raises:
            RecordRefused: naming the line, if it cannot be read.
        """
        if not isinstance(line, Mapping):
            raise RecordRefused(RefusalCode.BAD_TYPE, f"{place} is no object", field=place)
        try:
            return self._read(line)
        except RecordRefused as error:
            refusal = error.refusal
            field = place if refusal.field is None else f"{place}.{refusal.field}"
            detail = f"{place}: {refusal.detail}"
            raise RecordRefused(refusal.code, detail, field=field, value=refusal.value) from error

    def _read(self, line: Record) -> Content:
        names = self.mapping.fields
        quantity = optional_decimal(line, names["quantity"])
        amount = read_money(line, names["amount"], self.currency)
        on = optional_date(line, names["on"])
        if on is not None:
            refuse_future(on, self.latest, names["on"])
        further = {
            "category": optional_text(line, names["category"]),
            "quantity_unit": optional_text(line, names["quantity_unit"]),
            "on": None if on is None else on.isoformat(),
            "states": [state_content(item) for item in self._states(line)],
            "attributes": read_attributes(line, self.mapping.attributes),
        }
        return {
            "line_id": required_text(line, names["line_id"]),
            "product": required_text(line, names["product"]),
            "quantity": plain(Decimal(1) if quantity is None else quantity),
            "amount": money_content(amount),
            **{name: value for name, value in further.items() if value},
            **read_roles(line, self.mapping.roles, self.payee_system),
        }

    def _states(self, line: Record) -> tuple[StateReached, ...]:
        names, states = self.mapping.fields, self.mapping.states
        status = optional_text(line, names["status"])
        dated = dated_states(line, states, self.latest)
        if status is None:
            return dated
        current = state_of_status(status, states, names["status"])
        if any(item.state == current for item in dated):
            return dated
        day = optional_date(line, names["status_on"]) or self.order_days.get(current)
        if day is None:
            raise RecordRefused(
                RefusalCode.MISSING_FIELD,
                f"{names['status']} is {current}; neither line nor order says since when",
                field=names["status_on"] or names["status"],
            )
        refuse_future(day, self.latest, names["status_on"])
        return (*dated, StateReached(current, day))
