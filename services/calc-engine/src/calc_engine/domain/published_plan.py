"""A published plan version, as a run uses it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from calc_engine.domain.fact import Fact

SIGNED_ON = "order.signed_on"


@dataclass(frozen=True, slots=True)
class Follows:
    """The version that a version goes on after: its plan's name and its first day."""

    plan: str
    starts: date
    carries: bool
    """Whether some measure counts on from it."""


@dataclass(frozen=True, slots=True)
class PublishedPlan:
    """One published version with its whole document; retirement has already shortened it."""

    plan_id: str
    name: str
    version: int
    principal_id: str
    content_hash: str
    document: Mapping[str, Any]
    """The canonical document that hashes to `content_hash`."""
    retired_from: date | None

    @property
    def currency(self) -> str:
        """The currency of every result of the plan."""
        return str(self.document["currency"])

    @property
    def needs_acceptance(self) -> bool:
        """Say whether pay is held until the payee accepted this document."""
        acceptance = self.document.get("acceptance") or {}
        return str(acceptance.get("required", "false")) == "true"

    def effective_document(self) -> Mapping[str, Any]:
        """Return the document with its validity ending where the version was retired."""
        if self.retired_from is None:
            return self.document
        valid = dict(self.document["valid"])
        until = valid.get("to")
        if until is None or date.fromisoformat(until) > self.retired_from:
            valid["to"] = self.retired_from.isoformat()
        return {**self.document, "valid": valid}

    @property
    def follows(self) -> "Follows | None":
        """The version it goes on after, if the document names one."""
        change = self.document.get("change")
        if change is None:
            return None
        after = change["after"]
        carries = any(mode != "reset" for mode in change["measures"].values())
        return Follows(after["plan"], date.fromisoformat(after["from"]), carries)

    def may_claim(self, signed_on: date) -> bool:
        """Say whether an order signed that day can be under this version.

        Only a guess to save reading: where another date decides, every order may be.
        """
        return self._may_be(signed_on, self.effective_document()["valid"].get("from"))

    def may_count(self, signed_on: date) -> bool:
        """Say whether it may claim an order, or count it in a measure that carries on.

        A measure that carries counts the credits of the version before too.
        """
        start = self.effective_document()["valid"].get("from")
        if self.follows is not None and self.follows.carries:
            start = self.follows.starts.isoformat()
        return self._may_be(signed_on, start)

    def _may_be(self, signed_on: date, start: str | None) -> bool:
        valid = self.effective_document()["valid"]
        if valid.get("by", SIGNED_ON) != SIGNED_ON:
            return True
        end = valid.get("to")
        return (start is None or date.fromisoformat(start) <= signed_on) and (
            end is None or signed_on < date.fromisoformat(end)
        )


def published_plans(facts: Mapping[str, Mapping[str, Fact]]) -> tuple[PublishedPlan, ...]:
    """Return every published plan version that was not retired from its first day.

    Args:
        facts: facts by kind and key; of plans every version counts, so `plan` is keyed by
            plan and version.
    """
    retired = _retirements(facts.get("plan_retirement", {}).values())
    plans = []
    for fact in facts.get("plan", {}).values():
        body = fact.body
        plan = PublishedPlan(
            body["plan_id"],
            body["plan_name"],
            body["version"],
            body["principal_id"],
            body["content_hash"],
            body["document"],
            retired.get((body["plan_id"], body["version"])),
        )
        start = plan.document["valid"].get("from")
        gone = plan.retired_from is not None and start is not None
        if not (gone and plan.retired_from <= date.fromisoformat(start)):  # type: ignore[operator]
            plans.append(plan)
    return tuple(sorted(plans, key=lambda plan: (plan.name, plan.version)))


def _retirements(facts: Iterable[Fact]) -> dict[tuple[str, int], date]:
    found: dict[tuple[str, int], date] = {}
    for fact in facts:
        key = (fact.body["plan_id"], fact.body["retired_version"])
        day = date.fromisoformat(fact.body["retired_from"])
        found[key] = min(day, found.get(key, day))
    return found
