"""The JSON Schema of a plan document: its shape, before names and units are looked at.

One module per section; `plan_schema` composes them, `published_schema` says what each key is for.
"""

from premia_plan.schema.describing import published_schema
from premia_plan.schema.document import plan_schema, schema_of_values
from premia_plan.schema.shapes import DAY, MONEY, MONTH, NAME, QUANTITY, RATE, Schema

__all__ = [
    "DAY",
    "MONEY",
    "MONTH",
    "NAME",
    "QUANTITY",
    "RATE",
    "Schema",
    "plan_schema",
    "published_schema",
    "schema_of_values",
]
