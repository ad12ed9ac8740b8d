"""Facts as they would be: a what-if question changes copies of them, never what is recorded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from calc_engine.domain.fact import Body, Fact, version_order
from calc_engine.domain.records import Records
from premia_common.canonical import canonical_json, digest
from premia_common.identifiers import derive_id

ASSUMED = "what-if"
"""The source of what nobody recorded, as an explanation names it."""
LAST = "9999-assumed/999999"
"""A version above every recorded one."""
NO_TIME = datetime(1, 1, 1, tzinfo=UTC)


class WhatIfNotPossible(Exception):
    """Raised when a question changes something that is not there; it says what is."""


@dataclass(frozen=True, slots=True)
class OrderChange:
    """An order that is given, or a recorded one with other fields.

    `fields` are those of a recorded order: `amount`, `category`, `states` and so on.
    """

    order_id: str | None
    fields: Mapping[str, Any]

    def __call__(self, facts: Sequence[Fact]) -> list[Fact]:
        """Return the facts with this order."""
        if self.order_id is None:
            number = self.fields["order_number"]
            key = f"{ASSUMED}/{number}"
            body: Body = {**_EMPTY_ORDER, "record_id": number, **self.fields}
        else:
            key = self.order_id
            recorded = _current(facts, "order", lambda fact: fact.key == key)
            if recorded is None:
                raise WhatIfNotPossible(f"There is no order {key} that could be changed.")
            body = {**recorded.body, **self.fields}
        others = [fact for fact in facts if fact.kind != "order" or fact.key != key]
        return [*others, assumed("order", key, body)]


_EMPTY_ORDER: Body = {
    "source": ASSUMED,
    "record_version": "1",
    "seller": None,
    "partner": None,
    "attributes": {},
    "lines": [],
    "states": [],
    "imputable_to": None,
    "cause": None,
    "deleted": False,
}


@dataclass(frozen=True, slots=True)
class TargetChange:
    """Another target of a payee for a month."""

    payee_id: str
    name: str
    month: str
    amount: Mapping[str, str]

    def __call__(self, facts: Sequence[Fact]) -> list[Fact]:
        """Return the facts with this target."""
        known = _current(
            facts,
            "target",
            lambda fact: fact.body["payee_id"] == self.payee_id and fact.body["name"] == self.name,
        )
        values = [{"month": self.month, "amount": dict(self.amount)}]
        key = f"{ASSUMED}/{self.payee_id}/{self.name}"
        body: Body = {"payee_id": self.payee_id, "name": self.name, "version": 1}
        if known is not None:
            key, body = known.key, known.body
            values += [item for item in body["values"] if item["month"] != self.month]
        others = [fact for fact in facts if fact.kind != "target" or fact.key != key]
        return [*others, assumed("target", key, {**body, "values": values})]


@dataclass(frozen=True, slots=True)
class MeasurementChange:
    """Another measured value, such as a KPI, of a payee for a month; 95 % is 0.95."""

    payee_id: str
    name: str
    month: str
    value: str

    def __call__(self, facts: Sequence[Fact]) -> list[Fact]:
        """Return the facts with this measurement."""
        payee = _current(facts, "payee", lambda fact: fact.body["payee_id"] == self.payee_id)
        if payee is None or not payee.body["external_ids"]:
            raise WhatIfNotPossible(
                f"Payee {self.payee_id} has no external identifier, so nothing is measured of it."
            )
        codes = {(item["system"], item["code"]) for item in payee.body["external_ids"]}

        def is_replaced(fact: Fact) -> bool:
            if fact.kind != "measurement":
                return False
            body, who = fact.body, fact.body["payee"]
            return (
                body["name"] == self.name
                and body["month"] == self.month
                and (who["system"], who["code"]) in codes
            )

        system, code = min(codes)
        body: Body = {
            "source": ASSUMED,
            "payee": {"system": system, "code": code},
            "name": self.name,
            "month": self.month,
            "value": self.value,
        }
        key = f"{ASSUMED}/{self.payee_id}/{self.name}/{self.month}"
        return [
            *(fact for fact in facts if not is_replaced(fact)),
            assumed("measurement", key, body),
        ]


@dataclass(frozen=True, slots=True)
class PlanNumberChange:
    """Another text at one place of a published plan: a rate row, an edge, a cap."""

    plan: str
    at: str
    """JSON pointer into the document, like `/tables/commission_rate/rows/0/gives`."""
    value: str
    version: int | None = None
    """Of the plan; the latest one without it."""

    def __call__(self, facts: Sequence[Fact]) -> list[Fact]:
        """Return the facts with the plan changed."""
        versions = [
            fact
            for fact in plans_named(facts, [self.plan])
            if self.version is None or fact.body["version"] == self.version
        ]
        if not versions:
            raise WhatIfNotPossible(f"There is no published plan {self.plan} of that version.")
        latest = max(versions, key=lambda fact: int(fact.body["version"]))
        document = _with_value(latest.body["document"], self.at, self.value)
        changed = as_plan_version(latest, document)
        others = (
            fact
            for fact in facts
            if not (
                fact.kind == "plan" and fact.body["content_hash"] == latest.body["content_hash"]
            )
        )
        return with_acceptances([*others, changed], latest.body["content_hash"], changed)


def _with_value(document: Mapping[str, Any], at: str, value: str) -> Mapping[str, Any]:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in at.split("/")[1:]]

    def changed(part: Any, rest: Sequence[str]) -> Any:
        if not rest:
            if not isinstance(part, str):
                raise WhatIfNotPossible(f"{at} names no single value of the plan.")
            return value
        step = rest[0]
        if isinstance(part, Mapping) and step in part:
            return {**part, step: changed(part[step], rest[1:])}
        if isinstance(part, list) and step.isdecimal() and int(step) < len(part):
            place = int(step)
            return [*part[:place], changed(part[place], rest[1:]), *part[place + 1 :]]
        raise WhatIfNotPossible(f"The plan has nothing at {at}; its {step!r} does not exist.")

    found: Mapping[str, Any] = changed(document, steps)
    return found


def as_plan_version(like: Fact, document: Mapping[str, Any]) -> Fact:
    """Return a published version with another document, in place of a published one."""
    content_hash = digest(canonical_json(document))
    body = {**like.body, "document": document, "content_hash": content_hash}
    return assumed("plan", like.key, body, version=like.version)


def with_acceptances(facts: Sequence[Fact], accepted_hash: str, plan: Fact) -> list[Fact]:
    """Return the facts with a plan accepted by all who accepted the one it stands for."""
    return [
        *facts,
        *(
            assumed(
                "plan_acceptance",
                f"{ASSUMED}/{fact.key}",
                {**fact.body, "content_hash": plan.body["content_hash"]},
                version=fact.version,
            )
            for fact in facts
            if fact.kind == "plan_acceptance" and fact.body["content_hash"] == accepted_hash
        ),
    ]


def plans_named(facts: Iterable[Fact], names: Iterable[str]) -> list[Fact]:
    """Return every published version of some plans."""
    wanted = set(names)
    return [fact for fact in facts if fact.kind == "plan" and fact.body["plan_name"] in wanted]


def assumed(kind: str, key: str, body: Body, *, version: str = LAST) -> Fact:
    """Return a fact that nobody recorded; its digest is that of what it says."""
    sha256 = digest(canonical_json(body))
    return Fact(kind, key, version, NO_TIME, derive_id(ASSUMED, kind, key, sha256), sha256, body)


def _current(facts: Iterable[Fact], kind: str, is_it: Callable[[Fact], bool]) -> Fact | None:
    found = [fact for fact in facts if fact.kind == kind and is_it(fact)]
    return max(found, key=lambda fact: version_order(fact.version), default=None)


Change: TypeAlias = Callable[[Sequence[Fact]], list[Fact]]
"""Returns the facts with one thing changed.

Raises WhatIfNotPossible if that thing is not there.
"""


def records_with(facts: Sequence[Fact], changes: Iterable[Change]) -> Records:
    """Return the records as they would be with some changes, made one after the other."""
    changed = list(facts)
    for change in changes:
        changed = change(changed)
    return Records.of(changed)


def moved(fact: Fact, **fields: Any) -> Fact:
    """Return a fact that says something else in some fields."""
    return replace(fact, body={**fact.body, **fields})
