"""Payees and principals as rows name them: by our id, or by the code that people know."""

from calc_engine.domain.fact import Fact
from calc_engine.domain.records import Records
from premia_plan.results import Exception_


class Names:
    """Looks names up among the payees and principals that were recorded."""

    def __init__(self, records: Records) -> None:
        self._payees: dict[str, str] = {}
        for fact in records.of_kind("payee"):
            self._payees[fact.body["code"]] = fact.body["payee_id"]
        for fact in records.of_kind("payee"):
            self._payees[fact.body["payee_id"]] = fact.body["payee_id"]
        self._principals = dict(records.principal_codes)
        self._principals |= {item: item for item in records.principal_codes.values()}

    def payee(self, name: str) -> str | None:
        """Return the id of a payee, or None while nobody has that id or code."""
        return self._payees.get(name)

    def principal(self, name: str) -> str | None:
        """Return the id of a principal, or None while there is none of that id or code."""
        return self._principals.get(name)


def unknown_name(fact: Fact, what: str, name: str) -> Exception_:
    """Return what is told of a row that names nobody."""
    return Exception_(
        f"{fact.kind.replace('_', '-')}-of-unknown-{what}",
        f"The {fact.kind.replace('_', ' ')} {fact.key} is not used, because {what} {name} is "
        "unknown",
        f"Record a {what} of this code, or load the row again with another; the next run uses it.",
        None,
        None,
        None,
        blocks=False,
    )
