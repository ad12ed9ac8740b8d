"""What a plan takes from the catalogue, by version, and that it is written out in the plan."""

from collections.abc import Mapping

from premia_plan.checking.clause import Clause
from premia_plan.language import Words

_INDICATORS = {"kpis": "kpi", "slas": "sla"}


def read_pins(plan: Clause) -> Mapping[tuple[str, str], int]:
    """Return the version of each thing that is pinned, by kind and name.

    A pin that the plan does not write out is noted: what it means is not in the plan.
    """
    found: dict[tuple[str, str], int] = {}
    section = plan.optional("uses")
    for kind, pinned in ({} if section is None else section.parts()).items():
        for name, version in pinned.parts().items():
            found[kind, name] = version.whole_number()
            if not _is_written_out(plan, kind, name):
                message = Words(
                    f"what {name}@{version.text} means is not written out in the plan",
                    f"che cosa sia {name}@{version.text} non è scritto per esteso nel piano",
                )
                hint = Words(
                    "Send the plan to the platform, which writes it out, or define it here",
                    "Invia il piano alla piattaforma, che lo scrive per esteso, o definiscilo qui",
                )
                version.error("uses.not_written_out", message, hint)
    return found


def _is_written_out(plan: Clause, kind: str, name: str) -> bool:
    if kind in _INDICATORS:
        measures = plan.optional("measures")
        measure = None if measures is None else measures.optional(name)
        return measure is not None and measure.word("loaded") in {"", _INDICATORS[kind]}
    if kind == "variables":
        carrier, _, attribute = name.rpartition(".")
        attributes = plan.optional("attributes")
        own = None if attributes is None else attributes.optional(carrier or "order")
        return own is not None and own.optional(attribute) is not None
    states = plan.part("settlement").part("states")
    models = states.optional("models")
    named = states.word("model") if models is None else ""
    return name == named or (models is not None and models.optional(name) is not None)
