"""Salesforce as a sender: Outbound Messages in real envelopes, written by a SOAP client.

An envelope that is not acknowledged is sent again, with the same notification ids, as the vendor's
queue does; how long is the caller's choice.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import requests
import zeep
from zeep.exceptions import Error as SoapError
from zeep.transports import Transport

from premia_doubles.sample.check_digits import salesforce_id
from premia_doubles.sample.orders import Record

LARGEST_ENVELOPE = 100
_BINDING = "{http://soap.sforce.com/2005/09/outbound}NotificationBinding"
_CLIENT: Any = zeep.Client
_TRANSPORT: Any = Transport
_ORDER = "{urn:sobject.enterprise.soap.sforce.com}Order"


class NotAcknowledged(Exception):
    """Raised when an envelope was not answered with `Ack` true; Salesforce would send it again."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one call sent."""

    envelopes: int
    notifications: int


def notification_id(record: Record) -> str:
    """Return the id of the notification of this version of a record."""
    stamp = datetime.fromisoformat(record["SystemModstamp"])
    minutes = int(stamp.timestamp()) // 60
    return salesforce_id("04l", int(record["OrderNumber"]) * 36**5 + minutes % 36**5)


class SalesforceSender:
    """Sends order records to one outbound-message endpoint."""

    def __init__(
        self,
        endpoint: str,
        *,
        organisation_id: str,
        timeout_seconds: float = 60,
        patience_seconds: float = 0,
    ) -> None:
        """Read the endpoint's WSDL, as an administrator does who sets the message up.

        An envelope is sent again until it is acknowledged or `patience_seconds` are over.
        """
        session = requests.Session()
        session.trust_env = False
        transport = _TRANSPORT(
            session=session, timeout=timeout_seconds, operation_timeout=timeout_seconds
        )
        self._patience_seconds = patience_seconds
        client = self._until_answered(lambda: _CLIENT(f"{endpoint}?wsdl", transport=transport))
        self._service = client.create_service(_BINDING, endpoint)
        self._order = client.get_type(_ORDER)
        self._fields = {name for name, _ in self._order.elements}
        self._organisation_id = organisation_id

    def send(self, records: Sequence[Record], *, per_envelope: int = LARGEST_ENVELOPE) -> Delivery:
        """Send the records, up to 100 an envelope.

        Raises:
            NotAcknowledged: if an envelope was refused or not answered.
        """
        envelopes = 0
        for batch in _batches(records, per_envelope):
            self._until_answered(partial(self._deliver, batch))
            envelopes += 1
        return Delivery(envelopes, len(records))

    def _deliver(self, batch: Sequence[Record]) -> None:
        acknowledged = self._service.notifications(
            OrganizationId=self._organisation_id,
            ActionId=salesforce_id("04k", 1),
            SessionId=None,
            EnterpriseUrl="https://utility.my.salesforce.com/services/Soap/c/63.0",
            PartnerUrl="https://utility.my.salesforce.com/services/Soap/u/63.0",
            Notification=[
                {"Id": notification_id(record), "sObject": self._order(**self._values(record))}
                for record in batch
            ],
        )
        if acknowledged is not True:
            raise NotAcknowledged("the endpoint answered Ack false")

    def _until_answered(self, call: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + self._patience_seconds
        while True:
            try:
                return call()
            except (SoapError, requests.RequestException, NotAcknowledged) as error:
                if time.monotonic() > deadline:
                    raise NotAcknowledged(f"the envelope was not taken: {error}") from error
                time.sleep(0.2)

    def _values(self, record: Record) -> dict[str, str | Decimal]:
        values: dict[str, str | Decimal] = {
            name: value for name, value in record.items() if value and name in self._fields
        }
        values["TotalAmount"] = Decimal(record["TotalAmount"])
        return values


def _batches(records: Sequence[Record], size: int) -> Iterator[Sequence[Record]]:
    for start in range(0, len(records), size):
        yield records[start : start + size]
