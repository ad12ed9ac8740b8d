"""Who takes part in a plan on a day, and why, or why not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from plans_api.domain.assignment import Assignment
from plans_api.domain.payee import Payee
from plans_api.domain.plan import PlanVersion
from plans_api.domain.record import Record
from plans_api.domain.window import Window
from premia_plan.checked import CheckedPlan
from premia_plan.language import Value


class Ground(StrEnum):
    """A reason for which a payee takes part in a plan, or does not."""

    ASSIGNED = "assigned"
    CONDITION_MET = "condition_met"
    VERSION_NOT_VALID = "version_not_valid"
    PAYEE_NOT_VALID = "payee_not_valid"
    NOT_ASSIGNED = "not_assigned"
    CONDITION_NOT_MET = "condition_not_met"

    @property
    def is_for(self) -> bool:
        """Say whether it speaks for taking part."""
        return self in (Ground.ASSIGNED, Ground.CONDITION_MET)


@dataclass(frozen=True, slots=True)
class Reason:
    """A ground with its sentence in the languages of the platform."""

    ground: Ground
    it: str
    en: str


@dataclass(frozen=True, slots=True)
class Participation:
    """Where one payee stands towards one plan version on a day.

    `values` holds what the plan's condition asks of the payee; None where it is unknown.
    """

    payee: Record[Payee]
    assignment_id: UUID | None
    reasons: tuple[Reason, ...]
    values: Mapping[str, str | None]

    @property
    def takes_part(self) -> bool:
        """Say whether every reason speaks for it."""
        return all(reason.ground.is_for for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """A plan version with its checked document."""

    version: PlanVersion
    plan: CheckedPlan
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(sorted(set(self.plan.participants.names))))

    def participation(
        self, payee: Record[Payee], assignments: Iterable[Record[Assignment]], on: date
    ) -> Participation:
        """Return where a payee stands on a day.

        `assignments` are the payee's, of any plan and any day.
        """
        assigned = next(
            (
                record
                for record in assignments
                if record.content.plan_id == self.version.plan_id and on in record.content.window
            ),
            None,
        )
        scope = _PayeeScope(payee, on)
        reasons = [
            *self._of_the_days(payee.content, on),
            _of_the_assignment(assigned, on),
            self._of_the_condition(scope),
        ]
        return Participation(
            payee,
            assigned.id if assigned else None,
            tuple(reasons),
            {name: _written(scope.value(name)) for name in self.names},
        )

    def _of_the_days(self, payee: Payee, on: date) -> Iterable[Reason]:
        start, end, retired = self.plan.valid_from, self.plan.valid_to, self.version.retired_from
        if not start <= on < end:
            yield Reason(
                Ground.VERSION_NOT_VALID,
                f"la versione del piano vale dal {start} al {end} escluso",
                f"the plan version is valid {start} to {end}",
            )
        elif retired is not None and on >= retired:
            yield Reason(
                Ground.VERSION_NOT_VALID,
                f"la versione del piano è ritirata dal {retired}",
                f"the plan version is retired from {retired} on",
            )
        if on not in payee.window:
            yield Reason(
                Ground.PAYEE_NOT_VALID,
                f"il beneficiario vale {_dal(payee.window)}",
                f"the payee is valid {payee.window}",
            )

    def _of_the_condition(self, scope: "_PayeeScope") -> Reason:
        text = self.plan.participants.text
        if self.plan.participants.evaluate(scope) is True:
            return Reason(
                Ground.CONDITION_MET,
                f"la condizione {text} è soddisfatta",
                f"the condition {text} is met",
            )
        return Reason(
            Ground.CONDITION_NOT_MET,
            f"la condizione {text} non è soddisfatta",
            f"the condition {text} is not met",
        )


def _of_the_assignment(assigned: Record[Assignment] | None, on: date) -> Reason:
    if assigned is None:
        return Reason(
            Ground.NOT_ASSIGNED,
            f"nessun mandato del beneficiario è assegnato al piano il {on}",
            f"no mandate of the payee is assigned to the plan on {on}",
        )
    return Reason(
        Ground.ASSIGNED,
        f"assegnato {_dal(assigned.content.window)}",
        f"assigned {assigned.content.window}",
    )


def _dal(window: Window) -> str:
    until = f" al {window.end} escluso" if window.end else ""
    return f"dal {window.start}{until}"


class _PayeeScope:
    """What a plan's condition may ask of a payee on a day."""

    def __init__(self, payee: Record[Payee], on: date) -> None:
        content = payee.content
        self._values: dict[str, Value] = {
            **{f"payee.{name}": value for name, value in content.attributes.items()},
            **{
                f"payee.{item.name}": item.typed()
                for item in content.dated_attributes
                if on in item.window
            },
            "payee.kind": content.kind,
            "payee.id": str(payee.id),
        }

    def value(self, name: str) -> Value | None:
        return self._values.get(name)

    def day_reached(self, state: str) -> date | None:  # noqa: ARG002 - payees reach no states
        return None


def _written(value: Value | None) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Fraction):
        return format(Decimal(value.numerator) / Decimal(value.denominator), "f")
    return None if value is None else str(value)
