"""Who a payee is for the tax office: the words a profile may use."""

from enum import StrEnum


class Role(StrEnum):
    """What the payee does for the principal."""

    AGENT = "agent"
    PROCACCIATORE = "procacciatore"
    PROCACCIATORE_OCCASIONAL = "procacciatore_occasional"
    DOOR_TO_DOOR = "door_to_door"
    PROFESSIONAL = "professional"
    TECHNICIAN = "technician"
    INSTALLER_COMPANY = "installer_company"


class LegalForm(StrEnum):
    """The payee's legal form."""

    INDIVIDUAL = "individual"
    PARTNERSHIP = "partnership"
    CAPITAL_COMPANY = "capital_company"


class TaxRegimeCode(StrEnum):
    """The payee's tax regime as the Italian invoice format codes it."""

    ORDINARY = "RF01"
    MINIMUM = "RF02"
    DOOR_TO_DOOR = "RF13"
    FORFETTARIO = "RF19"


class MandateKind(StrEnum):
    """Whether an agent works for one principal or for several."""

    SINGLE_FIRM = "single_firm"
    MULTI_FIRM = "multi_firm"


class Language(StrEnum):
    """The languages documents are written in."""

    ITALIAN = "it"
    ENGLISH = "en"
