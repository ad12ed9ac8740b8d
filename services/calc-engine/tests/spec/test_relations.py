"""How recorded orders, payees and plans become the rows a plan reads."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from calc_engine.domain.plan_relations import relations_for, shared_rows
from calc_engine.domain.records import Records
from calc_engine.domain.reporting_lines import network_below
from premia_common.contracts.fields import DatedAttribute, DatedExternalId
from premia_common.contracts.orders import BillingSignalRecorded
from premia_common.contracts.plans import Holding, PlanRetired
from premia_plan.quantities import Unit

from .. import samples as s  # noqa: TID252
from .as_recorded import A1, AGENCY, M1, TENANT, facts_of, order, recorded, states, the_order


def test_the_highest_version_of_an_order_is_the_order() -> None:
    newest = order(version=3, amount="300.00")

    row = the_order(newest, order(version=1), order(version=2, amount="200.00"))

    assert row.amount == Decimal("300.00")
    assert row.source.id == "order/salesforce/R-O1/2026-03-03T00:00:00Z/000001"


def test_what_follows_from_an_order_does_not_depend_on_the_message_it_came_in() -> None:
    alone = s.order(TENANT, "O1", "100.00", states={})
    in_a_batch = alone.model_copy(
        update={"raw": alone.raw.model_copy(update={"message_id": "batch", "part": "17"})}
    )

    assert the_order(alone).source == the_order(in_a_batch).source


def test_of_a_state_reached_twice_the_first_arrival_counts() -> None:
    terminated = BillingSignalRecorded(
        **{
            **s.bill_paid(TENANT, "O1", "2026-05-01").model_dump(),
            "signal": "contract.terminated",
            "signal_id": "T-1",
            "imputable_to": "customer",
            "cause": "moved",
        }
    )

    row = the_order(order(states={"churned": "2026-05-09"}), terminated)

    assert states(row) == {"churned": "2026-05-01"}
    assert (row.imputable_to, row.cause) == ("customer", "moved")


def test_a_deleted_order_counts_as_cancelled_on_the_day_of_that_version() -> None:
    row = the_order(order(version=2, deleted=True))

    assert states(row) == {"activated": "2026-03-04", "cancelled": "2026-03-02"}
    assert row.cause == "deleted"


def test_a_code_means_the_payee_that_had_it_on_the_signing_day() -> None:
    moved = s.payee(TENANT, "A1", version=2).model_copy(
        update={
            "external_ids": (
                DatedExternalId(
                    system="salesforce",
                    code="A1",
                    valid_from=date(2020, 1, 1),
                    valid_to=date(2026, 2, 20),
                ),
            )
        }
    )
    successor = s.payee(TENANT, "B1").model_copy(
        update={
            "external_ids": (
                DatedExternalId(system="salesforce", code="A1", valid_from=date(2026, 2, 20)),
            )
        }
    )

    before = the_order(moved, successor, order(signed_on=date(2026, 2, 19)))
    after = the_order(moved, successor, order(signed_on=date(2026, 2, 20)))

    assert before.seller is not None
    assert after.seller is not None
    assert before.seller.payee_id == A1
    assert after.seller.payee_id == str(s.ident(TENANT, "payee", "B1"))


def test_an_unknown_code_stays_as_the_source_wrote_it() -> None:
    row = the_order(order(seller="AG-9"))

    assert row.seller is not None
    assert not row.seller.is_resolved
    assert (row.seller.system, row.seller.code) == ("salesforce", "AG-9")


def test_an_order_of_an_unknown_principal_is_an_exception_not_a_dropped_row() -> None:
    _, shared = recorded(order(principal_code="9999"))

    assert shared.orders == ()
    assert [(item.code, item.blocks) for item in shared.exceptions] == [
        ("unknown-principal", False)
    ]
    assert "principal 9999 is unknown" in shared.exceptions[0].message


def test_reporting_lines_follow_the_holders_of_positions_day_by_day() -> None:
    position = s.position(TENANT, "M1", None).model_copy(
        update={
            "version": 2,
            "holdings": (
                Holding(payee_id=UUID(M1), valid_from=date(2020, 1, 1), valid_to=date(2026, 3, 1)),
                Holding(payee_id=UUID(int=8), valid_from=date(2026, 4, 1)),
            ),
        }
    )

    records, _ = recorded(position)

    edges = [
        (edge.payee_id, edge.reports_to, edge.valid_from, edge.valid_to) for edge in records.edges
    ]
    assert edges == [
        (A1, M1, date(2020, 1, 1), date(2026, 3, 1)),
        (A1, str(UUID(int=8)), date(2026, 4, 1), None),
    ]
    assert network_below(records.edges, M1, date(2026, 2, 28)) == {A1}
    assert network_below(records.edges, M1, date(2026, 3, 1)) == frozenset()


def test_an_assignment_counts_within_its_mandate_and_knows_the_acceptance() -> None:
    ended = s.mandate(TENANT, "A1").model_copy(update={"version": 2, "valid_to": date(2026, 6, 1)})
    records, shared = recorded(ended)

    rows = {
        row.payee_id: row
        for row in relations_for(records.plans[0], records, shared, AGENCY).assignments
    }

    assert (rows[A1].valid_to, rows[A1].accepted) == (date(2026, 6, 1), True)
    assert rows[M1].valid_to is None


def test_without_an_acceptance_of_this_document_the_plan_is_not_accepted() -> None:
    records = Records.of(facts_of(s.master_data(TENANT, accept=False)))

    rows = relations_for(records.plans[0], records, shared_rows(records), AGENCY).assignments

    assert {row.accepted for row in rows} == {False}


def test_attributes_have_the_type_that_the_plan_declares() -> None:
    records, shared = recorded(order(attributes={"kwp": "6.40", "product": "10", "note": "x"}))

    declared = {"kwp": Unit.COUNT, "product": Unit.TEXT}

    relations = relations_for(
        records.plans[0], records, shared, replace(AGENCY, order_attributes=declared)
    )

    assert relations.orders[0].attributes == {"kwp": Decimal("6.40"), "product": "10"}


def test_a_retired_version_earns_for_no_order_signed_after() -> None:
    plan = s.plan_published(TENANT, s.agency_plan_text())
    retired = PlanRetired(
        event_id=UUID(int=1),
        occurred_at=s.KNOWN,
        tenant_id=TENANT,
        correlation_id=UUID(int=2),
        version=2,
        plan_id=plan.plan_id,
        plan_name=plan.plan_name,
        retired_version=1,
        retired_from=date(2026, 2, 20),
    )

    records, shared = recorded(retired, order(signed_on=date(2026, 2, 20)))

    assert shared.orders == ()
    assert records.plans[0].effective_document()["valid"]["to"] == "2026-02-20"
    assert records.plans[0].content_hash == plan.content_hash


def test_targets_and_measurements_are_rows_of_the_payee() -> None:
    _, shared = recorded()

    assert {(row.payee_id, row.name, row.amount) for row in shared.targets} == {
        (A1, "activated_value", Decimal("50000.00"))
    }
    assert [row.value for row in shared.measurements if row.month == "2026-03"] == [Decimal("0.95")]


def test_an_attribute_that_does_not_fit_its_unit_stays_to_be_told() -> None:
    sold = order().model_copy(update={"attributes": {"kwp": "six", "peak": "6.40", "more": "1"}})
    records, shared = recorded(sold)
    plan = replace(AGENCY, order_attributes={"kwp": Unit.COUNT, "peak": Unit.COUNT})

    [row] = relations_for(records.plans[0], records, shared, plan).orders

    assert row.attributes == {"kwp": "six", "peak": Decimal("6.40")}


def test_a_dated_attribute_of_a_payee_is_a_row_of_its_own_days() -> None:
    target_pay = DatedAttribute(
        name="target_pay",
        type="money",
        value="12000.00",
        unit="EUR",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 7, 1),
    )
    payee = s.payee(TENANT, "A1", version=2).model_copy(update={"dated_attributes": (target_pay,)})
    records, _ = recorded(payee)

    rows = [
        (row.valid_from, row.valid_to, row.attributes)
        for row in records.payees
        if row.payee_id == A1
    ]

    assert rows == [
        (date(2020, 1, 1), None, {"channel": "field", "kind": "agency"}),
        (date(2026, 1, 1), date(2026, 7, 1), {"target_pay": Decimal("12000.00")}),
    ]
