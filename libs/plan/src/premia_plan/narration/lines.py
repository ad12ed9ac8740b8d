"""What a line of a statement is, in words for the payee who reads it."""

from collections.abc import Mapping
from decimal import Decimal

from premia_plan.narration.phrase import Language, Phrase

CORRECTION: Phrase = {"it": "rettifica", "en": "correction"}
"""A release below zero, and what a reversal gives: a limit or a period was counted again."""

_WORDS: Mapping[str, Phrase] = {
    "release": {"it": "liquidato", "en": "released"},
    "reversal": {"it": "stornato", "en": "taken back"},
    "void_release": {"it": "liquidato nonostante lo storno", "en": "released despite the reversal"},
    "reinstatement": {"it": "ripristinato", "en": "reinstated"},
    "restatement": {"it": "rettifica di un periodo chiuso", "en": "correction of a closed period"},
    "held": {"it": "trattenuto", "en": "held"},
    "not_paid": {"it": "non pagato", "en": "not paid"},
    "payee_cap": {"it": "oltre il tetto dell'accordo", "en": "over the agreement's cap"},
    "adjustment": {"it": "rettifica manuale", "en": "manual adjustment"},
    "already_paid": {"it": "già pagato altrove", "en": "already paid elsewhere"},
    "reserve_withheld": {"it": "accantonato nella riserva", "en": "withheld for the reserve"},
    "reserve_used": {"it": "coperto dalla riserva", "en": "met from the reserve"},
    "reserve_released": {"it": "svincolato dalla riserva", "en": "released from the reserve"},
    "draw": {"it": "anticipo", "en": "draw"},
    "draw_recovery": {"it": "recupero dell'anticipo", "en": "recovery of the draw"},
    "loan": {"it": "prestito", "en": "loan"},
    "loan_recovery": {"it": "rata del prestito", "en": "repayment of the loan"},
    "forgiven": {"it": "condonato", "en": "forgiven"},
    "carried_in": {"it": "riportato dal mese prima", "en": "carried from the month before"},
    "carried_out": {"it": "riportato al mese dopo", "en": "carried to the next month"},
}
_OTHER_SIGN = {"release": -1, "reversal": 1}


def line_words(what: str, amount: Decimal) -> Mapping[Language, str]:
    """Say what a line is; one whose sign is not that of its kind is a correction.

    >>> line_words("release", Decimal(20))["en"], line_words("release", Decimal(-20))["en"]
    ('released', 'correction')
    >>> line_words("reversal", Decimal(5))["it"], line_words("reversal", Decimal(-5))["it"]
    ('rettifica', 'stornato')

    Raises:
        KeyError: if there is no such kind of line.
    """
    return CORRECTION if amount * _OTHER_SIGN.get(what, 0) > 0 else _WORDS[what]
