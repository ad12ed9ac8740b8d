"""The document's shape against the schema, told with places and hints."""

from collections.abc import Iterable, Mapping
from re import search

from jsonschema import Draft202012Validator, ValidationError

from premia_plan.checking.clause import Report
from premia_plan.checking.forms import written_like
from premia_plan.checking.kinds import kinds_at
from premia_plan.checking.miswritten import slip
from premia_plan.finding import pointer
from premia_plan.language import Words
from premia_plan.language.names import nearest, suggested
from premia_plan.schema import schema_of_values
from premia_plan.schema.components import PER

_KINDS = {
    "object": Words("names with values", "nomi con valori"),
    "array": Words("a list", "un elenco"),
    "string": Words("a single value", "un solo valore"),
}
_LOOK = Words("Look at the library's plans", "Guarda i piani della libreria")
_TITLE = Words("Write {it: …, en: …}", "Scrivi {it: …, en: …}")
_NO_END = Words(
    "A band goes up to where the next one begins: leave `to` out",
    "Una fascia arriva dove comincia la successiva: togli `to`",
)
_VALIDATOR = Draft202012Validator(schema_of_values())


def check_structure(report: Report) -> None:
    """Note every place where the document's shape is not the schema's."""
    mistyped = _mistyped(report.document.content)
    for name, per in mistyped.items():
        path = pointer("components", name, "per")
        report.note("error", "value.pattern", path, _miswritten(per), written_like(PER))
    for error in sorted(_VALIDATOR.iter_errors(report.document.content), key=_position):
        at = tuple(error.absolute_path)
        if at[:1] != ("components",) or not mistyped.keys() & {*at[1:2]}:
            _note(report, error)


def _mistyped(content: Mapping[str, object]) -> Mapping[str, str]:
    """Return what the components are for that are for nothing known: no shape is theirs."""
    components = content.get("components")
    named = components.items() if isinstance(components, Mapping) else ()
    per = {name: each.get("per") for name, each in named if isinstance(each, Mapping)}
    return {
        name: text for name, text in per.items() if isinstance(text, str) and not search(PER, text)
    }


def _miswritten(text: object) -> Words:
    return Words(f"{text!r} is not written as it must be", f"{text!r} non è scritto come si deve")


def _misread(value: object) -> Words:
    """Return why a value is not written as it must be, if that can be seen."""
    return slip(value if isinstance(value, str) else "") or _miswritten(value)


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
            unknown = keys - known
            if undecided:
                unknown = {key for key in unknown if nearest(key, sorted(kinds))} or unknown
            _note_unknown_keys(report, path, unknown, kinds if undecided else known - keys)
        case "required" if undecided:
            if keys <= known:
                message = Words("nothing says which kind this is", "nulla dice di che tipo sia")
                hint = _one_of(kinds)
                report.note("error", "key.missing", path, message, hint)
        case "required":
            for key in sorted(set(schema["required"]) - keys):
                if f"'{key}'" in error.message:
                    message = Words(f"{key!r} is missing", f"manca {key!r}")
                    hint = Words(f"Add {key}: …", f"Aggiungi {key}: …")
                    report.note("error", "key.missing", path, message, hint)
        case "enum" | "const":
            allowed: Iterable[object] = schema.get("enum", [schema.get("const")])
            _note_value(report, error, [str(word) for word in allowed])
        case "type":
            kind = _KINDS[str(error.validator_value)]
            message = Words(f"{kind.en} is expected here", f"qui serve {kind.it}")
            hint = _TITLE if path == "/title" else _shape_hint(schema, kinds)
            report.note("error", "value.shape", path, message, hint)
        case "pattern":
            hint = written_like(str(error.validator_value))
            report.note("error", "value.pattern", path, _misread(error.instance), hint)
        case "minItems" | "minProperties" | "minLength":
            message = Words("something must stand here", "qui deve esserci qualcosa")
            hint = Words("Write it, or leave the key out", "Scrivilo, o togli la chiave")
            report.note("error", "value.shape", path, message, hint)
        case _:
            message = Words(f"{error.message}", f"qui la forma non va: {error.message}")
            report.note("error", "value.shape", path, message, _LOOK)


def _one_of(kinds: set[str]) -> Words:
    listed = ", ".join(f"{key}: …" for key in sorted(kinds))
    return Words(f"Write one of {listed}", f"Scrivi uno tra {listed}")


def _shape_hint(schema: Mapping[str, object], kinds: set[str]) -> Words:
    if kinds:
        return _one_of(kinds)
    required = schema.get("required")
    if isinstance(required, list) and required:
        listed = ", ".join(f"{key}: …" for key in required)
        return Words(f"Write {{{listed}}}", f"Scrivi {{{listed}}}")
    return _LOOK


def _note_unknown_keys(report: Report, path: str, keys: set[str], missing: set[str]) -> None:
    for key in sorted(keys):
        at = path + pointer(key)
        message = Words(f"{key!r} is not known here", f"{key!r} qui non è noto")
        is_end = key == "to" and search(r"/bands/\d+$", path) is not None
        report.note(
            "error", "key.unknown", at, message, _NO_END if is_end else suggested(key, missing)
        )


def _note_value(report: Report, error: ValidationError, allowed: list[str]) -> None:
    path, written = pointer(*error.absolute_path), str(error.instance)
    message = Words(
        f"{error.instance!r} is not possible here", f"{error.instance!r} qui non è possibile"
    )
    report.note("error", "value.not_possible", path, message, suggested(written, allowed))
