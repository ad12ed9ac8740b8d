"""What the JSON Schema of a plan lets one write, as a list of productions, and where a plan does.

A production is a property, a value of an enumeration, a branch of a choice of shapes, or an
alternative in the pattern of a value.  Its id reads like a path, from the root of the document
or from a shared definition:

    credits.*.shares[].to                       a property
    credits.*.shares[].to = order.seller        one of its values
    components.*{tiers}                         a branch, named by what it alone must have
    credits.*.shares[].share ~ rest             an alternative of its pattern
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from jsonschema import Draft202012Validator

from premia_plan.document import Content
from premia_plan.finding import pointer
from premia_plan.quantities import NUMBER_PATTERN, UNIT_PATTERN

Schema: TypeAlias = Mapping[str, object]
Kind: TypeAlias = Literal["property", "value", "branch", "form"]


@dataclass(frozen=True, slots=True)
class Production:
    """Something the schema lets a plan say.

    `is_choice` tells that a plan could have said something else there: another value, another
    branch or form, or nothing where a property may be left out.
    """

    id: str
    kind: Kind
    is_choice: bool


class Found(NamedTuple):
    """A production, and the pointer at which a document uses it (None: nobody asked)."""

    production: Production
    at: str | None


_TYPES: Mapping[str, type] = {"string": str, "array": list, "object": dict}


class _Place(NamedTuple):
    """A part of a document."""

    content: Content
    at: str

    def below(self, key: str | int) -> "_Place":
        return _Place(self.content[key], self.at + pointer(key))  # type: ignore[index, call-overload]


class _Branch(NamedTuple):
    label: str
    schema: Schema
    test: Schema | None
    """What must hold for the branch to be the one; None: whatever no branch before it took."""


class SchemaGrammar:
    """The productions of a JSON Schema."""

    def __init__(self, schema: Schema) -> None:
        """Read the schema; raises ValueError where it uses a keyword this cannot follow."""
        self._root = schema
        self._validator = Draft202012Validator(schema)

    def productions(self) -> dict[str, Production]:
        """Return every production by its id, in the order of the schema."""
        known: dict[str, Production] = {}
        for found in self._walk(self._root, "", None, set()):
            before = known.get(found.production.id)
            if before is None or found.production.is_choice:
                known[found.production.id] = found.production
        return known

    def uses(self, content: Content) -> dict[str, frozenset[str]]:
        """Return the productions a document uses, each with the pointers at which it does."""
        places: dict[str, set[str]] = defaultdict(set)
        for found in self._walk(self._root, "", _Place(content, ""), set()):
            places[found.production.id].add(found.at or "")
        return {name: frozenset(at) for name, at in places.items()}

    def _walk(
        self, schema: Schema, path: str, place: _Place | None, visited: set[str]
    ) -> Iterator[Found]:
        if "$ref" in schema:
            name = str(schema["$ref"]).removeprefix("#/$defs/")
            if place is None and name in visited:
                return
            visited.add(name)
            yield from self._walk(self._definition(name), name, place, visited)
            return
        for part in _list(schema.get("allOf")):
            yield from self._walk(part, path, place, visited)
        yield from self._branches(schema, path, place, visited)
        yield from _values(schema, path, place)
        yield from self._properties(schema, path, place, visited)
        items = schema.get("items")
        if isinstance(items, Mapping):
            for index in [None] if place is None else range(_length(place.content)):
                below = None if place is None or index is None else place.below(index)
                yield from self._walk(items, path + "[]", below, visited)

    def _properties(
        self, schema: Schema, path: str, place: _Place | None, visited: set[str]
    ) -> Iterator[Found]:
        known = _mapping(schema.get("properties"))
        required = _list(schema.get("required"))
        content = place.content if place is not None and isinstance(place.content, dict) else {}
        for key, part in known.items():
            if place is not None and key not in content:
                continue
            name = f"{path}.{key}" if path else key
            below = None if place is None else place.below(key)
            production = Production(name, "property", key not in required)
            yield Found(production, None if below is None else below.at)
            yield from self._walk(part, name, below, visited)
        others = schema.get("additionalProperties")
        if isinstance(others, Mapping):
            for key in [None] if place is None else [key for key in content if key not in known]:
                below = None if place is None or key is None else place.below(key)
                yield from self._walk(others, f"{path}.*" if path else "*", below, visited)

    def _branches(
        self, schema: Schema, path: str, place: _Place | None, visited: set[str]
    ) -> Iterator[Found]:
        branches = self._choices(schema)
        taken = False
        for branch in branches:
            if place is not None:
                fits = branch.test is None or self._fits(branch.test, place.content)
                if taken or not fits:
                    continue
                taken = True
            production = Production(f"{path}{{{branch.label}}}", "branch", is_choice=True)
            yield Found(production, None if place is None else place.at)
            yield from self._walk(branch.schema, path, place, visited)

    def _choices(self, schema: Schema) -> list[_Branch]:
        shapes = _list(schema.get("oneOf")) or _list(schema.get("anyOf"))
        tests: list[Schema | None] = list(shapes)
        rest: Schema = schema
        while "if" in rest:
            shapes.append(_mapping(rest["then"]))
            tests.append(_mapping(rest["if"]))
            rest = _mapping(rest.get("else", {}))
        if rest is not schema and rest:
            shapes.append(rest)
            tests.append(None)
        labels = self._labels(shapes, tests)
        return [_Branch(*item) for item in zip(labels, shapes, tests, strict=True)]

    def _labels(self, shapes: list[Schema], tests: list[Schema | None]) -> list[str]:
        labels = []
        for index, (shape, test) in enumerate(zip(shapes, tests, strict=True)):
            others = [other for other in shapes if other is not shape]
            last = "otherwise" if test is None else str(index + 1)
            labels.append(_condition(test) or self._label(shape, others) or last)
        return labels

    def _label(self, shape: Schema, others: list[Schema]) -> str:
        if "$ref" in shape:
            return str(shape["$ref"]).removeprefix("#/$defs/")
        elsewhere = {key for other in others for key in _list(other.get("required"))}
        own = [str(key) for key in _list(shape.get("required")) if key not in elsewhere]
        if own:
            return own[0]
        for word in ("const", "enum", "pattern"):
            if word in shape:
                given = shape[word]
                if word == "pattern":
                    return " or ".join(pattern_forms(str(given)))
                return " or ".join(map(str, given)) if isinstance(given, list) else str(given)
        return "text" if shape.get("type") == "string" else ""

    def _definition(self, name: str) -> Schema:
        return _mapping(_mapping(self._root.get("$defs"))[name])

    def _fits(self, schema: Schema, content: Content) -> bool:
        """Say whether a content is of a shape; what only asks for type and keys is told at once."""
        if set(schema) <= {"type", "required"}:
            wanted = _TYPES.get(str(schema.get("type")), object)
            keys = _list(schema.get("required"))
            has_keys = not isinstance(content, dict) or all(key in content for key in keys)
            return isinstance(content, wanted) and has_keys
        return self._validator.evolve(schema=schema).is_valid(content)


def _condition(test: Schema | None) -> str:
    """Return what an `if` asks for, in a word."""
    if test is None or "if" in test:
        return ""
    asked = [str(key) for key in _list(test.get("required"))]
    if "properties" in test and asked:
        wanted = _mapping(_mapping(test["properties"]).get(asked[0]))
        if "pattern" in wanted:
            return f"{asked[0]} {' or '.join(pattern_forms(str(wanted['pattern'])))}"
        return f"{asked[0]} = {wanted['const']}" if "const" in wanted else asked[0]
    only_type = set(test) == {"type"}
    return asked[0] if asked else {"array": "list"}.get(str(test["type"]), "") if only_type else ""


def _values(schema: Schema, path: str, place: _Place | None) -> Iterator[Found]:
    at = None if place is None else place.at
    written = None if place is None else place.content
    words = [str(word) for word in _list(schema.get("enum"))] or [
        str(schema[key]) for key in ("const",) if key in schema
    ]
    for word in words:
        if place is None or written == word:
            yield Found(Production(f"{path} = {word}", "value", len(words) > 1), at)
    forms = pattern_forms(str(schema.get("pattern", "")))
    for label, form in forms.items() if len(forms) > 1 else ():
        if place is None or (isinstance(written, str) and re.search(form, written)):
            yield Found(Production(f"{path} ~ {label}", "form", is_choice=True), at)
            if place is not None:
                return


_SPELLED = (
    (NUMBER_PATTERN, "<N>"),
    ("[A-Z]{3}", "<EUR>"),
    (r"\d{4}-\d{2}-\d{2}", "<day>"),
    (r"\d{4}-(0[1-9]|1[0-2])", "<month>"),
    ("[a-z][a-z0-9_]*", "<name>"),
    (UNIT_PATTERN, "<unit>"),
    (r"\d.*", "<number>"),
    (r"[1-9]\d?", "<N>"),
    (r"[1-9]\d*", "<N>"),
    (r"[1-9]\d{0,5}", "<N>"),
)
_DIGITS = re.compile(r"[\d\[\]\\d?|-]+")
"""Alternatives that are only digits are one number, such as a day of a month."""
_NUMBERS = re.compile(rf"\(\?:{_DIGITS.pattern}\)")
_GROUP = re.compile(r"(?<!\\)\((?:\?:)?([^()]*)\)([?]?)")


def pattern_forms(pattern: str) -> dict[str, str]:
    """Return the alternatives of a pattern: a readable label and a pattern of its own for each.

    >>> sorted(pattern_forms("^(25|rest)$"))
    ['25', 'rest']
    >>> sorted(pattern_forms("^1( ?%| EUR)?$"))
    ['1', '1 %', '1 EUR']
    """
    for text, word in _SPELLED:
        pattern = pattern.replace(text, word)
    forms = {}
    for form in _expanded(pattern):
        whole = form
        for text, word in _SPELLED:
            whole = whole.replace(word, text)
        label = (
            _NUMBERS.sub("N", form)
            .replace(" ?", " ")
            .replace("-?", "")
            .replace("\\", "")
            .strip("^$ ")
        )
        forms[re.sub("[<>]", "", label)] = whole
    return forms


def _expanded(pattern: str) -> Iterator[str]:
    groups = (found for found in _GROUP.finditer(pattern) if "|" in found[1])
    group = next((found for found in groups if not _DIGITS.fullmatch(found[1])), None)
    if group is None:
        yield pattern
        return
    choices = _choices(group[1]) + ([""] if group[2] else [])
    for choice in choices:
        yield from _expanded(pattern[: group.start()] + choice + pattern[group.end() :])


def _choices(alternatives: str) -> list[str]:
    """Return the alternatives of a group; those of digits alone are one number."""
    choices = alternatives.split("|")
    numbers = [choice for choice in choices if _DIGITS.fullmatch(choice)]
    words = [choice for choice in choices if choice not in numbers]
    return words + numbers if len(numbers) < 2 else [*words, f"(?:{'|'.join(numbers)})"]


def _mapping(value: object) -> Schema:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Schema]:
    return list(value) if isinstance(value, list) else []


def _length(content: Content) -> int:
    return len(content) if isinstance(content, list) else 0
