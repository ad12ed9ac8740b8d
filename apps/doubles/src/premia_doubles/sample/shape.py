"""How big a sample tenant is, and which days it covers."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Shape:
    """Counts of a sample tenant."""

    area_managers: int
    agencies: int
    sub_agents: int
    installers: int
    with_both_principals: int
    """Agencies that also have a mandate from the second principal."""
    orders: int
    pushed: int
    """Orders that Salesforce pushes one by one; the others come by file."""
    first_day: date
    last_day: date
    """Nothing after this day is known when the first month is calculated."""
    amount_percent: int = 100
    """Scales every order amount: the same orders with other money."""

    @property
    def has_second_principal(self) -> bool:
        """Say whether anybody works for the second principal."""
        return bool(self.installers or self.with_both_principals)


UTILITY = Shape(
    area_managers=10,
    agencies=60,
    sub_agents=150,
    installers=80,
    with_both_principals=20,
    orders=50_000,
    pushed=100,
    first_day=date(2025, 1, 1),
    last_day=date(2026, 2, 28),
)
"""The demo's utility: 300 payees, 50,000 orders in 14 months."""

SMALL = Shape(
    area_managers=1,
    agencies=3,
    sub_agents=6,
    installers=0,
    with_both_principals=0,
    orders=200,
    pushed=50,
    first_day=date(2025, 12, 1),
    last_day=date(2026, 2, 28),
)
"""A tenant whose whole job runs in seconds."""

PLANS_FROM = date(2025, 11, 1)
PLANS_TO = date(2027, 1, 1)
RUN_MONTH = "2026-02"
NEXT_MONTH = "2026-03"
AGENCY_PRINCIPAL = "1000"
INSTALLER_PRINCIPAL = "2000"
