"""Whose statements a cap of the payee's agreement may cut."""

from collections.abc import Iterable

from calc_engine.application.ports import CalcWork
from calc_engine.domain.payee_caps import payee_caps
from calc_engine.domain.proposal import StatementKey
from calc_engine.domain.records import Records


async def capped_keys(work: CalcWork, payees: Iterable[str]) -> frozenset[StatementKey]:
    """Return the keys of some payees for which an agreement ever named a cap."""
    whose = [f"payee-id:{payee}" for payee in sorted(payees)]
    if not whose:
        return frozenset()
    mandates = Records.of(await work.references.naming(whose, ("mandate",)))
    return frozenset(key for key, _ in payee_caps(mandates.of_kind("mandate")))
