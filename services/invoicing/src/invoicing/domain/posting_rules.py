"""Where a principal's books take each part of an invoice."""

from collections.abc import Mapping
from dataclasses import dataclass

from invoicing.domain.tax_regime import LineKind


class PostingRuleMissing(Exception):
    """Raised when a principal's posting rules say nothing about a part of an invoice."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The principal's posting rules have no entry for {what}.  "
            "Add it with PUT /v1/posting-rules/{principal_id}."
        )


@dataclass(frozen=True, slots=True)
class WithholdingPosting:
    """SAP's withholding type and code."""

    type_code: str
    tax_code: str


@dataclass(frozen=True, slots=True)
class PostingRules:
    """Accounts, cost centre and tax codes of one principal.

    `vat_codes` is keyed by rate in percent (`22`) or by exemption code (`N2.2`);
    `withholding_codes` by the withholding's reason (`Q`, `R`, `U`).
    """

    version: int
    cost_center: str
    gl_accounts: Mapping[LineKind, str]
    vat_codes: Mapping[str, str]
    withholding_codes: Mapping[str, WithholdingPosting]

    def gl_account(self, kind: LineKind) -> str:
        """Return the account of a kind of pay.

        Raises:
            PostingRuleMissing: if there is none.
        """
        if kind not in self.gl_accounts:
            raise PostingRuleMissing(f"the G/L account of {kind}")
        return self.gl_accounts[kind]

    def vat_code(self, key: str) -> str:
        """Return SAP's tax code of a VAT rate or exemption.

        Raises:
            PostingRuleMissing: if there is none.
        """
        if key not in self.vat_codes:
            raise PostingRuleMissing(f"the VAT code of {key}")
        return self.vat_codes[key]

    def withholding(self, reason: str) -> WithholdingPosting:
        """Return SAP's codes of a withholding.

        Raises:
            PostingRuleMissing: if there are none.
        """
        if reason not in self.withholding_codes:
            raise PostingRuleMissing(f"withholding with reason {reason}")
        return self.withholding_codes[reason]


class PostingRulesChanged(Exception):
    """Raised when posting rules are not in the version the caller has seen."""

    def __init__(self, version: int) -> None:
        super().__init__(
            f"The posting rules are in version {version}.  Read them again, then decide."
        )
