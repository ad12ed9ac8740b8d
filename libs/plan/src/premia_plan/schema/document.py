"""The whole document, composed of its sections."""

from premia_plan.schema import measures as measuring
from premia_plan.schema import settlement as settling
from premia_plan.schema import steps
from premia_plan.schema import tiers as tiering
from premia_plan.schema.attributes import attributes
from premia_plan.schema.components import components
from premia_plan.schema.credits import credits
from premia_plan.schema.examples import examples
from premia_plan.schema.head import ACCEPTANCE, HEAD, covers
from premia_plan.schema.measures import measures
from premia_plan.schema.payment import payment
from premia_plan.schema.settlement import settlement
from premia_plan.schema.shapes import Schema, object_of
from premia_plan.schema.tables import tables
from premia_plan.schema.targets import attainments, populations, targets
from premia_plan.schema.tiers import tiers


def plan_schema() -> Schema:
    """Return the JSON Schema (2020-12) of a plan document in language 1."""
    root = object_of(
        {
            **HEAD,
            "credits": credits(),
            "components": components(),
            "settlement": settlement(),
        },
        {
            "acceptance": ACCEPTANCE,
            "covers": covers(),
            "attributes": attributes(),
            "tables": tables(),
            "measures": measures(),
            "targets": targets(),
            "attainments": attainments(),
            "populations": populations(),
            "tiers": tiers(),
            "payment": payment(),
            "examples": examples(),
        },
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://premia.example/schemas/plan.schema.json",
        "title": "Plan document, language 1",
        **root,
        "$defs": {**steps.DEFINITIONS, **tiering.DEFINITIONS, **measuring.DEFINITIONS, **settling.DEFINITIONS},
    }
