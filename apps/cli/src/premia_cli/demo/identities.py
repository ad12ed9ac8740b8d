"""The eight identities of a tenant: who acts in the demo, and as what."""

from uuid import UUID

from premia_common.identifiers import derive_id
from premia_runtime.local.identities import Identity

UTILITY_TENANT = UUID("0193a000-0000-7000-8000-000000000001")
SECOND_TENANT = UUID("0193a000-0000-7000-8000-000000000002")

ROLES: dict[str, tuple[str, ...]] = {
    "salesforce": ("machine_salesforce", "machine_billing"),
    "designer": ("plan_designer", "admin"),
    "plan-approver": ("plan_approver",),
    "analyst": ("compensation_analyst", "finance_clerk"),
    "approver": ("compensation_approver", "finance_approver"),
    "partner-a": ("payee",),
    "partner-b": ("payee",),
    "sap": ("machine_sap",),
}
"""Name of an identity within its tenant, and its roles.  Nobody has two of them."""


def identity(name: str, tenant: UUID, *, payee_id: UUID | None = None) -> Identity:
    """Return an identity; the names of the first tenant are short, others carry its last digits."""
    suffix = "" if tenant == UTILITY_TENANT else f"-{str(tenant)[-4:]}"
    return Identity(
        client_id=f"{name}{suffix}",
        subject=derive_id("identity", str(tenant), name),
        tenant=tenant,
        roles=ROLES[name],
        payee_id=payee_id,
    )
