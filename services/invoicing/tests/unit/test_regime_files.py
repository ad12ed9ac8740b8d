from importlib.resources import files
from itertools import product

import pytest

from invoicing.adapters.regime_files import (
    RegimeDataInvalid,
    load_regimes,
    read_parameters,
    read_regime,
)
from invoicing.domain.fiscal_identity import LegalForm, Role, TaxRegimeCode
from invoicing.domain.regime_choice import RegimesOverlap, find_regime

FOLDER = files("invoicing") / "regimes" / "it"
TEXT = (FOLDER / "agent-individual.yaml").read_text()
PARAMETERS = read_parameters("parameters.yaml", (FOLDER / "parameters.yaml").read_text())


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("version: 1\n", "version: 1\nvalid: 2026\n", "valid"),
        ("reduced_share:", "reducedShare:", "reducedShare"),
        ("kind: vat_by_rate", "kind: formula", "rules"),
        ("date_basis: payment", "date_basis: today", "date_basis"),
        ("rate: vat.standard", "rate: vat.standrad", "vat.standrad"),
        ("rate: vat.standard", "exemption: {code: N2.2}", "text_key"),
        ('amount: "5000.00"', "amount: 5000.00", "amount"),
        ("regime: it-agent-individual", "regime: [", "not YAML"),
        ("version: 1\n", "version: 1\nversion: 2\n", "not YAML"),
    ],
)
def test_a_regime_file_that_does_not_fit_names_the_key(before, after, named):
    assert before in TEXT

    with pytest.raises(RegimeDataInvalid, match=r"broken\.yaml") as refused:
        read_regime("broken.yaml", TEXT.replace(before, after), PARAMETERS)

    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ('{from: 2026-01-01, value: 22, status: final, ref: "a law"}', "write 22 as text"),
        ('{from: 2026-01-01, value: "22", status: sure, ref: "a law"}', "status"),
        ('{from: 2026-01-01, value: "22", status: final}', "ref"),
        (
            (
                '{from: 2026-01-01, value: "22", status: final, ref: a}, '
                '{from: 2025-01-01, value: "21", status: final, ref: b}'
            ),
            "rising days",
        ),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(values, named):
    text = f"schema: 1\nparameters:\n  x: {{unit: percent, values: [{values}]}}\n"

    with pytest.raises(RegimeDataInvalid) as refused:
        read_parameters("numbers.yaml", text)

    assert named in str(refused.value)


def test_no_payee_falls_under_two_regimes():
    regimes = load_regimes()
    found = [
        find_regime(regimes, role=role, legal_form=form, residence="IT", tax_regime=code)
        for role, form, code in product(Role, LegalForm, TaxRegimeCode)
    ]

    assert {regime.id for regime in found if regime} == {regime.id for regime in regimes}


def test_two_regimes_for_one_payee_contradict_each_other():
    regimes = load_regimes()

    with pytest.raises(RegimesOverlap, match="narrow their applies_when"):
        find_regime(
            (*regimes, *regimes),
            role=Role.AGENT,
            legal_form=LegalForm.INDIVIDUAL,
            residence="IT",
            tax_regime=TaxRegimeCode.ORDINARY,
        )
