"""Dated, typed attributes of payees and positions on the wire."""

from collections.abc import Iterable, Sequence

from pydantic import Field

from plans_api.domain.dated_attribute import AttributeType, DatedAttribute
from plans_api.entrypoints.api.fields import Code, Dated, DatedOut, Name, Word

MOST = 500


class DatedAttributeIn(Dated):
    """A typed value and the days on which it holds."""

    name: Word
    type: AttributeType
    value: Name = Field(
        description="A plain decimal, a ratio for a percentage (0.8 is 80 %), an ISO date, true or "
        "false, or text.",
        examples=["45000.00"],
    )
    unit: Code | None = Field(
        default=None, description="The currency of money; what a count counts.", examples=["EUR"]
    )

    def content(self) -> DatedAttribute:
        """Return the content."""
        return DatedAttribute(self.name, self.type, self.value, self.unit, self.window())


class DatedAttributeOut(DatedOut):
    """A typed value and the days on which it holds."""

    name: str
    type: AttributeType
    value: str
    unit: str | None


def contents(bodies: Iterable[DatedAttributeIn]) -> tuple[DatedAttribute, ...]:
    """Return what the bodies say."""
    return tuple(body.content() for body in bodies)


def written(attributes: Sequence[DatedAttribute]) -> list[DatedAttributeOut]:
    """Write attributes."""
    return [
        DatedAttributeOut(
            name=item.name,
            type=item.type,
            value=item.value,
            unit=item.unit,
            valid_from=item.window.start,
            valid_to=item.window.end,
        )
        for item in attributes
    ]
