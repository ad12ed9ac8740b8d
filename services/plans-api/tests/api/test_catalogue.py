"""Variables, KPIs, SLAs and state models: named, versioned, pinned by plans."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from plans_api.entrypoints.consumer import on_attribute_declared, on_status_unmapped
from premia_common.contracts.orders import OrderAttributeDeclared, OrderStatusUnmapped
from premia_runtime.consumer import ReactionContext

from .conftest import NEW, NOW, Office, Person
from .flows import draft, publish
from .samples import plan_text, principal

LABEL = {"it": "Nome", "en": "Name"}
KPI = {
    "name": "first_time_right",
    "label": LABEL,
    "gives": "percent",
    "direction": "higher is better",
    "period": "month",
    "source": "billing",
}
MODEL = {
    "name": "energy_order",
    "label": LABEL,
    "states": ["signed", "activated", "first_bill_paid", "cancelled", "churned"],
    "statuses": [{"source": "salesforce", "status": "Activated", "state": "activated"}],
}
KWH = {"carrier": "order", "name": "annual_kwh", "type": "count", "unit": "kWh", "label": LABEL}
OWN_KPI = (
    "  first_time_right: {loaded: kpi, gives: percent, over: month, per: payee, "
    "missing: exception}\n"
)


def using(section: str, text: str | None = None) -> str:
    text = text or plan_text()
    assert OWN_KPI in text
    return text.replace(OWN_KPI, "").replace("\ntables:", f"\nuses: {section}\n\ntables:")


def declared(tenant: Any, **changes: Any) -> OrderAttributeDeclared:
    content = {
        "event_id": NEW.new(),
        "occurred_at": NOW,
        "tenant_id": tenant,
        "correlation_id": NEW.new(),
        "version": 1,
        "source": "salesforce",
        "name": "annual_kwh",
        "field": "Annual_kWh__c",
        "standing": "mapped",
        "value_type": "decimal",
        "label": {"it": "Consumo annuo", "en": "Annual consumption"},
        "unit": "kWh",
        "mapping_version": 1,
        "first_seen": datetime(2026, 3, 1, tzinfo=UTC),
        "records": 1000,
        "filled": 982,
        "samples": ["2700"],
    }
    return OrderAttributeDeclared.model_validate(content | changes)


async def arrive(client: httpx.AsyncClient, event: Any) -> None:
    transport = client._transport
    assert isinstance(transport, httpx.ASGITransport)
    runtime = transport.app.state.runtime  # type: ignore[attr-defined]
    context = ReactionContext(NOW, NEW, event.correlation_id)
    react = (
        on_attribute_declared if isinstance(event, OrderAttributeDeclared) else on_status_unmapped
    )
    async with runtime.open_work(event.tenant_id) as work:
        await react(event, work, context)


async def test_what_a_source_declares_becomes_a_variable_with_its_fill_rate(
    client: httpx.AsyncClient, designer: Person
) -> None:
    await arrive(client, declared(designer.tenant))

    (item,) = (await designer.get("/v1/variables")).json()["items"]

    assert (item["path"], item["type"], item["unit"]) == ("order.annual_kwh", "count", "kWh")
    assert item["label"] == {"it": "Consumo annuo", "en": "Annual consumption"}
    assert item["sources"] == [
        {
            "source": "salesforce",
            "name": "annual_kwh",
            "field": "Annual_kWh__c",
            "standing": "mapped",
            "value_type": "decimal",
            "unit": "kWh",
            "first_seen": "2026-03-01T00:00:00Z",
            "records": 1000,
            "fill_rate": "0.982",
            "samples": ["2700"],
            "agrees": True,
        }
    ]


async def test_an_older_declaration_that_comes_late_changes_nothing(
    client: httpx.AsyncClient, designer: Person
) -> None:
    await arrive(client, declared(designer.tenant, version=3, records=10, filled=5))
    await arrive(client, declared(designer.tenant, version=2, records=1, filled=1))

    (seen,) = (await designer.get("/v1/seen-attributes")).json()["items"]

    assert (seen["records"], seen["fill_rate"]) == (10, "0.500")


async def test_a_variable_that_people_changed_stays_theirs(
    client: httpx.AsyncClient, designer: Person
) -> None:
    own = await designer.created("/v1/variables", KWH | {"type": "text", "unit": None})

    await arrive(client, declared(designer.tenant))
    shown = (await designer.get(f"/v1/variables/{own['id']}")).json()

    assert (shown["type"], shown["version"]) == ("text", 1)
    assert [source["agrees"] for source in shown["sources"]] == [False]


async def test_a_field_that_nobody_mapped_is_seen_but_is_no_variable(
    client: httpx.AsyncClient, designer: Person
) -> None:
    await arrive(client, declared(designer.tenant, name="X__c", field="X__c", standing="unmapped"))

    assert (await designer.get("/v1/variables")).json()["items"] == []
    (seen,) = (await designer.get("/v1/seen-attributes", source="salesforce")).json()["items"]
    assert (seen["name"], seen["standing"]) == ("X__c", "unmapped")


async def test_a_unit_on_a_text_is_refused(designer: Person) -> None:
    refused = await designer.post("/v1/variables", KWH | {"type": "text"})

    assert refused.status_code == 422
    assert "a text has no unit" in refused.text


async def test_a_kpi_has_a_source_or_a_formula(designer: Person) -> None:
    neither = await designer.post("/v1/kpis", KPI | {"source": None})
    both = await designer.post("/v1/kpis", KPI | {"formula": "a"})

    assert (neither.status_code, both.status_code) == (422, 422)


async def test_a_plan_pins_a_kpi_and_is_published_with_it_written_out(
    office: Office, designer: Person
) -> None:
    await designer.created("/v1/kpis", KPI)
    path, _ = await draft(designer, using("{kpis: {first_time_right: 1}}"))

    published = await publish(office, designer, path)
    document = (await designer.get(f"{path}/versions/1/document")).json()

    assert published["status"] == "published"
    assert document["document"]["uses"] == {"kpis": {"first_time_right": "1"}}
    assert document["document"]["measures"]["first_time_right"] == {
        "loaded": "kpi",
        "gives": "percent",
        "over": "month",
        "per": "payee",
        "missing": "exception",
    }
    assert "uses: {kpis: {first_time_right: 1}}" in document["text"]


async def test_a_pinned_version_never_means_anything_else(designer: Person) -> None:
    kpi = await designer.created("/v1/kpis", KPI)
    path, plan = await draft(designer, using("{kpis: {first_time_right: 1}}"))

    await designer.put(f"/v1/kpis/{kpi['id']}", KPI | {"missing": "zero"}, if_match=1)
    _, again = await draft(designer, using("{kpis: {first_time_right: 1}}"))

    assert again["outcome"] == "unchanged"
    assert again["version"]["content_hash"] == plan["version"]["content_hash"]
    assert path.endswith(plan["id"])


@pytest.mark.parametrize(
    ("section", "pointer"),
    [
        ("{kpis: {first_time_right: 2}}", "/uses/kpis/first_time_right"),
        ("{kpis: {none: 1}}", "/uses/kpis/none"),
        ("{kpis: {first_time_right: latest}}", "/uses/kpis/first_time_right"),
        ("{kpi: {first_time_right: 1}}", "/uses/kpi"),
    ],
)
async def test_a_pin_that_means_nothing_is_refused_with_its_place(
    designer: Person, section: str, pointer: str
) -> None:
    await designer.created("/v1/kpis", KPI)
    owner = await designer.created("/v1/principals", principal())
    text = using(section)

    refused = await designer.post("/v1/plans", {"principal_id": owner["id"], "document": text})
    checked = (await designer.post("/v1/plans:check", {"document": text})).json()

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["pointer"] == pointer
    assert error["line"] == text[: text.index("uses:")].count("\n") + 1
    assert [finding["pointer"] for finding in checked["findings"]] == [pointer]


async def test_a_pin_of_nothing_is_told_by_name_in_both_languages(designer: Person) -> None:
    text = using("{kpis: {none: 1}}")

    (found,) = (await designer.post("/v1/plans:check", {"document": text})).json()["findings"]

    assert found["message"] == "the catalogue has no KPI none in version 1"
    assert found["in_italian"]["message"] == "il catalogo non ha il KPI none nella versione 1"


async def test_what_a_plan_defines_itself_it_cannot_also_pin(designer: Person) -> None:
    await designer.created("/v1/kpis", KPI | {"missing": "zero"})
    text = plan_text().replace("\ntables:", "\nuses: {kpis: {first_time_right: 1}}\n\ntables:")

    checked = (await designer.post("/v1/plans:check", {"document": text})).json()

    (finding,) = checked["findings"]
    assert finding["message"] == "the plan defines first_time_right itself, otherwise"


async def test_an_error_in_a_plan_with_pins_still_names_its_line(designer: Person) -> None:
    await designer.created("/v1/kpis", KPI)
    text = using("{kpis: {first_time_right: 1}}").replace(
        "amount: order.amount", "amount: order.amuont"
    )
    path, _ = await draft(designer, text)

    refused = await designer.post(f"{path}/versions/1/submit", if_match=1)

    lines = {error["line"] for error in refused.json()["errors"]}
    assert text[: text.index("order.amuont")].count("\n") + 1 in lines


async def test_a_state_model_is_pinned_and_written_out(office: Office, designer: Person) -> None:
    await designer.created("/v1/state-models", MODEL)
    text = plan_text().replace("\ntables:", "\nuses: {state_models: {energy_order: 1}}\n\ntables:")
    path, _ = await draft(designer, text)

    await publish(office, designer, path)
    document = (await designer.get(f"{path}/versions/1/document")).json()["document"]

    assert "churned" in str(document["settlement"]["states"])
    assert document["uses"] == {"state_models": {"energy_order": "1"}}


async def test_a_variable_is_pinned_by_the_name_that_plans_use(designer: Person) -> None:
    await designer.created("/v1/variables", KWH | {"unit": None})
    text = plan_text().replace("\ntables:", "\nuses: {variables: {order.annual_kwh: 1}}\n\ntables:")

    path, _ = await draft(designer, text)
    document = (await designer.get(f"{path}/versions/1/document")).json()["document"]

    assert document["attributes"] == {"order": {"annual_kwh": "count"}}


@pytest.mark.parametrize(
    "change",
    [
        {"implies": {"activated": ["signd"]}},
        {"implies": {"activated": ["signed"], "signed": ["activated"]}},
        {"statuses": [{"source": "s", "status": "X", "state": "none"}]},
        {"states": ["signed", "signed"]},
    ],
)
async def test_a_state_model_that_contradicts_itself_is_refused(
    designer: Person, change: dict[str, Any]
) -> None:
    refused = await designer.post("/v1/state-models", MODEL | change)

    assert refused.status_code == 422, refused.text


async def test_statuses_that_no_version_maps_are_listed_until_one_does(
    client: httpx.AsyncClient, designer: Person
) -> None:
    model = await designer.created("/v1/state-models", MODEL)
    for status in ("On Hold", "Activated", "Lost"):
        event = {
            "event_id": NEW.new(),
            "occurred_at": NOW,
            "tenant_id": designer.tenant,
            "correlation_id": NEW.new(),
            "source": "salesforce",
            "field": "Status",
            "status": status,
            "mapping_version": 1,
            "first_seen": NOW,
        }
        await arrive(client, OrderStatusUnmapped.model_validate(event))
    path = f"/v1/state-models/{model['id']}"

    before = (await designer.get(f"{path}/unmapped-statuses")).json()["items"]
    lost = {"source": "salesforce", "status": "Lost", "state": "cancelled"}
    await designer.put(path, MODEL | {"statuses": [*MODEL["statuses"], lost]}, if_match=1)
    after = (await designer.get(f"{path}/unmapped-statuses")).json()["items"]

    assert [item["status"] for item in before] == ["Lost", "On Hold"]
    assert [item["status"] for item in after] == ["On Hold"]


async def test_plans_that_use_a_kpi_are_listed_with_what_they_pin(
    office: Office, designer: Person
) -> None:
    kpi = await designer.created("/v1/kpis", KPI)
    path, plan = await draft(designer, using("{kpis: {first_time_right: 1}}"))
    await publish(office, designer, path)
    other = plan_text().replace("plan: agency-energy-2026", "plan: own-measure")
    await designer.created("/v1/plans", {"principal_id": plan["principal_id"], "document": other})

    uses = (await designer.get(f"/v1/kpis/{kpi['id']}/uses")).json()["items"]

    found = {
        (use["plan_name"], use["number"], use["status"], use["pinned_version"]) for use in uses
    }
    assert found == {
        ("agency-energy-2026", 1, "published", 1),
        ("own-measure", 1, "draft", None),
    }


async def test_the_impact_of_a_change_names_the_plan_that_would_no_longer_check(
    office: Office, designer: Person
) -> None:
    kpi = await designer.created("/v1/kpis", KPI)
    path, _ = await draft(designer, using("{kpis: {first_time_right: 1}}"))
    await publish(office, designer, path)
    impact = f"/v1/kpis/{kpi['id']}/impact"

    (same,) = (await designer.post(impact, KPI)).json()["items"]
    (broken,) = (await designer.post(impact, KPI | {"gives": "count"})).json()["items"]

    assert (same["outcome"], same["errors"]) == ("fits", [])
    assert broken["outcome"] == "no_longer_checks"
    assert any("first_time_right" in error["message"] for error in broken["errors"])
    assert (await designer.get(f"/v1/kpis/{kpi['id']}")).json()["version"] == 1


async def test_the_impact_of_a_variables_new_type_reaches_plans_that_declare_it(
    designer: Person,
) -> None:
    variable = await designer.created("/v1/variables", KWH | {"unit": None})
    text = plan_text().replace(
        "\ntables:",
        "\nattributes: {order: {annual_kwh: count}}\ncovers: order.annual_kwh > 5\n\ntables:",
    )
    await draft(designer, text)

    (item,) = (
        await designer.post(
            f"/v1/variables/{variable['id']}/impact", KWH | {"type": "text", "unit": None}
        )
    ).json()["items"]

    assert (item["pinned_version"], item["outcome"]) == (None, "no_longer_checks")
    assert item["errors"][0]["pointer"] == "/covers"


async def test_the_catalogue_is_a_tenants_own(
    office: Office, other_office: Office, designer: Person
) -> None:
    kpi = await designer.created("/v1/kpis", KPI)
    stranger = other_office.person("plan_designer")

    assert (await stranger.get(f"/v1/kpis/{kpi['id']}/uses")).status_code == 404
    assert (await stranger.get("/v1/kpis")).json()["items"] == []


async def test_a_kpi_of_a_formula_is_written_out_as_one(designer: Person) -> None:
    formula = {"source": None, "formula": "activated_value / 2", "gives": "money", "name": "half"}
    await designer.created("/v1/kpis", KPI | formula)
    text = plan_text().replace("\ntables:", "\nuses: {kpis: {half: 1}}\n\ntables:")

    path, _ = await draft(designer, text)
    document = (await designer.get(f"{path}/versions/1/document")).json()["document"]

    assert document["measures"]["half"] == {
        "formula": "activated_value / 2",
        "over": "month",
        "per": "payee",
    }


async def test_what_a_pinned_state_model_implies_is_written_out(designer: Person) -> None:
    await designer.created("/v1/state-models", MODEL | {"implies": {"activated": ["signed"]}})
    text = plan_text().replace("\ntables:", "\nuses: {state_models: {energy_order: 1}}\n\ntables:")

    path, _ = await draft(designer, text)
    document = (await designer.get(f"{path}/versions/1/document")).json()["document"]

    assert document["settlement"]["states"]["implies"] == {"activated": ["signed"]}
