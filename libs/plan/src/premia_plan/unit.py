"""Units: what a value is measured in, and what becomes of it when values are multiplied."""

from collections.abc import Iterable, Mapping
from typing import ClassVar, Final

_LARGEST_EXPONENT: Final = 4


class UnitUnreadable(ValueError):
    """Raised when a text names no unit."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"{text!r} is no unit; write money, rate, count, kWh or money/kWh")


class Unit(str):
    """What a value is; values of different units do not add up.

    A unit is text: one of the plain words below, the name of a quantity (`kWh`, `days`), or money
    and quantities joined (`money/kWh`).  Equal units are one object, so `is` compares them.

    >>> Unit("money/kWh").times(Unit("kWh")) is Unit.MONEY
    True
    >>> Unit.MONEY.over(Unit("kWh")), Unit.MONEY.over(Unit.MONEY), Unit.MONEY.times(Unit.MONEY)
    (Unit('money/kWh'), Unit('rate'), None)
    """

    exponents: Mapping[str, int]

    _known: ClassVar[dict[str, "Unit"]] = {}

    MONEY: ClassVar["Unit"]
    RATE: ClassVar["Unit"]
    COUNT: ClassVar["Unit"]
    DATE: ClassVar["Unit"]
    TEXT: ClassVar["Unit"]
    BOOL: ClassVar["Unit"]
    DAYS: ClassVar["Unit"]
    MONTHS: ClassVar["Unit"]

    def __new__(cls, text: str) -> "Unit":
        """Return the unit that a text names.

        Raises:
            UnitUnreadable: if it names none.
        """
        known = cls._known.get(text)
        if known is not None:
            return known
        exponents = _read(text)
        written = _written(exponents) if exponents else text
        unit = cls._known.get(written)
        if unit is None:
            unit = super().__new__(cls, written)
            unit.exponents = exponents
            cls._known[written] = unit
        return unit

    def __repr__(self) -> str:
        return f"Unit({str(self)!r})"

    @property
    def value(self) -> str:
        """The unit as plain text."""
        return str(self)

    @property
    def is_number(self) -> bool:
        """Whether values of the unit can be calculated with."""
        return bool(self.exponents) or self in _PURE

    def times(self, other: "Unit") -> "Unit | None":
        """Return the unit of a product, or None where it has no meaning."""
        if not (self.is_number and other.is_number):
            return None
        joined = _added(self.exponents, other.exponents, 1)
        if joined:
            return _sensible(joined)
        return Unit.RATE if Unit.RATE in {self, other} else Unit.COUNT

    def over(self, other: "Unit") -> "Unit | None":
        """Return the unit of a quotient, or None where it has no meaning."""
        if not (self.is_number and other.is_number):
            return None
        joined = _added(self.exponents, other.exponents, -1)
        if joined:
            return _sensible(joined)
        return Unit.COUNT if self is Unit.COUNT else Unit.RATE

    def renamed(self, names: Mapping[str, str]) -> "Unit":
        """Return the unit with its quantities called by other names."""
        if all(names.get(name, name) == name for name in self.exponents):
            return self
        return Unit(
            _written({names.get(name, name): power for name, power in self.exponents.items()})
        )

    def to_the(self, exponent: int) -> "Unit | None":
        """Return the unit of a power, or None where it has no meaning."""
        if not self.is_number:
            return None
        if exponent == 0:
            return Unit.COUNT
        if not self.exponents:
            return self
        return _sensible({name: power * exponent for name, power in self.exponents.items()})


_PURE: Final = frozenset({"rate", "count"})
_PLAIN: Final = _PURE | {"date", "text", "bool"}
_ONE_OF: Final = {"day": "days", "month": "months"}


def quantity_unit(name: str) -> Unit:
    """Return the unit of a quantity by its name; a single day or month is of days or months.

    >>> quantity_unit("day"), quantity_unit("kWh")
    (Unit('days'), Unit('kWh'))
    """
    return Unit(_ONE_OF.get(name, name))


def unit_in_words(text: str, quantities: Iterable[str] = ()) -> Unit:
    """Return the unit that a plan writes in words: money, percent, kWh, money per kWh.

    Raises:
        UnitUnreadable: if it is none, or names a quantity that is not among those declared.

    >>> unit_in_words("money per kWh", ["kWh"]), unit_in_words("percent")
    (Unit('money/kWh'), Unit('rate'))
    """
    declared = {*quantities, "money", "days", "months", "day", "month"}
    over, _, below = (part.strip() for part in text.partition(" per "))
    if not below:
        word = "rate" if over == "percent" else over
        if word not in declared | _PLAIN:
            raise UnitUnreadable(text)
        return quantity_unit(word)
    if over not in declared | {"count"} or below not in declared - {"money"}:
        raise UnitUnreadable(text)
    unit = quantity_unit(over).over(quantity_unit(below))
    if unit is None:
        raise UnitUnreadable(text)
    return unit


def _read(text: str) -> dict[str, int]:
    """Read `money/kWh`, `1/kWh` or `kWh^2` as exponents; {} for a plain word."""
    if text in _PLAIN:
        return {}
    over, *below = text.split("/")
    found: dict[str, int] = {}
    for sign, factors in ((1, over.split("*")), (-1, below)):
        for factor in factors:
            if factor == "1" and sign == 1:
                continue
            name, _, power = factor.partition("^")
            plain = name.replace("_", "").replace("²", "").replace("³", "")
            if not (plain.isalnum() and name[0].isalpha() and name not in _PLAIN):
                raise UnitUnreadable(text)
            if power and not power.isdecimal():
                raise UnitUnreadable(text)
            found[name] = found.get(name, 0) + sign * int(power or 1)
    if not any(found.values()):
        raise UnitUnreadable(text)
    return {name: found[name] for name in _in_order(found)}


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (name != "money", name))


def _written(exponents: Mapping[str, int]) -> str:
    def factor(name: str) -> str:
        power = abs(exponents[name])
        return name if power == 1 else f"{name}^{power}"

    over = "*".join(factor(name) for name, power in exponents.items() if power > 0)
    below = "".join(f"/{factor(name)}" for name, power in exponents.items() if power < 0)
    return (over or "1") + below


def _added(left: Mapping[str, int], right: Mapping[str, int], sign: int) -> dict[str, int]:
    total = dict(left)
    for name, power in right.items():
        total[name] = total.get(name, 0) + sign * power
    return {name: total[name] for name in _in_order(total) if total[name]}


def _sensible(exponents: Mapping[str, int]) -> Unit | None:
    """Return the unit, unless it is money times money or a power beyond what plans know."""
    if abs(exponents.get("money", 0)) > 1:
        return None
    if any(abs(power) > _LARGEST_EXPONENT for power in exponents.values()):
        return None
    return Unit(_written(exponents))


Unit.MONEY = Unit("money")
Unit.RATE = Unit("rate")
Unit.COUNT = Unit("count")
Unit.DATE = Unit("date")
Unit.TEXT = Unit("text")
Unit.BOOL = Unit("bool")
Unit.DAYS = Unit("days")
Unit.MONTHS = Unit("months")
