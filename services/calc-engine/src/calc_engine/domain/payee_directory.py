"""Who a code of another system means on a day."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from calc_engine.domain.dated import Validity
from calc_engine.domain.fact import Fact
from premia_plan.relations import PayeeRef


class PayeeDirectory:
    """The dated external identifiers of all payees."""

    def __init__(self, payees: Iterable[Fact]) -> None:
        self._codes: dict[tuple[str, str], list[tuple[Validity, str]]] = {}
        for payee in payees:
            for known in payee.body["external_ids"]:
                names = self._codes.setdefault((known["system"], known["code"]), [])
                names.append((Validity.of(known), payee.body["payee_id"]))
        for names in self._codes.values():
            names.sort(key=lambda name: name[1])

    def payee_on(self, system: str, code: str, day: date) -> str | None:
        """Return the id of the payee that the code means on that day, or None."""
        for validity, payee_id in self._codes.get((system, code), ()):
            if validity.covers(day):
                return payee_id
        return None

    def payees_of(self, system: str, code: str) -> frozenset[str]:
        """Return everybody whom the code ever meant."""
        return frozenset(payee_id for _, payee_id in self._codes.get((system, code), ()))

    def resolve(self, reference: Mapping[str, Any] | None, day: date) -> PayeeRef | None:
        """Return the payee a fact names; an unknown one stays as the source wrote it."""
        if reference is None:
            return None
        system, code = reference["system"], reference["code"]
        payee_id = self.payee_on(system, code, day)
        return PayeeRef.unknown(system, code) if payee_id is None else PayeeRef.known(payee_id)
