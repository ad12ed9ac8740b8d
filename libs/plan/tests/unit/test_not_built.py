import pytest

from premia_plan.checking import Finding, check_plan
from premia_plan.document import parse_plan
from premia_plan.library import library_plan

AGENCY = library_plan("agency-energy")


def findings(old: str, new: str) -> tuple[Finding, ...]:
    assert AGENCY.count(old) >= 1, old
    return check_plan(parse_plan(AGENCY.replace(old, new, 1))).findings


@pytest.mark.parametrize(
    ("old", "new", "path", "hint"),
    [
        (
            "negative_balance: carried",
            "negative_balance: paid back",
            "/payment/negative_balance",
            "carried",
        ),
        (
            "per: payee, joiner: by calendar days, missing: exception}\nattainments",
            "per: payee, joiner: by working days, missing: exception}\nattainments",
            "/targets/activated_value/joiner",
            "by calendar days",
        ),
    ],
)
def test_a_payment_or_joiner_of_another_kind_is_refused(
    old: str, new: str, path: str, hint: str
) -> None:
    [found] = findings(old, new)

    assert (found.severity, found.code, found.path) == ("error", "value.not_possible", path)
    assert hint in found.hint


def test_a_least_payment_in_another_currency_is_refused() -> None:
    [found] = findings("minimum: 0 EUR", "minimum: 0 CHF")

    assert (found.code, found.path) == ("unit.currency", "/payment/minimum")


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        (
            "    of: sale\n",
            "    of: team\n",
            "credit.not_for_target",
            "/measures/activated_value/of",
        ),
        (
            "counts_for: [money, target]",
            "counts_for: [target]",
            "credit.not_for_money",
            "/components/base/per",
        ),
    ],
)
def test_a_credit_is_used_only_for_what_it_counts_for(
    old: str, new: str, code: str, path: str
) -> None:
    found = findings(old, new)

    assert (code, path) in [(item.code, item.path) for item in found]
