"""Salesforce as somebody who is asked: its REST queries over orders with their lines.

An integration that reads orders with a client of the vendor's, rather than waiting for Outbound
Messages, reads them from here.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlparse

import requests
from requests.adapters import HTTPAdapter

Order = Mapping[str, Any]
"""A record by its field names; `OrderItems` holds those of its lines."""
PAGE = 200
_QUERY = "/services/data/v59.0/query"


class SalesforceOrganisation:
    """Where it is reached, and the session with which a client may ask."""

    def __init__(self, port: int, session_id: str) -> None:
        self.instance_url = f"https://127.0.0.1:{port}"
        self.session_id = session_id

    def session(self) -> requests.Session:
        """Return a session whose calls come here: clients speak TLS alone, and this does not."""
        session = requests.Session()
        session.trust_env = False
        session.mount("https://", _WithoutTls())
        return session


@contextmanager
def salesforce_organisation(
    orders: Sequence[Order], *, session_id: str = "a session of the tests"
) -> Iterator[SalesforceOrganisation]:
    """Answer queries over some orders until the block ends."""
    answers = [_written(order) for order in orders]

    class Asked(_Asked):
        records = answers
        wanted_session = session_id

    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield SalesforceOrganisation(server.server_port, session_id)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _written(order: Order) -> dict[str, Any]:
    """Return a record as a query answers it: with its type, and its lines as another query."""
    lines = [
        {"attributes": _attributes("OrderItem", line["Id"]), **line}
        for line in order.get("OrderItems", ())
    ]
    nested = {"totalSize": len(lines), "done": True, "records": lines} if lines else None
    return {"attributes": _attributes("Order", order["Id"]), **order, "OrderItems": nested}


def _attributes(kind: str, record_id: str) -> dict[str, str]:
    return {"type": kind, "url": f"/services/data/v59.0/sobjects/{kind}/{record_id}"}


class _WithoutTls(HTTPAdapter):
    def send(self, request: requests.PreparedRequest, *given: Any, **named: Any) -> Any:
        request.url = str(request.url).replace("https://", "http://", 1)
        return super().send(request, *given, **named)


class _Asked(BaseHTTPRequestHandler):
    """One call; `records` and `wanted_session` are those of the organisation."""

    records: Sequence[Mapping[str, Any]]
    wanted_session: str

    def do_GET(self) -> None:
        """Answer a query, or the next page of one."""
        if self.headers.get("Authorization") != f"Bearer {self.wanted_session}":
            self._answer(401, [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired"}])
            return
        asked = urlparse(self.path)
        page = asked.path.rpartition("-")[2]
        if page.isdecimal():
            self._page(int(page))
        elif " FROM Order" in parse_qs(asked.query).get("q", [""])[0]:
            self._page(0)
        else:
            self._answer(400, [{"errorCode": "INVALID_TYPE", "message": "only Order is here"}])

    def _page(self, start: int) -> None:
        end = min(start + PAGE, len(self.records))
        answer: dict[str, Any] = {
            "totalSize": len(self.records),
            "done": end == len(self.records),
            "records": self.records[start:end],
        }
        if not answer["done"]:
            answer["nextRecordsUrl"] = f"{_QUERY}/01gDm000000FAKEIAM-{end}"
        self._answer(200, answer)

    def _answer(self, status: int, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json;charset=UTF-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
