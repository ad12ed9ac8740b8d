"""Who may do what: roles, their permissions, and how far their view reaches."""

from collections.abc import Iterable
from enum import Enum


class DataScope(Enum):
    """Whose figures a caller may see."""

    OWN = "own"
    """Those of the payee the caller is."""
    NETWORK = "network"
    """Those of the payee the caller is and of everybody below in a hierarchy."""
    ALL = "all"


_READ = frozenset(
    {
        "plans:read",
        "master-data:read",
        "facts:read",
        "runs:read",
        "simulations:read",
        "statements:read",
        "ledger:read",
        "fiscal-profiles:read",
        "documents:read",
        "sources:read",
        "quarantine:read",
        "operations:read",
    }
)

PERMISSIONS: dict[str, frozenset[str]] = {
    "plan_designer": frozenset(
        {
            "plans:read",
            "plans:write",
            "master-data:read",
            "master-data:write",
            "simulations:read",
            "simulations:write",
        }
    ),
    "plan_approver": frozenset(
        {"plans:read", "plans:approve", "master-data:read", "simulations:read"}
    ),
    "compensation_analyst": frozenset(
        {
            "plans:read",
            "master-data:read",
            "facts:read",
            "sources:read",
            "quarantine:read",
            "quarantine:repair",
            "runs:read",
            "runs:write",
            "simulations:read",
            "simulations:write",
            "statements:read",
            "statements:submit",
            "ledger:read",
            "periods:write",
            "facts:write",
            "adjustments:write",
        }
    ),
    "compensation_approver": frozenset(
        {
            "plans:read",
            "facts:read",
            "runs:read",
            "simulations:read",
            "simulations:write",
            "statements:read",
            "statements:approve",
            "ledger:read",
            "periods:approve",
            "adjustments:approve",
        }
    ),
    "finance_clerk": frozenset(
        {
            "fiscal-profiles:read",
            "fiscal-profiles:write",
            "documents:read",
            "documents:send",
            "statements:read",
            "ledger:read",
        }
    ),
    "finance_approver": frozenset(
        {
            "fiscal-profiles:read",
            "fiscal-profiles:approve",
            "documents:read",
            "invoices:approve",
            "statements:read",
            "ledger:read",
        }
    ),
    "payee": frozenset(
        {
            "plans:read",
            "plans:accept",
            "statements:read",
            "ledger:read",
            "documents:read",
            "documents:accept",
        }
    ),
    "manager": frozenset({"plans:read", "statements:read", "ledger:read"}),
    "admin": frozenset(
        {
            "sources:read",
            "sources:write",
            "quarantine:read",
            "quarantine:repair",
            "operations:read",
            "operations:write",
        }
    ),
    "auditor": _READ,
    "machine_salesforce": frozenset({"intake:write"}),
    "machine_billing": frozenset({"intake:write"}),
    "machine_sap": frozenset({"feed:read", "feed:acknowledge"}),
}
"""What each role may do.  A caller may do what any of its roles may."""

_SCOPES = {"payee": DataScope.OWN, "manager": DataScope.NETWORK}
_WIDTH = (DataScope.OWN, DataScope.NETWORK, DataScope.ALL)


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Return what the roles together may do; unknown roles may do nothing.

    >>> sorted(permissions_of(["machine_sap", "no such role"]))
    ['feed:acknowledge', 'feed:read']
    """
    return frozenset().union(*(PERMISSIONS.get(role, frozenset()) for role in roles))


def scope_of(roles: Iterable[str]) -> DataScope:
    """Return the widest view that the roles give; without a role, the narrowest.

    >>> scope_of(["payee"]), scope_of(["payee", "auditor"]), scope_of([])
    (<DataScope.OWN: 'own'>, <DataScope.ALL: 'all'>, <DataScope.OWN: 'own'>)
    """
    widths = [
        _WIDTH.index(_SCOPES.get(role, DataScope.ALL)) for role in roles if role in PERMISSIONS
    ]
    return _WIDTH[max(widths, default=0)]
