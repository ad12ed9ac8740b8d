"""Which regime a profile falls under."""

from collections.abc import Iterable

from invoicing.domain.fiscal_identity import LegalForm, Role, TaxRegimeCode
from invoicing.domain.fiscal_profile import FiscalContent
from invoicing.domain.tax_regime import TaxRegime


class RegimesOverlap(Exception):
    """Raised when a profile falls under two regimes: the data contradict themselves."""


class NoRegimeForProfile(Exception):
    """Raised when no regime is written for such a payee."""

    def __init__(
        self, role: Role, legal_form: LegalForm, residence: str, tax_regime: TaxRegimeCode
    ) -> None:
        super().__init__(
            f"no tax regime is written for role {role.value}, legal form {legal_form.value}, "
            f"residence {residence}, {tax_regime.value}; correct the profile or add the "
            "regime's data"
        )


def regime_for(content: FiscalContent, regimes: Iterable[TaxRegime]) -> TaxRegime:
    """Return the one regime for a profile.

    Raises:
        NoRegimeForProfile: if no regime is written for it.
        RegimesOverlap: if two regimes claim it.
    """
    found = find_regime(
        regimes,
        role=content.role,
        legal_form=content.legal_form,
        residence=content.residence,
        tax_regime=content.tax_regime,
    )
    if found is None:
        raise NoRegimeForProfile(
            content.role, content.legal_form, content.residence, content.tax_regime
        )
    return found


def find_regime(
    regimes: Iterable[TaxRegime],
    *,
    role: Role,
    legal_form: LegalForm,
    residence: str,
    tax_regime: TaxRegimeCode,
) -> TaxRegime | None:
    """Return the one regime for such a payee, or None if none is written for it.

    Raises:
        RegimesOverlap: if two regimes claim it.
    """
    found = [
        regime
        for regime in regimes
        if role in regime.applies_when.roles
        and legal_form in regime.applies_when.legal_forms
        and residence == regime.applies_when.residence
        and tax_regime in regime.applies_when.tax_regimes
    ]
    if len(found) > 1:
        names = ", ".join(regime.id for regime in found)
        raise RegimesOverlap(f"a profile falls under {names}; narrow their applies_when")
    return found[0] if found else None
