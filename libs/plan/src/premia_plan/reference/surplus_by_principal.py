"""Pay that holds what was carried on, owed by those whose orders made it, in whatever period."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias
from uuid import UUID

from premia_plan.checked import CellComponent
from premia_plan.quantities import Unit
from premia_plan.reference.book import Book
from premia_plan.reference.by_principal import ByPrincipal
from premia_plan.reference.cell import restated
from premia_plan.reference.figure import Figure
from premia_plan.reference.spread import Part
from premia_plan.reference.subject import payee_of

Cell: TypeAlias = tuple[str, str, str]
"""A subject, a period, and the month at whose end it is looked at."""
_Principals: TypeAlias = Callable[[str, str], Sequence[str]]


def keyed(parts: Mapping[str, Part], principals: Sequence[str]) -> Mapping[str, Part]:
    """Return parts of a period's pay under keys that all counts of the period have for them.

    Whether something was carried in, and from whom, can be another thing in a later count; who
    owes what the period gives by itself, in `principals`, cannot. The only one who does has the
    key "", alone or beside others, and everybody else a key with the name.
    """
    own = principals[0] if len(principals) == 1 else None
    return {"" if name == own else f"/{name}": part for name, part in parts.items()}


class _Carrying(Protocol):
    """What a component's caps carry from period to period."""

    def joined(self, subject: str, period: str, as_of: str) -> tuple[Figure, Figure, str] | None:
        """Return what a period gives by itself, what was carried to it, and from which period."""

    def moment(self, period: str, as_of: str) -> str:
        """Return at which month's end what a period carries on is looked at."""


class SurplusByPrincipal:
    """Divides the pay of one component's cells among principals, with what a cap carried to them.

    What a period gives by itself is of those who have credits in it, what was carried to it of
    those who have a part in the period it comes from. What is paid of both together, and what is
    carried on again, has the parts of both.
    """

    def __init__(
        self, component: CellComponent, stepped: _Carrying, principals: _Principals, book: Book
    ) -> None:
        self._component = component
        self._stepped = stepped
        self._principals = principals
        self._book = book

    def parts(  # noqa: PLR0917 - a cell, what is divided of it, by whom and for whom
        self,
        cell: Cell,
        units: int,
        total: UUID,
        by: ByPrincipal,
        principals: Sequence[str],
        payee_id: str | None = None,
        word: str = "",
    ) -> Mapping[str, Part]:
        """Return each principal's part of an amount of a cell.

        Args:
            cell: what it is an amount of.
            units: the amount, in minor units.
            total: its node.
            by: divides what a period gives by itself.
            principals: who owes that, at least one.
            payee_id: who is given it, where it is a part of what several share.
            word: tells it from other amounts of the cell that are divided.
        """
        joined = self._stepped.joined(*cell)
        if joined is None:
            if len(principals) == 1:
                return {principals[0]: Part(None, units, total, principals[0], payee_id)}
            return by.parts(cell, units, total, payee_id, word=word)
        own, brought, period = joined
        given = payee_id or ""
        weights = self._own(cell, own, by, principals, payee_id)
        earlier = (cell[0], period, self._stepped.moment(period, cell[2]))
        for name, carried in self._carried(earlier, brought, by, principals).items():
            weights[name] = self._sum((*cell, given, name), weights.get(name), carried)
        if len(weights) == 1:
            [name] = weights
            return {name: Part(None, units, total, name, payee_id)}
        return by.parts(cell, units, total, payee_id, word=f"{word} all".strip(), weights=weights)

    def _own(
        self,
        cell: Cell,
        own: Figure,
        by: ByPrincipal,
        principals: Sequence[str],
        payee_id: str | None,
    ) -> dict[str, Figure]:
        if own.value <= 0:
            return {}
        if len(principals) == 1:
            return {principals[0]: own}
        units = self._book.units(own.value)
        parts = by.parts(cell, units, own.node_id, payee_id, word="own")
        return {name: self._figure(part) for name, part in parts.items()}

    def _carried(
        self, earlier: Cell, brought: Figure, by: ByPrincipal, principals: Sequence[str]
    ) -> Mapping[str, Figure]:
        """Return what of an amount that was carried on each has who had a part in its period.

        Where nobody's orders made it, it is of those who owe what the later period gives.
        """
        names = [name for name in self._principals(*earlier[:2]) if name] or principals
        units = self._book.units(brought.value)
        parts = self.parts(earlier, units, brought.node_id, by, names, word="carried")
        return {name: self._figure(part) for name, part in parts.items()}

    def _figure(self, part: Part) -> Figure:
        return Figure(self._book.number(part.node_id), part.node_id)

    def _sum(self, key: tuple[str, ...], own: Figure | None, carried: Figure) -> Figure:
        if own is None:
            return carried
        subject, period, as_of, given, name = key
        value = own.value + carried.value
        node_id = self._book.node(
            "own and carried",
            self._component.name,
            subject,
            period,
            restated(period, as_of),
            given,
            name,
            kind="principal_carried",
            value=self._book.text(value, Unit.MONEY),
            unit=Unit.MONEY.value,
            operation="sum",
            payee_id=given or payee_of(subject),
            detail={"clause": self._component.path, "principal": name, "month": period},
            children=(own.node_id, carried.node_id),
        )
        return Figure(value, node_id)
