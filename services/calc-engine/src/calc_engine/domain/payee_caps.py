"""Caps of payees' agreements, as their mandates say them."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from calc_engine.domain.dated import Validity
from calc_engine.domain.fact import Fact
from calc_engine.domain.order_states import owned_source
from calc_engine.domain.proposal import StatementKey
from premia_plan.relations import PayeeCapRow


def payee_caps(mandates: Iterable[Fact]) -> Iterator[tuple[StatementKey, PayeeCapRow]]:
    """Give the caps by the statements they hold for.

    A cap outlives its mandate, for what is still released then, until another mandate of the same
    two begins.
    """
    pairs: dict[tuple[str, str], list[Fact]] = {}
    for fact in mandates:
        pairs.setdefault((fact.body["payee_id"], fact.body["principal_id"]), []).append(fact)
    for (payee_id, principal_id), own in pairs.items():
        own.sort(key=lambda fact: fact.body["valid_from"])
        for fact, following in zip(own, [*own[1:], None], strict=True):
            until = None if following is None else Validity.of(following.body).start
            for cap in fact.body.get("payee_caps", ()):
                days = Validity.of(cap).meet(Validity(None, until))
                if days is not None:
                    currency = cap["amount"]["currency"]
                    yield (
                        (payee_id, principal_id, currency),
                        PayeeCapRow(
                            payee_id,
                            principal_id,
                            Decimal(cap["amount"]["amount"]),
                            days.start,
                            days.end,
                            owned_source(fact, f"mandate, version {fact.body['version']}"),
                            tuple(cap.get("priority", ())),
                        ),
                    )
