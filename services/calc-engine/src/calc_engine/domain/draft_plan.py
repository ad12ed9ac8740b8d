"""A draft plan in the place of published ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from calc_engine.domain.fact import Fact
from calc_engine.domain.what_if import (
    ASSUMED,
    WhatIfNotPossible,
    assumed,
    moved,
    plans_named,
)
from premia_common.canonical import canonical_json, digest
from premia_common.periods import Month


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """A document that is calculated as if it were published and accepted by everybody.

    It stands in for every version of the plans it replaces: whoever is assigned to one of them
    is assigned to the draft.  A version that it goes on after, as its `change` says, stays until
    the draft begins.
    """

    document: Mapping[str, Any]
    """Canonical, with its tables inside."""
    replaces: tuple[str, ...] = ()
    """Names of plans; without any, the plan of the same name."""
    months: tuple[Month, Month] | None = None
    """Taken as in force whenever a replaced plan was, and in these months, first and last.

    It then goes on after no other version.  None: in force as the document says.
    """

    def __call__(self, facts: Sequence[Fact]) -> list[Fact]:
        """Return the facts with the draft in the place of the plans it replaces.

        Raises:
            WhatIfNotPossible: if no such plan was published, and nobody is assigned to one.
        """
        names = self.replaces or (str(self.document["plan"]),)
        replaced = plans_named(facts, names)
        assigned = [
            fact for fact in facts if fact.kind == "assignment" and fact.body["plan_name"] in names
        ]
        if not replaced and not assigned:
            shown = ", ".join(names)
            raise WhatIfNotPossible(
                f"No plan {shown} was published, and nobody is assigned to it; name the plans "
                "that the draft replaces."
            )
        like = max(replaced, key=lambda fact: int(fact.body["version"]), default=None)
        owner = (like or assigned[-1]).body
        gone = {fact.body["plan_id"] for fact in (*replaced, *assigned)}
        draft = self._published(owner["plan_id"], owner["principal_id"], replaced)
        kept = [
            fact
            for fact in facts
            if fact.kind not in {"plan", "plan_retirement", "assignment"}
            or fact.body["plan_id"] not in gone
        ]
        kept += [moved(fact, plan_id=owner["plan_id"]) for fact in assigned]
        kept += self._version_before(owner["plan_id"], replaced)
        payees = sorted({fact.body["payee_id"] for fact in assigned})
        return [*kept, draft, *(_acceptance(draft, payee) for payee in payees)]

    def _published(self, plan_id: str, principal_id: str, replaced: Sequence[Fact]) -> Fact:
        document = self.document
        if self.months is not None:
            valid = _widened(document, [fact.body["document"] for fact in replaced], self.months)
            document = {**_without_change(document), "valid": valid}
        body = {
            "plan_id": plan_id,
            "plan_name": document["plan"],
            "version": 1 + max((int(fact.body["version"]) for fact in replaced), default=0),
            "principal_id": principal_id,
            "content_hash": digest(canonical_json(document)),
            "document": document,
        }
        return assumed("plan", f"{ASSUMED}/{plan_id}", body)

    def _version_before(self, plan_id: str, replaced: Sequence[Fact]) -> Iterator[Fact]:
        """Give the replaced version that the draft goes on after, ended where the draft begins."""
        change, begins = self.document.get("change"), self.document["valid"].get("from")
        if self.months is not None or change is None or begins is None:
            return
        after = change["after"]
        followed = [
            fact
            for fact in replaced
            if fact.body["plan_name"] == after["plan"]
            and fact.body["document"]["valid"].get("from") == after["from"]
        ]
        if followed:
            latest = max(followed, key=lambda fact: int(fact.body["version"]))
            yield moved(latest, plan_id=plan_id)
            yield assumed(
                "plan_retirement",
                f"{ASSUMED}/{plan_id}",
                {
                    "plan_id": plan_id,
                    "retired_version": latest.body["version"],
                    "retired_from": begins,
                },
            )


def _without_change(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: part for key, part in document.items() if key != "change"}


def _widened(
    document: Mapping[str, Any],
    replaced: Sequence[Mapping[str, Any]],
    months: tuple[Month, Month],
) -> Mapping[str, Any]:
    """Return the draft's validity, so wide that it claims what any replaced plan claimed."""
    every = [document["valid"], *(other["valid"] for other in replaced)]
    first, last = (month.period for month in months)
    starts = [valid["from"] for valid in every if valid.get("from")]
    ends = [valid["to"] for valid in every if valid.get("to")]
    return {
        **document["valid"],
        "from": min([*starts, first.start.isoformat()]),
        "to": max([*ends, last.end.isoformat()]),
    }


def _acceptance(draft: Fact, payee_id: str) -> Fact:
    body = {"payee_id": payee_id, "content_hash": draft.body["content_hash"]}
    return assumed("plan_acceptance", f"{ASSUMED}/{draft.key}/{payee_id}", body)
