"""Variables: values of facts and payees that plans may name, with their types."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from plans_api.domain.record import Key

Carrier: TypeAlias = Literal[
    "order", "line", "activity", "bill", "payment", "credit note", "payee", "position"
]
ValueType: TypeAlias = Literal["money", "percent", "count", "text", "bool", "date"]
SourceType: TypeAlias = Literal["text", "decimal", "date", "flag"]
_FITTING: dict[SourceType, frozenset[ValueType]] = {
    "text": frozenset({"text"}),
    "decimal": frozenset({"money", "percent", "count"}),
    "date": frozenset({"date"}),
    "flag": frozenset({"bool"}),
}
_FIRST_TYPE: dict[SourceType, ValueType] = {
    "text": "text",
    "decimal": "count",
    "date": "date",
    "flag": "bool",
}


class VariableNotUsable(ValueError):
    """Raised when a variable has a unit that its type cannot have."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that plans call `<carrier>.<name>`.

    A count may have a unit (`kWh`), money may be a price per unit.
    """

    carrier: Carrier
    name: str
    type: ValueType
    unit: str | None
    label_it: str
    label_en: str
    personal: bool

    def __post_init__(self) -> None:
        if self.unit is not None and self.type not in ("count", "money"):
            raise VariableNotUsable(
                f"a {self.type} has no unit; leave unit out, or choose type count or money"
            )

    @property
    def key(self) -> Key:
        """Carrier and name."""
        return (self.carrier, self.name)

    @property
    def path(self) -> str:
        """What plans call it.

        >>> Variable("order", "kwp", "count", "kWp", "Potenza", "Power", False).path
        'order.kwp'
        """
        return f"{self.carrier}.{self.name}"

    @property
    def declaration(self) -> str:
        """How a plan declares it.

        >>> Variable("order", "price", "money", "kWh", "Prezzo", "Price", False).declaration
        'money per kWh'
        """
        if self.unit is None:
            return self.type
        return f"money per {self.unit}" if self.type == "money" else self.unit


@dataclass(frozen=True, slots=True)
class SeenAttribute:
    """What a source said of one of its order attributes."""

    source: str
    name: str
    field: str
    standing: Literal["mapped", "unmapped", "withdrawn"]
    value_type: SourceType
    label_it: str | None
    label_en: str | None
    unit: str | None
    personal: bool
    first_seen: datetime | None
    records: int
    filled: int
    samples: tuple[str, ...]
    version: int

    @property
    def fill_rate(self) -> Decimal | None:
        """The share of the records counted in which it is filled, to three places."""
        if self.records == 0:
            return None
        return (Decimal(self.filled) / self.records).quantize(Decimal("0.001"))

    def agrees_with(self, variable: Variable) -> bool:
        """Say whether a variable's type fits what the source sends."""
        return variable.type in _FITTING[self.value_type]

    def variable(self) -> Variable:
        """Return the variable that a mapped attribute becomes in the catalogue at first."""
        return Variable(
            "order",
            self.name,
            _FIRST_TYPE[self.value_type],
            self.unit if self.value_type == "decimal" else None,
            self.label_it or self.name,
            self.label_en or self.name,
            self.personal,
        )
