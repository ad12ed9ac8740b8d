"""Set up a source, and give it mappings."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from connectors.application.catalogue_attributes import declare_attributes
from connectors.application.ports import ConnectorsWork
from connectors.domain.field_mapping import SALESFORCE_ORDER, read_order_mapping
from connectors.domain.source import Source, SourceKind, SourceNotValid


async def create_source(
    work: ConnectorsWork,
    *,
    source_id: UUID,
    code: str,
    kind: SourceKind,
    org_id: str | None,
    time_zone: str,
    token_hash: str,
    by: UUID,
    now: datetime,
    correlation_id: UUID,
) -> Source:
    """Set up a source; a Salesforce source starts with the standard order mapping.

    Raises:
        SourceExists: if there is one of this code.
        SourceNotValid: if the organisation id or the time zone cannot be used.
    """
    source = Source(
        id=source_id,
        code=code,
        kind=kind,
        org_id=org_id,
        time_zone=time_zone,
        mapping_version=1,
        created_at=now,
    )
    await work.sources.add(source, token_hash=token_hash, by=by)
    if kind is SourceKind.SALESFORCE:
        await work.sources.add_mapping(source.id, 1, SALESFORCE_ORDER, by=by, at=now)
        await declare_attributes(
            work,
            source,
            read_order_mapping(SALESFORCE_ORDER),
            mapping_version=1,
            now=now,
            correlation_id=correlation_id,
        )
    return source


async def revise_mapping(
    work: ConnectorsWork,
    *,
    code: str,
    document: Mapping[str, Any],
    expected_version: int,
    by: UUID,
    now: datetime,
    correlation_id: UUID,
) -> int:
    """Give a source its next mapping version and return its number.

    What was read before keeps its mapping version; a replay reads it with the new one.

    Raises:
        SourceNotFound: if the tenant has no such source.
        SourceNotValid: if the source has no orders to map.
        MappingChanged: if another version than the expected one is in use.
        MappingNotValid: if the document cannot be used.
    """
    source = await work.sources.get(code)
    await work.sources.lock_for_watermark(source.id)
    source = await work.sources.get(code)
    if source.kind is not SourceKind.SALESFORCE:
        raise SourceNotValid("only Salesforce sources have an order mapping")
    if source.mapping_version != expected_version:
        raise MappingChanged(source.code, source.mapping_version)
    mapping = read_order_mapping(document)
    version = source.mapping_version + 1
    await work.sources.add_mapping(source.id, version, dict(document), by=by, at=now)
    await declare_attributes(
        work, source, mapping, mapping_version=version, now=now, correlation_id=correlation_id
    )
    return version


class MappingChanged(Exception):
    """Raised when the mapping was changed since the caller read it."""

    def __init__(self, code: str, version: int) -> None:
        super().__init__(
            f"source {code!r} uses mapping version {version} by now; read it and apply your "
            "change to that"
        )
