"""Bodies whose numbers must stay exact: read as decimals, never through a binary float."""

from typing import Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from connectors.application.json_records import read_json

M = TypeVar("M", bound=BaseModel)


def read_exact(model: type[M], body: bytes) -> M:
    """Read a body.

    Raises:
        NotJson: if it is not JSON.
        RequestValidationError: if it does not fit the model.
    """
    try:
        return model.model_validate(read_json(body))
    except ValidationError as error:
        raise RequestValidationError(
            [{**item, "loc": ("body", *item["loc"])} for item in error.errors(include_url=False)]
        ) from None


def documented_body(model: type[BaseModel]) -> dict[str, Any]:
    """Return the `openapi_extra=` of a route that reads its body with `read_exact`."""
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": model.model_json_schema()}},
        }
    }
