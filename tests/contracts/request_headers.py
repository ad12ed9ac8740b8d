"""Gives most made-up requests the headers that writes need, so that they reach the use case.

Loaded by schemathesis; every fifth request goes without, so that their absence is tried too.
"""

from itertools import count
from typing import Any

import schemathesis

_numbers = count(1)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Add a new key, and the version of a thing that was never changed."""
    number = next(_numbers)
    if number % 5 == 0:
        return
    declared = {parameter.name for parameter in case.operation.headers}
    if "Idempotency-Key" in declared:
        case.headers["Idempotency-Key"] = f"request {number}"
    if "If-Match" in declared:
        case.headers["If-Match"] = '"1"'
