"""Reading SOAP envelopes that nobody has to trust."""

import io
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from connectors.domain.outbound_message import (
    MOST_NOTIFICATIONS,
    MalformedEnvelope,
    Notification,
    OutboundMessage,
)

DEEPEST = 32
MOST_ELEMENTS = 100_000
BLACKED_OUT = "redacted"

_SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
_OUTBOUND = "{http://soap.sforce.com/2005/09/outbound}"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_NAME = rb"(?:[A-Za-z_][\w.-]*:)?SessionId"
_SESSION_START = re.compile(rb"<" + _NAME + rb"(?:\s[^<>]*[^/<>]|\s*)>")
_SESSION_END = re.compile(rb"</" + _NAME + rb"\s*>")


def read_outbound_message(body: bytes) -> OutboundMessage:
    """Read an envelope; its session id is blacked out first.

    Raises:
        MalformedEnvelope: if it is no UTF-8 XML, declares entities or a document type, nests more
            than 32 deep, has more than 100,000 elements, or is not an Outbound Message.
    """
    _require_utf8(body)
    content = _without_session(body)
    root = _parse(content)
    if root.tag != f"{_SOAP}Envelope":
        raise MalformedEnvelope("the root element is not a SOAP 1.1 Envelope")
    message = root.find(f"{_SOAP}Body/{_OUTBOUND}notifications")
    if message is None:
        raise MalformedEnvelope("the Body holds no Outbound Message notifications")
    session = message.findtext(f"{_OUTBOUND}SessionId")
    if session and session.strip() != BLACKED_OUT:
        raise MalformedEnvelope("the SessionId is written in a way that cannot be blacked out")
    found = message.findall(f"{_OUTBOUND}Notification")
    if not 1 <= len(found) <= MOST_NOTIFICATIONS:
        raise MalformedEnvelope(
            f"an envelope holds 1 to {MOST_NOTIFICATIONS} notifications, this one {len(found)}"
        )
    organization_id = message.findtext(f"{_OUTBOUND}OrganizationId")
    return OutboundMessage(
        organization_id=organization_id.strip() if organization_id else None,
        notifications=tuple(
            _notification(str(number), element) for number, element in enumerate(found, start=1)
        ),
        content=content,
    )


def _require_utf8(body: bytes) -> None:
    declared = _ENCODING.match(body.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise MalformedEnvelope("the envelope must be written in UTF-8")
    if b"\x00" in body:
        raise MalformedEnvelope("the envelope must be written in UTF-8, without zero characters")
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedEnvelope("the envelope must be written in UTF-8") from error


def _without_session(body: bytes) -> bytes:
    """Return the body with session ids blacked out, in time that grows with its length alone."""
    kept: list[bytes] = []
    position = 0
    while start := _SESSION_START.search(body, position):
        end = _SESSION_END.search(body, start.end())
        if end is None:
            break
        kept += (body[position : start.end()], BLACKED_OUT.encode(), body[end.start() : end.end()])
        position = end.end()
    return b"".join((*kept, body[position:]))


def _parse(content: bytes) -> Element:
    """Return the root; depth and count are bounded while reading, not after."""
    depth = elements = 0
    root: Element | None = None
    try:
        for event, element in _events(content):
            if event == "end":
                depth -= 1
                continue
            root = element if root is None else root
            depth += 1
            elements += 1
            if depth > DEEPEST:
                raise MalformedEnvelope(f"elements nest more than {DEEPEST} deep")
            if elements > MOST_ELEMENTS:
                raise MalformedEnvelope(f"there are more than {MOST_ELEMENTS} elements")
    except DefusedXmlException:
        raise MalformedEnvelope("document types and entities are not allowed") from None
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, MalformedEnvelope):
            raise
        raise MalformedEnvelope(f"the body is not well-formed XML: {error}") from None
    if root is None:
        raise MalformedEnvelope("the body is empty")
    return root


def _events(content: bytes) -> Iterator[tuple[str, Element]]:
    # A small buffer lets the depth check stop long before a deep document is read.
    parsed: Iterator[tuple[str, Element]] = iterparse(
        io.BytesIO(content), events=("start", "end"), forbid_dtd=True
    )
    return parsed


def _notification(part: str, element: Element) -> Notification:
    notification_id = element.findtext(f"{_OUTBOUND}Id")
    record = element.find(f"{_OUTBOUND}sObject")
    return Notification(
        part=part,
        notification_id=notification_id.strip() if notification_id else None,
        record={} if record is None else _record(record),
    )


def _record(element: Element) -> dict[str, object]:
    fields: dict[str, object] = {}
    kind = element.get(f"{_XSI}type")
    if kind:
        fields["type"] = kind.rpartition(":")[2]
    for child in element:
        name = child.tag.rpartition("}")[2]
        nil = child.get(f"{_XSI}nil") in ("true", "1")
        fields[name] = None if nil else _value(child)
    return fields


def _value(element: Element) -> object:
    if len(element):
        return {child.tag.rpartition("}")[2]: _value(child) for child in element}
    return element.text
