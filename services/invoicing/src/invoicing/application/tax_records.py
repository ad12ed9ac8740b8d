"""Tax items as they are stored and shown: with the rule, its numbers and its formula."""

from datetime import date
from typing import Literal

from invoicing.domain.tax import ParameterUsed, TaxItem, TaxResult
from premia_common.contracts.fields import DecimalText, MoneyOut, Part
from premia_common.contracts.invoices import TaxItem as TaxItemInEvent


class ParameterRecord(Part):
    """A number of the law as a rule read it."""

    name: str
    unit: str
    day: date
    """The day it was looked up for."""
    value: DecimalText
    valid_from: date
    status: Literal["provisional", "final"]
    reference: str

    @classmethod
    def of(cls, used: ParameterUsed) -> "ParameterRecord":
        """Write down a parameter's use."""
        value = used.value
        return cls(
            name=used.name,
            unit=used.unit,
            day=used.day,
            value=value.value,
            valid_from=value.valid_from,
            status=value.status,
            reference=value.reference,
        )


class TaxItemRecord(Part):
    """One tax amount that explains itself."""

    code: Literal["vat", "withholding", "stamp"]
    rule: str
    base: MoneyOut
    rate: DecimalText
    amount: MoneyOut
    effect: Literal["added", "deducted", "information"]
    formula: str
    inputs: tuple[str, ...]
    parameters: tuple[ParameterRecord, ...]
    unrounded: DecimalText
    legal_code: str | None
    text_key: str | None

    @classmethod
    def of(cls, item: TaxItem) -> "TaxItemRecord":
        """Write down an item."""
        return cls(
            code=item.code,
            rule=item.rule,
            base=MoneyOut.of(item.base),
            rate=item.rate,
            amount=MoneyOut.of(item.amount),
            effect=item.effect,
            formula=item.formula,
            inputs=item.inputs,
            parameters=tuple(ParameterRecord.of(used) for used in item.parameters),
            unrounded=item.unrounded,
            legal_code=item.legal_code,
            text_key=item.text_key,
        )


class TaxRecord(Part):
    """The tax items of a document and its totals."""

    items: tuple[TaxItemRecord, ...]
    taxable: MoneyOut
    vat: MoneyOut
    withholding: MoneyOut
    net: MoneyOut

    @classmethod
    def of(cls, result: TaxResult) -> "TaxRecord":
        """Write down a result."""
        return cls(
            items=tuple(TaxItemRecord.of(item) for item in result.items),
            taxable=MoneyOut.of(result.taxable),
            vat=MoneyOut.of(result.vat),
            withholding=MoneyOut.of(result.withholding),
            net=MoneyOut.of(result.net),
        )


def items_for_event(record: TaxRecord) -> tuple[TaxItemInEvent, ...]:
    """Return the items as readers of the topic know them."""
    return tuple(
        TaxItemInEvent(
            code=item.code,
            rule=item.rule,
            base=item.base,
            rate=item.rate,
            amount=item.amount,
            effect=item.effect,
        )
        for item in record.items
    )
