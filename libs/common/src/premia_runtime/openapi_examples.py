"""Examples in an API document: a complete one for every body that can have one."""

from collections.abc import Mapping, MutableMapping
from typing import Any

_NO_EXAMPLE = object()
_DEEPEST = 8
_BY_FORMAT = {
    "uuid": "0193a000-0000-7000-8000-00000000000a",
    "date": "2026-03-01",
    "date-time": "2026-03-01T08:00:00Z",
}

Schema = MutableMapping[str, Any]
Schemas = Mapping[str, Schema]


def complete_examples(schemas: Schemas) -> None:
    """Give each object schema a complete example, in place.

    A model's own example gets what it lacks: the nulls that writing the document left out, and
    the fields that a derived model adds.  A model without one gets one put together from its
    fields, if each of them says what it looks like: by an example of its own, its values, its
    format, the model it refers to, or a field of the same name in another model's example.
    """
    composer = _Composer(schemas)
    for schema in schemas.values():
        for example in schema.get("examples", []):
            composer.complete(schema, example, depth=0)
    for schema in schemas.values():
        if schema.get("type") == "object" and "examples" not in schema:
            example = composer.value_of("", schema, depth=0)
            if example is not _NO_EXAMPLE:
                schema["examples"] = [example]


class _Composer:
    """Puts examples together from what a document already shows."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._shown: dict[str, Any] = {}
        for schema in schemas.values():
            for example in schema.get("examples", []):
                self._remember(example)

    def _remember(self, example: Any) -> None:
        if isinstance(example, list):
            for item in example:
                self._remember(item)
        if isinstance(example, dict):
            for name, value in example.items():
                self._remember(value)
                if value is not None:
                    self._shown.setdefault(name, value)

    def complete(self, schema: Schema, example: Any, *, depth: int) -> None:
        """Add to an example what its schema requires and it lacks, as far as it can be told."""
        for option in self._options(schema):
            if isinstance(example, list) and option.get("type") == "array":
                for item in example:
                    self.complete(option.get("items", {}), item, depth=depth + 1)
            if isinstance(example, dict) and "properties" in option:
                for name, part in option["properties"].items():
                    if name in example:
                        self.complete(part, example[name], depth=depth + 1)
                    elif name in option.get("required", []):
                        nullable = any(one.get("type") == "null" for one in self._options(part))
                        value = None if nullable else self.value_of(name, part, depth=depth)
                        if value is not _NO_EXAMPLE:
                            example[name] = value

    def value_of(self, name: str, schema: Schema, *, depth: int) -> Any:
        """Return what a field called `name` looks like."""
        resolved = self._resolved(schema)
        for shown in (schema, resolved):
            if shown.get("examples"):
                return shown["examples"][0]
        options = self._options(resolved)
        for option in options:
            if depth <= _DEEPEST and option.get("type") != "null":
                value = self._value_of_option(name, option, depth=depth)
                if value is not _NO_EXAMPLE:
                    return value
        nullable = any(option.get("type") == "null" for option in options)
        return None if nullable else _NO_EXAMPLE

    def _value_of_option(  # noqa: PLR0911 - one return a type
        self, name: str, schema: Schema, *, depth: int
    ) -> Any:
        if schema.get("examples"):
            return schema["examples"][0]
        if "const" in schema or "enum" in schema:
            return schema["const"] if "const" in schema else schema["enum"][0]
        match schema.get("type"):
            case "object" if "properties" in schema:
                return self._object(schema, depth=depth + 1)
            case "object":
                return self._shown.get(name, {})
            case "array":
                item = self.value_of("", schema.get("items", {}), depth=depth + 1)
                return [] if item is _NO_EXAMPLE else [item]
            case "boolean":
                return True
            case "integer":
                return max(int(schema.get("minimum", 1)), 1)
            case "string" if "format" not in schema:
                return self._shown.get(name, _NO_EXAMPLE)
            case _:
                return _BY_FORMAT.get(schema.get("format", ""), _NO_EXAMPLE)

    def _object(self, schema: Schema, *, depth: int) -> Any:
        example = {}
        for name in schema.get("required", []):
            value = self.value_of(name, schema["properties"][name], depth=depth)
            if value is _NO_EXAMPLE:
                return _NO_EXAMPLE
            example[name] = value
        return example

    def _options(self, schema: Schema) -> list[Schema]:
        resolved = self._resolved(schema)
        return [self._resolved(option) for option in resolved.get("anyOf", [resolved])]

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rsplit("/", 1)[-1]]
        return schema
