"""A hundred territories and forty product categories, each a tree."""

from dataclasses import dataclass

ROOT_TERRITORY = "italia"
ROOT_CATEGORY = "any"

AREAS: dict[str, dict[str, str]] = {
    "nord-ovest": {
        "piemonte": "torino cuneo novara alessandria",
        "valle-d-aosta": "aosta",
        "lombardia": "milano bergamo brescia como varese pavia mantova",
        "liguria": "genova savona imperia la-spezia",
    },
    "nord-est": {
        "trentino-alto-adige": "trento bolzano",
        "veneto": "venezia verona padova vicenza treviso",
        "friuli-venezia-giulia": "trieste udine pordenone",
        "emilia-romagna": "bologna modena parma ravenna rimini ferrara",
    },
    "centro": {
        "toscana": "firenze pisa siena livorno lucca",
        "umbria": "perugia terni",
        "marche": "ancona pesaro macerata",
        "lazio": "roma latina viterbo frosinone",
    },
    "sud": {
        "abruzzo": "l-aquila pescara chieti",
        "molise": "campobasso",
        "campania": "napoli salerno caserta avellino",
        "puglia": "bari lecce foggia taranto brindisi",
        "basilicata": "potenza matera",
        "calabria": "catanzaro cosenza crotone",
    },
    "isole": {
        "sicilia": "palermo catania messina siracusa trapani ragusa",
        "sardegna": "cagliari sassari nuoro oristano",
    },
}

FAMILIES: dict[str, str] = {
    "luce": "luce-casa luce-affari luce-verde luce-oraria luce-condominio luce-industria",
    "gas": "gas-casa gas-affari gas-condominio gas-industria gas-verde",
    "duale": "duale-casa duale-affari duale-verde",
    "mobilita": "ricarica-casa ricarica-flotta ricarica-pubblica",
    "fotovoltaico": "fv-3 fv-6 fv-10 fv-20 fv-accumulo fv-manutenzione",
    "calore": "pompa-aria pompa-ibrida caldaia scaldacqua manutenzione-calore",
    "efficienza": "cappotto led diagnosi infissi",
}
"""The families sold by agencies are those before `fotovoltaico`; installers do the rest."""

AGENCY_FAMILIES = ("luce", "gas", "duale", "mobilita")
INSTALLER_FAMILIES = ("fotovoltaico", "calore", "efficienza")


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A code, its parent's, and its name."""

    code: str
    parent: str | None
    name: str


def _node(code: str, parent: str | None) -> TreeNode:
    return TreeNode(code, parent, code.replace("-", " ").title())


def territories() -> list[TreeNode]:
    """Return the territories, parents first.

    >>> len(territories())
    100
    """
    nodes = [_node(ROOT_TERRITORY, None)]
    for area, regions in AREAS.items():
        nodes.append(_node(area, ROOT_TERRITORY))
        for region, provinces in regions.items():
            nodes.append(_node(region, area))
            nodes.extend(_node(province, region) for province in provinces.split())
    return nodes


def categories() -> list[TreeNode]:
    """Return the product categories, parents first.

    >>> len(categories())
    40
    """
    nodes = [_node(ROOT_CATEGORY, None)]
    for family, members in FAMILIES.items():
        nodes.append(_node(family, ROOT_CATEGORY))
        nodes.extend(_node(member, family) for member in members.split())
    return nodes


def provinces(area: str) -> list[str]:
    """Return the leaves of an area, without its regions."""
    return [name for members in AREAS[area].values() for name in members.split()]


def members(*families: str) -> list[str]:
    """Return the categories that orders carry."""
    return [name for family in families for name in FAMILIES[family].split()]
