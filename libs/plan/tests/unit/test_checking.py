from collections.abc import Callable

import pytest

from premia_plan.checking import Finding, check_plan
from premia_plan.document import parse_plan
from premia_plan.library import library_plan

Findings = Callable[[str, str, str], tuple[Finding, ...]]
AGENCY = library_plan("agency-energy")


@pytest.mark.parametrize(
    ("old", "new", "code", "path", "hint"),
    [
        (
            "participants:",
            "particpants:",
            "key.unknown",
            "/particpants",
            "Did you mean participants?",
        ),
        ("currency: EUR", "currency: XXX", "currency.unknown", "/currency", ""),
        ("Europe/Rome", "Europe/Roma", "time_zone.unknown", "/time_zone", "Europe/Rome"),
        ("to: 2027-01-01, by", "to: 2026-01-01, by", "valid.empty", "/valid", "end day is out"),
        ("by: order.signed_on", "by: order.signed", "name.unknown", "/valid/by", "order.signed_on"),
        ('payee.kind = "agency"', "payee.kind", "unit.not_a_condition", "/participants", ""),
        (
            "match: tree}    #",
            "match: forest}    #",
            "value.not_possible",
            "/tables/commission_rate/keys/0/territory/match",
            "tree",
        ),
        (
            "commission_rate\n    steps",
            "comission_rate\n    steps",
            "name.unknown",
            "/components/base/amount",
            "commission_rate",
        ),
        (
            "credit.amount * commission_rate",
            "credit.amount + commission_rate",
            "unit.mixed",
            "/components/base/amount",
            "write credit.amount * commission_rate",
        ),
        (
            "credit.amount * commission_rate",
            "credit.amount * 2 * 3 % * 1 EUR",
            "unit.mixed",
            "/components/base/amount",
            "",
        ),
        (
            "credit.amount * commission_rate",
            "override * 2",
            "component.reads_component",
            "/components/base/amount",
            "Write earned",
        ),
        (
            "per: credit of sale",
            "per: credit of sales",
            "name.unknown",
            "/components/base/per",
            "sale",
        ),
        (
            "    override: {like: base}\n",
            "",
            "release.missing",
            "/settlement/release",
            "Add override",
        ),
        (
            "override: {like: base}",
            "override: {like: override}",
            "release.cyclic",
            "/settlement/release/override/like",
            "Write one",
        ),
        (
            "share: rest, at: first_bill_paid",
            "share: 35 %, at: first_bill_paid",
            "release.no_rest",
            "/settlement/release/base",
            "last share",
        ),
        ("share: 65 %", "share: 100 %", "release.too_much", "/settlement/release/base", ""),
        (
            "at: activated}",
            "at: activatd}",
            "state.unknown",
            "/settlement/release/base/0/at",
            "activated",
        ),
        (
            "model: energy_order",
            "model: energy_ordr",
            "state_model.unknown",
            "/settlement/states/model",
            "energy_order",
        ),
        (
            "{share: 65 %, at: activated}",
            "{share: 65 %, at: close of the measured month}",
            "state.unknown",
            "/settlement/release/base/0/at",
            "",
        ),
        (
            "      accelerator: {recount: the measured month}\n",
            "",
            "storno.missing",
            "/settlement/storno/effect",
            "Add accelerator",
        ),
        (
            "      base: {takes: 100 %, out_of: released, unreleased: dropped}\n",
            "      base: {recount: the measured month}\n",
            "storno.no_month",
            "/settlement/storno/effect/base",
            "",
        ),
        (
            "takes: 100 %",
            "takes: 101 %",
            "storno.too_much",
            "/settlement/storno/effect/base/takes",
            "Never more",
        ),
        (
            "accelerator: keep",
            "accelerator: release the rest",
            "storno.void_unfit",
            "/settlement/storno/if_void/accelerator",
            "",
        ),
        (
            "share: rest}",
            "share: 75 %, when: order.partner is known}",
            "shares.no_rest",
            "/credits/sale/shares",
            "order's seller",
        ),
        ("share: 25 %", "share: 100 %", "shares.too_much", "/credits/sale/shares", ""),
        ("of: sale, along", "of: team, along", "name.unknown", "/credits/team/rollup/of", "sale"),
        (
            "      below_first: nothing\n      above_last: open\n      bands: [{from: 0 %, gives: 0 %}",
            "      bands: [{from: 50 %, gives: 0 %}",
            "tiers.not_from_zero",
            "/components/accelerator/tiers/bands/0",
            "Start at 0",
        ),
        (
            "{from: 115 %,",
            "{from: 100 %,",
            "tiers.not_rising",
            "/components/accelerator/tiers/bands/2",
            "low to high",
        ),
        (
            "{from: 115 %,",
            "{from: 115 EUR,",
            "unit.unexpected",
            "/components/accelerator/tiers/bands/2/from",
            "3 %",
        ),
        (
            "cap: 2 500 EUR",
            "cap: 2 500.001 EUR",
            "value.not_possible",
            "/components/accelerator/steps/2/cap",
            "cent",
        ),
        (
            "gate: first_time_right",
            "gate: first_time_rigth",
            "name.unknown",
            "/components/accelerator/steps/1/gate",
            "first_time_right",
        ),
        (
            "looked_up_by: attainment",
            "looked_up_by: attainmnt",
            "name.unknown",
            "/components/accelerator/tiers/looked_up_by",
            "attainment",
        ),
        (
            "  activated_value: {gives: money, over: month, per: payee, joiner: by calendar days, missing",
            "  activated_valu: {gives: money, over: month, per: payee, joiner: by calendar days, missing",
            "name.unknown",
            "/targets/activated_valu",
            "activated_value",
        ),
        (
            "gives: 3 %}\n",
            "gives: 3 EUR}\n",
            "unit.unexpected",
            "/tables/commission_rate/rows/0/gives",
            "3 %",
        ),
        (
            "payee: A1, reports_to",
            "payee: A9, reports_to",
            "example.unknown_payee",
            "/examples/0/given/hierarchy/sales/0/payee",
            "A1",
        ),
        (
            "seller: A1",
            "seller: AA1",
            "example.unknown_payee",
            "/examples/0/given/orders/0/seller",
            "A1",
        ),
        (
            "{base: 23.40 EUR}",
            "{bse: 23.40 EUR}",
            "name.unknown",
            "/examples/0/expect/A1/2026-03/bse",
            "base",
        ),
        (
            "like: one order, paid in two parts",
            "like: one order",
            "name.unknown",
            "/examples/1/given/like",
            "one order",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_and_a_hint(
    old: str, new: str, code: str, path: str, hint: str, findings: Findings
) -> None:
    found = findings(AGENCY, old, new)

    matching = [item for item in found if item.code == code and item.path == path]
    assert matching, [(item.code, item.path, item.message) for item in found]
    assert hint in matching[0].hint
    assert matching[0].line is not None
    assert check_plan(parse_plan(AGENCY.replace(old, new, 1))).plan is None


@pytest.mark.parametrize(
    ("written", "code", "message"),
    [
        ("{total: credit.amount, over: month, per: payee}", "key.unknown", "'total' is not known"),
        ("{over: month, per: payee}", "key.missing", "nothing says which kind this is"),
        ("all of it", "value.shape", "names with values is expected here"),
    ],
)
def test_where_several_kinds_may_stand_the_hint_names_them(
    written: str, code: str, message: str, findings: Findings
) -> None:
    found = findings(AGENCY, "measures:", f"measures:\n  whole: {written}")

    [one] = [item for item in found if item.path.startswith("/measures/whole")]
    assert (one.code, one.message.startswith(message)) == (code, True), one
    kinds = ("average", "count", "distinct", "formula", "loaded", "ratio", "sum")
    assert all(kind in one.hint for kind in kinds), one.hint


def test_a_measure_that_says_its_kind_is_told_what_else_it_needs(findings: Findings) -> None:
    written = "measures:\n  whole: {sum: credit.amount, over: month, per: payee}"

    found = findings(AGENCY, "measures:", written)

    assert {(item.path, item.hint) for item in found} == {
        ("/measures/whole", "Add of: …"),
        ("/measures/whole", "Add dated_by: …"),
    }


def test_what_follows_from_a_mistake_is_not_told_as_another(findings: Findings) -> None:
    found = findings(AGENCY, "sum: credit.amount", "sum: credit.amuont")

    assert [item.path for item in found] == ["/measures/activated_value/sum"]


def test_the_line_and_column_of_a_finding_are_those_of_the_text(findings: Findings) -> None:
    [found] = findings(AGENCY, "credit.amount * commission_rate", "credit.amount * comission_rate")

    line = AGENCY.splitlines().index("    amount: credit.amount * commission_rate") + 1
    assert (found.line, found.column) == (line, 5)


def test_components_that_pay_on_each_other_are_named_as_a_circle(findings: Findings) -> None:
    text = AGENCY.replace("credit.amount * override_rate", "base * 10 %")

    found = findings(text, "credit.amount * commission_rate", "override * 10 %")

    assert {item.code for item in found} == {"components.cyclic"}
    assert "base → override → base" in found[0].message


def test_a_plan_without_examples_is_not_finished() -> None:
    text = AGENCY.partition("\nexamples:")[0] + "\n"

    check = check_plan(parse_plan(text))

    assert [item.code for item in check.findings] == ["examples.missing"]
    assert check.plan is None


def test_a_better_result_at_a_lower_rate_is_a_warning_only() -> None:
    text = AGENCY.replace("{from: 115 %, gives: 3 %}", "{from: 115 %, gives: 1 %}")

    check = check_plan(parse_plan(text))

    assert [(item.severity, item.code) for item in check.findings] == [("warning", "tiers.falling")]
    assert check.plan is not None


def test_a_document_that_was_published_is_checked_without_places() -> None:
    document = parse_plan(AGENCY)
    published = type(document).from_canonical(
        document.canonical().replace(b"credit.amount * commission_rate", b"credit.amont")
    )

    [found] = check_plan(published).findings

    assert (found.line, found.column, found.path) == (None, None, "/components/base/amount")


@pytest.mark.parametrize(
    ("change", "message", "hint"),
    [
        (
            ("credit.amount * commission_rate", "credit.amuont * commission_rate"),
            "in 'credit.amuont * commission_rate', al carattere 1, credit.amuont qui non è noto",
            "Si intendeva credit.amount?",
        ),
        (
            ("cap: 2 500 EUR", "cap: 2 500 USD"),
            "USD non è la valuta del piano",
            "Scrivi l'importo in EUR",
        ),
        (("divides: base", "devides: base"), "'devides' qui non è noto", "Si intendeva divides?"),
        (("share: 65 %", "share: 65 pct"), "'65 pct' non è scritto come si deve", None),
        (
            ("mode: half_up, each: line", "mode: half_upp, each: line"),
            "'half_upp' qui non è possibile",
            None,
        ),
    ],
)
def test_what_is_wrong_is_told_in_italian_too(
    change: tuple[str, str], message: str, hint: str | None
) -> None:
    text = library_plan("agency-energy").replace(*change, 1)

    told = [finding.in_italian for finding in check_plan(parse_plan(text)).errors]

    assert message in [each.message for each in told if each is not None]
    assert hint is None or hint in [each.hint for each in told if each is not None]


@pytest.mark.parametrize(("gate", "errors"), [("target.stretch > 1 EUR", 0), ("1 EUR > 0 EUR", 1)])
def test_a_target_without_a_measure_needs_a_formula_that_names_it(gate: str, errors: int) -> None:
    text = (
        library_plan("agency-energy")
        .replace("targets:\n", "targets:\n  stretch: {gives: money, over: month, per: payee}\n", 1)
        .replace("gate: first_time_right >= 92 %", f"gate: {gate}", 1)
    )

    found = [item for item in check_plan(parse_plan(text)).errors if "stretch" in item.path]

    assert [item.code for item in found] == ["name.unknown"] * errors
    assert all("name target.stretch in a formula" in item.hint for item in found)


def test_a_hierarchy_that_no_example_gives_is_warned_of_where_examples_give_others(
    findings: Findings,
) -> None:
    [found] = findings(AGENCY, "along: sales", "along: slaes")

    assert (found.severity, found.code) == ("warning", "hierarchy.not_given")
    assert found.path.endswith("/rollup/along")
    assert (found.message, found.hint) == (
        "no example gives a hierarchy slaes",
        "Did you mean sales?",
    )
    assert found.in_italian is not None
    assert found.in_italian.message == "nessun esempio dà una gerarchia slaes"
    without = AGENCY.replace("hierarchy: {sales: [{payee: A1, reports_to: M1}]}\n", "\n")
    assert "hierarchy" not in without
    assert not findings(without, "along: sales", "along: slaes")
