"""Complete plans to begin with: chosen, given other numbers, and written out as a plan's text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from premia_plan.document import parse_plan
from premia_plan.language import Words
from premia_plan.library.parameter import Parameter, accepted
from premia_plan.library.reading import (
    LibraryMiswritten,
    ids,
    mapping,
    parameter,
    sheet,
    text_of,
    texts,
    word,
    words,
)
from premia_plan.rewriting import add_entries, replace_scalars
from premia_plan.rewriting.scalars import scalar
from premia_plan.yaml_text import Content

_SUFFIX = ".template.yaml"
_HOLE = "{}"


class TemplateNotFound(KeyError):
    """Raised for a template that the library does not have."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)

    def __str__(self) -> str:
        return f"the library has no template {self.name!r}; list them to choose one"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a parameter stands: a whole value, or the hole in a longer one."""

    path: str
    around: str

    def written(self, value: str) -> str:
        """Return the value of the document with the parameter's inside."""
        return self.around.replace(_HOLE, value)

    def value_in(self, text: str) -> str:
        """Return the parameter's value as the document has it."""
        before, after = map(re.escape, self.around.split(_HOLE))
        found = re.fullmatch(f"{before}(.+){after}", text)
        if found is None:
            raise LibraryMiswritten(f"{self.path} is not written as {self.around!r}")
        return found[1]


@dataclass(frozen=True, slots=True)
class Template:
    """A plan of the library with what may be chosen; `warnings` are the linter's, meant so."""

    id: str
    segment: str
    title: Words
    description: Words
    parameters: Mapping[str, Parameter]
    places: Mapping[str, tuple[Place, ...]]
    warnings: tuple[str, ...]

    @property
    def text(self) -> str:
        """The plan as the library has it."""
        return text_of("plans", f"{self.id}.yaml")

    def with_values(self, given: Mapping[str, str]) -> str:
        """Return the plan's text with other values of its parameters; the rest stays.

        Raises:
            ParameterNotAcceptable: for a value outside its range or an unknown parameter.
        """
        values = accepted(self.parameters, given)
        changed = {
            place.path: place.written(values[name]) for name in given for place in self.places[name]
        }
        return replace_scalars(self.text, changed)

    def with_parameters(self, given: Mapping[str, str]) -> str:
        """Return the plan's text with its parameters declared, and their names where they count.

        Each keeps its range, within which a later version may set it again.

        Raises:
            ParameterNotAcceptable: for a value outside its range or an unknown parameter.
        """
        values = accepted(self.parameters, given)
        taken = _names_in(parse_plan(self.text).content)
        names = {key: f"{key}_set" if key in taken else key for key in self.parameters}
        places = {
            place.path: place.written(names[key])
            for key, item in self.parameters.items()
            if not item.is_name
            for place in self.places[key]
        }
        text = replace_scalars(self.text, places)
        for key, item in self.parameters.items():
            if not item.is_name:
                text = add_entries(text, "/parameters", _declared(names[key], item, values[key]))
        return text


def _names_in(content: Mapping[str, Content]) -> frozenset[str]:
    """Return the names that sections of a plan give to their entries."""
    return frozenset(
        name for section in content.values() if isinstance(section, dict) for name in section
    )


def _declared(name: str, item: Parameter, value: str) -> str:
    """Return a parameter as a plan declares it."""
    words = ", ".join(f"{key}: {scalar(text)}" for key, text in item.label._asdict().items())
    span = f"{{from: {scalar(item.least or '')}, to: {scalar(item.most or '')}}}"
    return f"{name}: {{value: {scalar(value)}, range: {span}, label: {{{words}}}}}\n"


def template_ids() -> tuple[str, ...]:
    """Return the names of the templates."""
    return ids("plans", _SUFFIX)


@cache
def template(name: str) -> Template:
    """Return a template.

    Raises:
        TemplateNotFound: if there is none of that name.
    """
    if name not in template_ids():
        raise TemplateNotFound(name)
    told = sheet("plans", f"{name}{_SUFFIX}")
    plan = parse_plan(text_of("plans", f"{name}.yaml")).content
    declared = mapping(told["parameters"], name)
    places = {key: _places(mapping(item, key), key) for key, item in declared.items()}
    values = {key: _value(plan, places[key]) for key in declared}
    parameters = {
        key: parameter(key, mapping(item, key), values[key], f"{name}, {key}")
        for key, item in declared.items()
    }
    return Template(
        name,
        word(told, "segment", name),
        words(told, "title", name),
        words(told, "description", name),
        parameters,
        places,
        texts(told.get("warnings", []), name),
    )


def _places(content: Mapping[str, Content], where: str) -> tuple[Place, ...]:
    at = content.get("at", "")
    around = str(content.get("in", _HOLE))
    return tuple(
        Place(path, around) for path in ((at,) if isinstance(at, str) else texts(at, where))
    )


def _value(plan: Mapping[str, Content], places: tuple[Place, ...]) -> str:
    values = {place.value_in(_at(plan, place.path)) for place in places}
    if len(values) != 1:
        raise LibraryMiswritten(f"{places[0].path} and the other places hold different values")
    return values.pop()


def _at(content: "Content | Mapping[str, Content]", path: str) -> str:
    for step in path.split("/")[1:]:
        if isinstance(content, list):
            content = content[int(step)]
        elif isinstance(content, Mapping) and step in content:
            content = content[step]
        else:
            raise LibraryMiswritten(f"there is nothing at {path}")
    return str(content)
