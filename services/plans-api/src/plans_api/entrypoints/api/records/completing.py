"""From request bodies to content, for the kinds that need nothing looked up."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from plans_api.application.ports import PlansWork
from plans_api.domain.record import Content

C_co = TypeVar("C_co", bound=Content, covariant=True)
C = TypeVar("C", bound=Content)


class HoldsContent(Protocol[C_co]):
    """A body that says all there is to say."""

    def content(self) -> C_co:
        """Return the content."""
        ...


async def as_written(
    _: PlansWork, bodies: Sequence[HoldsContent[C] | Exception]
) -> list[C | Exception]:
    """Return what the bodies say; what could not be read keeps its place."""
    return [body if isinstance(body, Exception) else body.content() for body in bodies]
