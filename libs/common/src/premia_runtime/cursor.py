"""List cursors: where the next page starts, signed so that nobody can make one up."""

import base64
import binascii
import hashlib
import hmac
from typing import Any

import orjson

from premia_runtime.problems import BadRequest

_SIGNATURE_BYTES = 12


class Cursors:
    """Writes and reads the cursors of one service."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def write(self, kind: str, *key: Any) -> str:
        """Return a cursor that continues a list after a row's sort key.

        >>> cursors = Cursors("a secret of the service")
        >>> cursors.read("orders", cursors.write("orders", "2026-01-01", 7))
        ['2026-01-01', 7]
        """
        content = orjson.dumps([kind, *key], default=str)
        return base64.urlsafe_b64encode(self._sign(content) + content).decode().rstrip("=")

    def read(self, kind: str, cursor: str) -> list[Any]:
        """Return the sort key inside a cursor of this list.

        Raises:
            BadRequest: if it is not a cursor that this list gave.
        """
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            signature, content = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
            if not hmac.compare_digest(signature, self._sign(content)):
                raise ValueError("not ours")  # noqa: TRY301
            found, *key = orjson.loads(content)
            if found != kind:
                raise ValueError("of another list")  # noqa: TRY301
        except (ValueError, TypeError, binascii.Error) as error:
            raise BadRequest(
                "This cursor was not given by this list; start without one.", slug="bad-cursor"
            ) from error
        return list(key)

    def _sign(self, content: bytes) -> bytes:
        return hmac.new(self._secret, content, hashlib.sha256).digest()[:_SIGNATURE_BYTES]
