"""What plans-api would publish for one small sales network; ids are the same in every tenant."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from premia_common.contracts import plans as p
from premia_common.contracts.envelope import FactEvent
from premia_common.contracts.fields import DatedExternalId, Label, MoneyOut
from premia_common.identifiers import derive_id
from premia_plan.document import parse_plan
from premia_plan.library import library_plan

KNOWN = datetime(2026, 1, 2, 6, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
MONTH = "2026-03"

REPORTS_TO: Mapping[str, str | None] = {
    "M0": None,
    "M1": "M0",
    "A1": "M1",
    "A2": "M1",
    "B1": "M1",
    "L1": "M1",
}
"""Payees by code, and their managers.  L1 is the payee that gets to be known late."""
LATE = "L1"
NOT_ACCEPTED = "B1"
"""The payee who did not accept the plan: what B1 earns is held."""
TARGETS = {"A1": "15000.00", "A2": "4000.00", "B1": "1000.00", "L1": "500.00", "M1": "900.00"}


def ident(*names: str) -> UUID:
    """Return an id that does not depend on the tenant."""
    return derive_id("arrival", *names)


def payee_id(code: str) -> str:
    """Return the id of the payee with this code."""
    return str(ident("payee", code))


def place_of_late_payee() -> int:
    """Return where the event that makes L1 known stands among all master data."""
    return next(
        place
        for place, event in enumerate(master_data(UUID(int=0)))
        if isinstance(event, p.PayeeChanged) and event.code == LATE
    )


def master_data(tenant: UUID) -> list[FactEvent]:
    """Return every version of everything, in the order in which people would enter it."""
    return [*_company(tenant), *_trees(tenant), *_people(tenant), *_plan(tenant)]


def _envelope(tenant: UUID, *names: str) -> dict[str, Any]:
    return {
        "event_id": derive_id("arrival-event", str(tenant), *names),
        "occurred_at": KNOWN,
        "tenant_id": tenant,
        "correlation_id": derive_id("arrival-correlation", str(tenant)),
    }


def _company(tenant: UUID) -> Iterator[FactEvent]:
    for code, version in (("1000", 1), ("1000", 2), ("9000", 1)):
        yield p.PrincipalChanged(
            **_envelope(tenant, "principal", code, str(version)),
            version=version,
            principal_id=ident("principal", code),
            code=code,
            name=f"Energia {code}, {version}",
            country="IT",
            currency="EUR",
        )


def _trees(tenant: UUID) -> Iterator[FactEvent]:
    places = {"territory": p.TerritoryChanged, "category": p.ProductCategoryChanged}
    rows = (
        ("territory", "italia", None, 1),
        ("territory", "nord", None, 1),  # corrected by its second version
        ("territory", "nord", "italia", 2),
        ("territory", "milano", "nord", 1),
        ("territory", "sud", "italia", 1),
        ("category", "any", None, 1),
        ("category", "gas", "any", 1),
        ("category", "power", "any", 1),
    )
    for tree, code, parent, version in rows:
        yield places[tree](
            **_envelope(tenant, tree, code, str(version)),
            version=version,
            code=code,
            parent=parent,
            label=Label(it=code, en=code),
        )


def _people(tenant: UUID) -> Iterator[FactEvent]:
    for code, manager in REPORTS_TO.items():
        yield from _payee(tenant, code)
        yield p.MandateChanged(
            **_envelope(tenant, "mandate", code),
            version=1,
            mandate_id=ident("mandate", code),
            principal_id=ident("principal", "1000"),
            payee_id=ident("payee", code),
            valid_from=LONG_AGO,
        )
        yield from _position(tenant, code, manager)
        yield from _targets(tenant, code)


def _payee(tenant: UUID, code: str) -> Iterator[FactEvent]:
    """Yield a payee; A2 is known by another code at first, and corrected."""
    first = "A2-OLD" if code == "A2" else code
    for version, external in enumerate([first, code] if code == "A2" else [code], start=1):
        yield p.PayeeChanged(
            **_envelope(tenant, "payee", code, str(version)),
            version=version,
            payee_id=ident("payee", code),
            code=code,
            name=f"Agenzia {code}",
            kind="agency",
            language="it",
            attributes={"channel": "field"},
            external_ids=(
                DatedExternalId(system="salesforce", code=external, valid_from=LONG_AGO),
            ),
            valid_from=LONG_AGO,
        )


def _position(tenant: UUID, code: str, manager: str | None) -> Iterator[FactEvent]:
    """Yield a position, first vacant and alone, then held and below its manager."""
    held = (p.Holding(payee_id=ident("payee", code), valid_from=LONG_AGO),)
    above = (
        (p.ReportingLine(reports_to=ident("position", manager), valid_from=LONG_AGO),)
        if manager
        else ()
    )
    for version, (holdings, lines) in enumerate([((), ()), (held, above)], start=1):
        yield p.PositionChanged(
            **_envelope(tenant, "position", code, str(version)),
            version=version,
            position_id=ident("position", code),
            code=code,
            hierarchy="sales",
            holdings=holdings,
            reporting_lines=lines,
        )


def _targets(tenant: UUID, code: str) -> Iterator[FactEvent]:
    """Yield the month's target: far too high at first, then as agreed."""
    if code not in TARGETS:
        return
    for version, amount in enumerate(["900000.00", TARGETS[code]], start=1):
        value = p.TargetValue(month=MONTH, amount=MoneyOut(amount=amount, currency="EUR"))
        yield p.TargetSet(
            **_envelope(tenant, "target", code, str(version)),
            version=version,
            target_id=ident("target", code),
            payee_id=ident("payee", code),
            name="activated_value",
            values=(value,),
        )


def _plan(tenant: UUID) -> Iterator[FactEvent]:
    document = parse_plan(library_plan("agency-energy"))
    content = json.loads(document.canonical())
    yield p.PlanPublished(
        **_envelope(tenant, "plan"),
        version=1,
        plan_id=ident("plan"),
        plan_name=content["plan"],
        principal_id=ident("principal", "1000"),
        content_hash=document.hash,
        document=content,
        published_at=KNOWN,
    )
    for code in REPORTS_TO:
        yield p.AssignmentChanged(
            **_envelope(tenant, "assignment", code),
            version=1,
            assignment_id=ident("assignment", code),
            plan_id=ident("plan"),
            plan_name=content["plan"],
            mandate_id=ident("mandate", code),
            principal_id=ident("principal", "1000"),
            payee_id=ident("payee", code),
            valid_from=LONG_AGO,
        )
        if code != NOT_ACCEPTED:
            yield p.PlanAcceptanceRecorded(
                **_envelope(tenant, "acceptance", code),
                plan_id=ident("plan"),
                plan_version=1,
                content_hash=document.hash,
                payee_id=ident("payee", code),
                accepted_on=date(2026, 1, 5),
            )
