"""Which plan a reference means."""

from uuid import UUID

from premia_common.identifiers import derive_id


def plan_id(tenant_id: UUID, name: str) -> UUID:
    """Return the id of the plan with a name: the same wherever it is computed."""
    return derive_id(str(tenant_id), "plan", name)


def plan_id_of(tenant_id: UUID, reference: str) -> UUID:
    """Return the id that a reference means: an id as such, anything else as a name.

    >>> str(plan_id_of(UUID(int=0), "00000000-0000-0000-0000-000000000007"))[-4:]
    '0007'
    """
    try:
        return UUID(reference)
    except ValueError:
        return plan_id(tenant_id, reference)
