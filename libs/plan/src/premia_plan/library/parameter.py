"""The numbers and names that a template or a metric leaves to whoever uses it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from premia_plan.checking.miswritten import no_number
from premia_plan.language import Words
from premia_plan.quantities import NotAQuantity, Quantity, written_quantity

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_POINTED = re.compile(r"\d\.\d{3}\b")


class ParameterNotAcceptable(ValueError):
    """Raised when a parameter is given a value outside what it declares, or is not declared."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        super().__init__(f"{name}: {message}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that may be chosen; `least` and `most` are inside, and none of both is a name."""

    name: str
    label: Words
    value: str
    least: str | None
    most: str | None

    @property
    def is_name(self) -> bool:
        """Whether it names a part of the plan, such as a credit, instead of a number."""
        return self.least is None

    def accept(self, text: str) -> str:
        """Return the value to write.

        Raises:
            ParameterNotAcceptable: naming the range, or what a name looks like.
        """
        if self.least is None or self.most is None:
            if _NAME.fullmatch(text) is None:
                raise ParameterNotAcceptable(
                    self.name, f"{text!r} is no name of a part of the plan, such as {self.value}"
                )
            return text
        least, most = written_quantity(self.least), written_quantity(self.most)
        try:
            given = written_quantity(text)
        except NotAQuantity as error:
            raise ParameterNotAcceptable(self.name, no_number(error).en) from None
        if _kind(given) != _kind(least) or not least.value <= given.value <= most.value:
            says = f"{text} is not from {self.least} to {self.most}"
            if _POINTED.search(text) and given.value < least.value:
                says += f"; a point marks decimals, thousands are written {text.replace('.', ' ')}"
            raise ParameterNotAcceptable(self.name, says)
        return text


def accepted(parameters: Mapping[str, Parameter], given: Mapping[str, str]) -> dict[str, str]:
    """Return the value of every parameter: the given ones, and what the others come with.

    Raises:
        ParameterNotAcceptable: for a value outside its range, or a parameter that is not declared.
    """
    for name in given:
        if name not in parameters:
            raise ParameterNotAcceptable(
                name, f"there is no such parameter; there are {', '.join(parameters) or 'none'}"
            )
    return {name: item.accept(given.get(name, item.value)) for name, item in parameters.items()}


def _kind(quantity: Quantity) -> tuple[str, str | None]:
    return str(quantity.unit), quantity.currency
