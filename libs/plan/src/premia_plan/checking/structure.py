"""The document's shape against the schema, told with places and hints."""

from collections.abc import Iterable, Mapping

from jsonschema import Draft202012Validator, ValidationError

from premia_plan.checking.clause import Report
from premia_plan.checking.kinds import kinds_at
from premia_plan.finding import pointer
from premia_plan.language import suggestion
from premia_plan.schema import DAY, MONEY, MONTH, NAME, QUANTITY, RATE, schema_of_values

_PATTERN_HINTS = {
    DAY: "Write a day like 2026-03-31",
    MONTH: "Write a month like 2026-03",
    MONEY: "Write an amount like 1 200.50 EUR",
    RATE: "Write a percentage like 3 %",
    QUANTITY: "Write a number like 1 200 EUR, 3 % or 12",
    NAME: "Write a name in small letters, digits and _",
}
_KINDS = {"object": "names with values", "array": "a list", "string": "a single value"}
_VALIDATOR = Draft202012Validator(schema_of_values())


def check_structure(report: Report) -> None:
    """Note every place where the document's shape is not the schema's."""
    for error in sorted(_VALIDATOR.iter_errors(report.document.content), key=_position):
        _note(report, error)


def _position(error: ValidationError) -> tuple[list[str], str]:
    return [str(step) for step in error.absolute_path], error.message


def _note(report: Report, error: ValidationError) -> None:
    path = pointer(*error.absolute_path)
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    keys = set(error.instance) if isinstance(error.instance, dict) else set()
    known, kinds = set(schema.get("properties", {})), set(kinds_at(error))
    undecided = bool(kinds) and not keys & kinds
    match error.validator:
        case "additionalProperties":
            for key in sorted(keys - known):
                _note_unknown_key(report, path, key, kinds if undecided else known - keys)
        case "required" if undecided:
            if keys <= known:
                message, hint = "nothing says which kind this is", _one_of(kinds)
                report.note("error", "key.missing", path, message, hint)
        case "required":
            for key in sorted(set(schema["required"]) - keys):
                if f"'{key}'" in error.message:
                    message = f"{key!r} is missing"
                    report.note("error", "key.missing", path, message, f"Add {key}: …")
        case "enum" | "const":
            allowed: Iterable[object] = schema.get("enum", [schema.get("const")])
            _note_value(report, error, [str(word) for word in allowed])
        case "type":
            message = f"{_KINDS[str(error.validator_value)]} is expected here"
            report.note("error", "value.shape", path, message, _shape_hint(schema, kinds))
        case "pattern":
            message = f"{error.instance!r} is not written as it must be"
            hint = _PATTERN_HINTS.get(
                str(error.validator_value), f"It must match {error.validator_value}"
            )
            report.note("error", "value.pattern", path, message, hint)
        case _:
            hint = "Look at the library's plans"
            report.note("error", "value.shape", path, error.message, hint)


def _one_of(kinds: set[str]) -> str:
    return f"Write one of {', '.join(f'{key}: …' for key in sorted(kinds))}"


def _shape_hint(schema: Mapping[str, object], kinds: set[str]) -> str:
    if kinds:
        return _one_of(kinds)
    required = schema.get("required")
    if isinstance(required, list) and required:
        return f"Write {{{', '.join(f'{key}: …' for key in required)}}}"
    return "Look at the library's plans"


def _note_unknown_key(report: Report, path: str, key: str, missing: set[str]) -> None:
    at = path + pointer(key)
    message = f"{key!r} is not known here"
    report.note("error", "key.unknown", at, message, suggestion(key, missing))


def _note_value(report: Report, error: ValidationError, allowed: list[str]) -> None:
    path, written = pointer(*error.absolute_path), str(error.instance)
    message = f"{error.instance!r} is not possible here"
    report.note("error", "value.not_possible", path, message, suggestion(written, allowed))
