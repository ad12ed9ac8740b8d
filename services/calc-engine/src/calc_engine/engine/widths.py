"""How wide small numbers are kept and written: what is sorted or joined is moved byte by byte."""

_WIDTHS = {
    **dict.fromkeys(
        ("payee_no", "below_no", "superior_no", "seller_no", "partner_no", "order_no"), "INTEGER"
    ),
    **dict.fromkeys(("month", "as_of", "competence", "event", "leaves_in"), "INTEGER"),
    **dict.fromkeys(
        ("by_month", "last_month", "reversal_month", "kind_code", "kind", "sold_no"), "INTEGER"
    ),
    **dict.fromkeys(("plan_no", "principal_no", "band", "stage"), "SMALLINT"),
    **dict.fromkeys(
        ("component", "what", "was", "outcome", "why", "standing", "refusal"), "TINYINT"
    ),
    **dict.fromkeys(("place", "level", "share"), "TINYINT"),
}
_FAMILIES = {"what_": "TINYINT", "why_": "TINYINT", "lands_": "INTEGER", "competence_": "INTEGER",
             "row_": "INTEGER", "question_": "INTEGER",
             "counts_in_": "INTEGER", "leaves_in_": "INTEGER"}  # fmt: skip
"""Columns of which there are several, by the beginnings of their names."""


def width_of(name: str) -> str | None:
    """Return the narrowest type that a column of small numbers needs; None for any other.

    A number that does not fit is an error when it is kept, never a wrong one.

    >>> width_of("payee_no"), width_of("row_0"), width_of("units")
    ('INTEGER', 'INTEGER', None)
    """
    for family, width in _FAMILIES.items():
        if name.startswith(family):
            return width
    return _WIDTHS.get(name)
