"""The worked examples."""

from premia_plan.schema.shapes import (
    DAY,
    MONEY,
    MONTH,
    QUANTITY,
    RATE,
    Schema,
    list_of,
    mapping,
    object_of,
    text,
)


def _example() -> Schema:
    given = object_of(
        {},
        {
            "like": text(),
            "payees": list_of(mapping(text())),
            "hierarchy": mapping(list_of(object_of({"payee": text(), "reports_to": text()}))),
            "trees": mapping(list_of(object_of({"code": text()}, {"parent": text()}))),
            "targets": list_of(mapping(text())),
            "kpis": list_of(mapping(text())),
            "openings": list_of(
                object_of(
                    {
                        "measure": text(),
                        "payee": text(),
                        "month": text(),
                        "amount": text(QUANTITY),
                        "day": text(DAY),
                    }
                )
            ),
            "orders": list_of(_example_order(), least=0),
            "reversals": list_of(
                object_of(
                    {"order": text()},
                    {
                        "day": text(DAY),
                        "amount": text(MONEY),
                        "share": text(RATE),
                        "imputable_to": text(),
                        "cause": text(),
                    },
                )
            ),
        },
    )
    amounts = mapping(mapping(text(MONEY)), MONTH)
    return object_of(
        {"name": text(), "given": given, "expect": mapping(amounts)},
        {"exceptions": list_of(text())},
    )


def _example_order() -> Schema:
    order = object_of(
        {"id": text(), "signed_on": text(DAY), "amount": text(MONEY)},
        {
            "seller": text(),
            "partner": text(),
            "category": text(),
            "territory": text(),
            "states": mapping(text(DAY)),
        },
    )
    order["additionalProperties"] = text()
    return order


def examples() -> Schema:
    """Return the shape of the worked examples."""
    return list_of(_example(), least=0)
