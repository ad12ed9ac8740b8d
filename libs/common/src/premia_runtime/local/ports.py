"""Choosing free TCP ports on the loopback address."""

import secrets
import socket

HOST = "127.0.0.1"
# Below the range from which Linux hands out ports of outgoing connections: a service that is killed
# and started again must find its port free.
_FIRST, _LAST = 20_000, 31_999
_ATTEMPTS = 200
_given: set[int] = set()


class NoFreePort(Exception):
    """Raised when no port could be found on which to listen."""


def free_port() -> int:
    """Return a port of the loopback address on which nothing listens now, never the same twice."""
    for _ in range(_ATTEMPTS):
        port = _FIRST + secrets.randbelow(_LAST - _FIRST + 1)
        if port not in _given and is_free(port):
            _given.add(port)
            return port
    raise NoFreePort(
        f"no free port found on {HOST} between {_FIRST} and {_LAST}; stop what listens there"
    )


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do: connections that a killed server left behind must not block its port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
