"""From records to facts with their ids, in bulk and without input or output."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from connectors.domain.billing_mapping import (
    MAPPING_VERSION,
    map_billing_event,
    map_measurement,
    map_signal,
)
from connectors.domain.fact import Fact
from connectors.domain.field_mapping import OrderMapping
from connectors.domain.message import ReadRecord, RecordForm
from connectors.domain.order_mapping import map_order, received_day, unknown_fields
from connectors.domain.reading import Record, latest_day
from connectors.domain.refusal import RecordRefused, Refusal, RefusalCode
from connectors.domain.source import Source
from premia_common.identifiers import derive_id


@dataclass(frozen=True, slots=True)
class PreparedFact:
    """A fact with the id of its event and the digest of its content."""

    part: str
    fact: Fact
    event_id: UUID
    content_hash: str
    record: Record


@dataclass(frozen=True, slots=True)
class RefusedRecord:
    """A record that goes to quarantine."""

    part: str
    refusal: Refusal
    record: Record


@dataclass(frozen=True, slots=True)
class Prepared:
    """What some records came to."""

    facts: list[PreparedFact]
    refused: list[RefusedRecord]
    drift: set[str]


class Interpreter:
    """Knows how the records of one message are mapped.

    Its answers depend on its arguments alone, so a replay gives the same facts and ids.
    """

    def __init__(
        self,
        *,
        tenant_id: UUID,
        source: Source,
        form: RecordForm,
        mapping: OrderMapping | None,
        now: datetime,
    ) -> None:
        self._tenant = str(tenant_id)
        self._source = source.code
        self._form = form
        self._mapping = mapping if form is RecordForm.ORDER else None
        self.mapping_version = (
            source.mapping_version if form is RecordForm.ORDER else MAPPING_VERSION
        )
        self._zone = source.zone
        self._latest = latest_day(received_day(now, self._zone))

    def map(self, record: Record) -> Fact:
        """Return the fact of one record.

        Raises:
            RecordRefused: if it cannot be read.
        """
        if self._form is RecordForm.ORDER:
            if self._mapping is None:
                raise RecordRefused(
                    RefusalCode.NO_MAPPING, f"source {self._source} has no order mapping"
                )
            return map_order(record, self._mapping, latest=self._latest, zone=self._zone)
        if self._form is RecordForm.BILLING_EVENT:
            return map_billing_event(record, latest=self._latest, zone=self._zone)
        if self._form is RecordForm.SIGNAL_ROW:
            return map_signal(record, latest=self._latest)
        return map_measurement(record)

    def prepare(self, records: Iterable[ReadRecord]) -> Prepared:
        """Map records one by one; those that cannot be read are refused, the others go on."""
        result = Prepared([], [], set())
        for read in records:
            if read.refusal is not None:
                result.refused.append(RefusedRecord(read.part, read.refusal, read.record))
                continue
            if self._mapping is not None:
                result.drift.update(unknown_fields(read.record, self._mapping))
            try:
                fact = self.map(read.record)
            except RecordRefused as error:
                result.refused.append(RefusedRecord(read.part, error.refusal, read.record))
                continue
            result.facts.append(
                PreparedFact(
                    read.part, fact, self._event_id(fact), _content_hash(fact), read.record
                )
            )
        return result

    def _event_id(self, fact: Fact) -> UUID:
        return derive_id(
            self._tenant,
            self._source,
            fact.record_id,
            fact.version,
            str(self.mapping_version),
            fact.kind.value,
        )


def _content_hash(fact: Fact) -> str:
    return hashlib.sha256(orjson.dumps(fact.content, option=orjson.OPT_SORT_KEYS)).hexdigest()
