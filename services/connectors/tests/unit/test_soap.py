"""What of an envelope is stored, and what is not."""

import pytest

from connectors.adapters.salesforce.soap import read_outbound_message
from connectors.domain.outbound_message import MalformedEnvelope

ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<o:notifications xmlns:o="http://soap.sforce.com/2005/09/outbound">
<o:OrganizationId>00D5g000004XyZAEA0</o:OrganizationId>{session}
<o:Notification><o:Id>04l5g00000QxYzAAAV</o:Id><o:sObject><Id>801</Id></o:sObject></o:Notification>
</o:notifications></s:Body></s:Envelope>"""


@pytest.mark.parametrize(
    "session",
    [
        "<o:SessionId>00D!secret</o:SessionId>",
        "<o:SessionId >00D!secret</o:SessionId >",
        '<o:SessionId a="b">00D!secret</o:SessionId>',
        "<o:SessionId><![CDATA[00D!secret]]></o:SessionId>",
        "<o:SessionId>\n00D!secret\n</o:SessionId>",
    ],
)
def test_a_session_id_is_blacked_out_however_it_is_written(session: str) -> None:
    message = read_outbound_message(ENVELOPE.format(session=session).encode())

    assert b"secret" not in message.content
    assert b"redacted" in message.content


@pytest.mark.parametrize("session", ["", "<o:SessionId/>", "<o:SessionId></o:SessionId>"])
def test_an_envelope_without_a_session_id_is_read_as_well(session: str) -> None:
    message = read_outbound_message(ENVELOPE.format(session=session).encode())

    assert message.organization_id == "00D5g000004XyZAEA0"
    assert message.notifications[0].record == {"Id": "801"}


def test_a_byte_order_mark_is_no_obstacle() -> None:
    content = b"\xef\xbb\xbf" + ENVELOPE.format(session="").encode()

    assert read_outbound_message(content).notifications[0].notification_id == "04l5g00000QxYzAAAV"


def test_utf16_is_refused_because_nothing_could_be_blacked_out_in_it() -> None:
    content = ENVELOPE.format(session="").replace("UTF-8", "UTF-16").encode("utf-16")

    with pytest.raises(MalformedEnvelope, match="UTF-8"):
        read_outbound_message(content)


def test_more_than_a_hundred_notifications_are_refused() -> None:
    one = ENVELOPE.format(session="").split("<o:Notification>")[1].split("</o:notifications>")[0]
    content = ENVELOPE.format(session="").replace(
        "</o:notifications>", ("<o:Notification>" + one) * 100 + "</o:notifications>"
    )

    with pytest.raises(MalformedEnvelope, match="1 to 100 notifications"):
        read_outbound_message(content.encode())


def test_utf16_without_a_mark_is_refused_too() -> None:
    content = ENVELOPE.format(session="").partition("?>")[2].strip().encode("utf-16-le")

    with pytest.raises(MalformedEnvelope, match="UTF-8"):
        read_outbound_message(content)


@pytest.mark.parametrize("start", ["<SessionId>", "<SessionId ", "<SessionId></SessionId ", "<a:"])
def test_session_ids_that_never_end_do_not_keep_anybody_busy(start: str) -> None:
    """Searching to the end from each of them would take hours."""
    body = (start * (4_000_000 // len(start))).encode()

    with pytest.raises(MalformedEnvelope):
        read_outbound_message(body)


def test_every_session_id_is_blacked_out() -> None:
    session = "<!-- <SessionId>secret</SessionId> --><o:SessionId>secret</o:SessionId>"

    assert b"secret" not in read_outbound_message(ENVELOPE.format(session=session).encode()).content
