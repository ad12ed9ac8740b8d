"""Area managers, agencies, sub-agents and installers, as a master data extract would list them."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TypedDict

from premia_doubles.sample.check_digits import codice_fiscale, iban, vat_number
from premia_doubles.sample.names import BIRTHPLACES, CITIES, company, person
from premia_doubles.sample.shape import AGENCY_PRINCIPAL, INSTALLER_PRINCIPAL, Shape
from premia_doubles.sample.trees import AREAS

CODES_CHANGED_ON = date(2025, 11, 1)
TEAMS_CHANGED_ON = date(2026, 1, 1)
SINCE = date(2024, 1, 1)


class CodeRow(TypedDict):
    """A code by which Salesforce knows a payee, from a day up to another."""

    code: str
    valid_from: str
    valid_to: str | None


class SuperiorRow(TypedDict):
    """To whom a payee reports, from a day up to another."""

    superior: str
    valid_from: str
    valid_to: str | None


class FiscalRow(TypedDict):
    """What the tax office and the accounts know of a payee."""

    role: str
    legal_form: str
    regime: str
    has_employees: bool
    vat_number: str
    codice_fiscale: str
    iban: str
    supplier_number: str
    street: str
    postal_code: str
    city: str
    province: str


class PayeeRecord(TypedDict):
    """One payee of the extract."""

    code: str
    name: str
    kind: str
    channel: str
    level: int
    area: str
    weight: int
    salesforce_codes: list[CodeRow]
    superiors: list[SuperiorRow]
    principals: list[str]
    fiscal: FiscalRow


@dataclass(frozen=True, slots=True)
class _Role:
    prefix: str
    kind: str
    level: int
    weight: int
    count: int


def _fiscal(random: Random, serial: int, role: _Role) -> tuple[str, FiscalRow]:
    first_name, surname = person(random)
    city, postal_code, province = random.choice(CITIES)
    number = vat_number(1_230_000 + serial * 37)
    forms = {"AM": "ind", "AG": "ind ind srl sas", "SA": "ind ind ind srl", "IN": "srl srl spa"}
    form = random.choice(forms[role.prefix].split())
    born = (random.randrange(1960, 2000), random.randrange(1, 13), random.randrange(1, 28))
    is_person = form == "ind"
    flat_rate = is_person and role.prefix == "SA" and random.random() < 0.3
    finder = is_person and role.prefix == "SA" and not flat_rate and random.random() < 0.15
    fiscal: FiscalRow = {
        "role": "installer_company"
        if role.kind == "installer"
        else ("procacciatore" if finder else "agent"),
        "legal_form": {"ind": "individual", "sas": "partnership"}.get(form, "capital_company"),
        "regime": "RF19" if flat_rate else "RF01",
        "has_employees": not flat_rate and role.kind != "installer" and random.random() < 0.25,
        "vat_number": number,
        "codice_fiscale": codice_fiscale(surname, first_name, born, random.choice(BIRTHPLACES))
        if is_person
        else number,
        "iban": iban(700_000 + serial),
        "supplier_number": str(100_000 + serial),
        "street": f"via {person(random)[1]} {random.randrange(1, 180)}",
        "postal_code": postal_code,
        "city": city,
        "province": province,
    }
    return (f"{first_name} {surname}" if is_person else company(random, surname, form)), fiscal


def _payee(random: Random, serial: int, role: _Role, number: int) -> PayeeRecord:
    name, fiscal = _fiscal(random, serial, role)
    return {
        "code": f"{role.prefix}-{number:04d}",
        "name": name,
        "kind": role.kind,
        "channel": "field",
        "level": role.level,
        "area": list(AREAS)[(number - 1) % len(AREAS)],
        "weight": role.weight,
        "salesforce_codes": [
            {"code": f"SF-{10_000 + serial}", "valid_from": SINCE.isoformat(), "valid_to": None}
        ],
        "superiors": [],
        "principals": [INSTALLER_PRINCIPAL if role.kind == "installer" else AGENCY_PRINCIPAL],
        "fiscal": fiscal,
    }


def _report(junior: PayeeRecord, seniors: list[PayeeRecord], number: int) -> None:
    junior["superiors"] = [
        {
            "superior": seniors[number % len(seniors)]["code"],
            "valid_from": SINCE.isoformat(),
            "valid_to": None,
        }
    ]


def _move(junior: PayeeRecord, seniors: list[PayeeRecord]) -> None:
    """Let a sub-agent change agency at the turn of the year."""
    old = junior["superiors"][0]
    others = [senior["code"] for senior in seniors if senior["code"] != old["superior"]]
    day = TEAMS_CHANGED_ON.isoformat()
    junior["superiors"] = [
        {**old, "valid_to": day},
        {"superior": others[0], "valid_from": day, "valid_to": None},
    ]


def _rename(payee: PayeeRecord) -> None:
    """Give a payee another Salesforce code from a day on."""
    old = payee["salesforce_codes"][0]
    day = CODES_CHANGED_ON.isoformat()
    payee["salesforce_codes"] = [
        {**old, "valid_to": day},
        {"code": f"{old['code']}-N", "valid_from": day, "valid_to": None},
    ]


def payees(random: Random, shape: Shape) -> list[PayeeRecord]:
    """Return all payees: superiors before those who report to them."""
    roles = (
        _Role("AM", "agency", 1, 0, shape.area_managers),
        _Role("AG", "agency", 2, 16, shape.agencies),
        _Role("SA", "agency", 3, 10, shape.sub_agents),
        _Role("IN", "installer", 3, 10, shape.installers),
    )
    groups: dict[str, list[PayeeRecord]] = {}
    serial = 0
    for role in roles:
        group = groups[role.prefix] = []
        for number in range(1, role.count + 1):
            serial += 1
            group.append(_payee(random, serial, role, number))
    managers, agencies, juniors = groups["AM"], groups["AG"], groups["SA"]
    for number, agency in enumerate(agencies):
        _report(agency, managers, number)
    for number, junior in enumerate([*juniors, *groups["IN"]]):
        _report(junior, agencies, number)
    for junior in juniors[4::19]:
        _move(junior, agencies)
    for junior in juniors[10::40]:
        junior["channel"] = "web"
    for agency in agencies[5::20]:
        _rename(agency)
    for agency in agencies[: shape.with_both_principals]:
        agency["principals"] = [AGENCY_PRINCIPAL, INSTALLER_PRINCIPAL]
    return [payee for group in groups.values() for payee in group]
