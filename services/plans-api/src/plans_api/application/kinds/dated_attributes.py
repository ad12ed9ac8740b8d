"""Dated attributes as they travel."""

from collections.abc import Iterable

from plans_api.domain.dated_attribute import DatedAttribute
from premia_common.contracts import fields as contracts


def attributes_out(attributes: Iterable[DatedAttribute]) -> tuple[contracts.DatedAttribute, ...]:
    """Return attributes as parts of an event."""
    return tuple(
        contracts.DatedAttribute(
            name=item.name,
            type=item.type,
            value=item.value,
            unit=item.unit,
            valid_from=item.window.start,
            valid_to=item.window.end,
        )
        for item in attributes
    )
