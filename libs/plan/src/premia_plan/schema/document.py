"""The whole document, composed of its sections."""

from premia_plan.schema import attributes as declaring
from premia_plan.schema import components as composing
from premia_plan.schema import credits as crediting
from premia_plan.schema import examples as showing
from premia_plan.schema import measures as measuring
from premia_plan.schema import payment as paying
from premia_plan.schema import settlement as settling
from premia_plan.schema import steps
from premia_plan.schema import tiers as tiering
from premia_plan.schema.attributes import attributes, units
from premia_plan.schema.campaigns import campaigns
from premia_plan.schema.change import change
from premia_plan.schema.components import components
from premia_plan.schema.credits import credits
from premia_plan.schema.currencies import currencies
from premia_plan.schema.examples import examples
from premia_plan.schema.head import ACCEPTANCE, HEAD, beside, covers
from premia_plan.schema.measures import measures
from premia_plan.schema.parameters import open_to_parameters, parameters
from premia_plan.schema.payment import payment, proration
from premia_plan.schema.ranks import pools, ranks
from premia_plan.schema.settlement import settlement
from premia_plan.schema.shapes import Schema, object_of
from premia_plan.schema.tables import tables
from premia_plan.schema.targets import attainments, populations, targets
from premia_plan.schema.tiers import tiers
from premia_plan.schema.uses import uses


def plan_schema() -> Schema:
    """Return the JSON Schema (2020-12) of a plan document in language 1."""
    return open_to_parameters(schema_of_values())


def schema_of_values() -> Schema:
    """Return the same of a document in which every parameter's name was replaced by its value."""
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
            "beside": beside(),
            "change": change(),
            "uses": uses(),
            "parameters": parameters(),
            "attributes": attributes(),
            "units": units(),
            "campaigns": campaigns(),
            "tables": tables(),
            "measures": measures(),
            "targets": targets(),
            "attainments": attainments(),
            "populations": populations(),
            "ranks": ranks(),
            "pools": pools(),
            "steps": steps.plan_steps(),
            "tiers": tiers(),
            "payment": payment(),
            "proration": proration(),
            "currencies": currencies(),
            "examples": examples(),
        },
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://premia.example/schemas/plan.schema.json",
        "title": "Plan document, language 1",
        **root,
        "$defs": {
            **declaring.DEFINITIONS,
            **crediting.DEFINITIONS,
            **paying.DEFINITIONS,
            **showing.DEFINITIONS,
            **composing.DEFINITIONS,
            **steps.DEFINITIONS,
            **tiering.DEFINITIONS,
            **measuring.DEFINITIONS,
            **settling.DEFINITIONS,
        },
    }
