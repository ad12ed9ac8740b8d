"""Ready metrics and rules: each a few entries that are added to a plan under a name of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Template as Pattern
from textwrap import indent

from premia_plan.document import parse_plan
from premia_plan.language import Words
from premia_plan.library.parameter import Parameter, accepted
from premia_plan.library.reading import (
    ids,
    mapping,
    parameter,
    sheet,
    text_of,
    word,
    words,
)
from premia_plan.rewriting import add_entries

_SUFFIX = ".yaml"
_OF_STORNO = "/settlement/storno/"


class MetricNotFound(KeyError):
    """Raised for a metric that the library does not have."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)

    def __str__(self) -> str:
        return f"the library has no metric {self.name!r}; list them to choose one"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric or rule; `adds` holds entries by the place in a plan they are added to."""

    id: str
    kind: str
    segment: str
    label: Words
    description: Words
    name: str
    parameters: Mapping[str, Parameter]
    adds: Mapping[str, str]
    frame: Mapping[str, str]
    examples: str

    def added_to(self, text: str, *, name: str, given: Mapping[str, str]) -> str:
        """Return a plan's text with this metric in it, called `name`; comments stay.

        What concerns a storno is added only where the plan has one.  The worked examples of the
        plan are left alone: they do not know yet what the metric pays.

        Raises:
            ParameterNotAcceptable: for a value outside its range or an unknown parameter.
            EntryTaken: if the plan has another entry of the name.
            TextNotRewritable: if the text is written in a way that takes no entries.
            PlanUnreadable: if the text is not a plan that can be read.
        """
        _Name.accept(name)
        values = {"name": name, **accepted(self.parameters, given)}
        content = parse_plan(text).content
        settlement = content.get("settlement")
        has_storno = isinstance(settlement, dict) and "storno" in settlement
        for path, entries in self.adds.items():
            where = Pattern(path).substitute(values)
            if has_storno or not where.startswith(_OF_STORNO):
                text = add_entries(text, where, Pattern(entries).substitute(values))
        return text

    def worked_plan(self, given: Mapping[str, str] = {}) -> str:
        """Return a small plan of a plain frame and this metric, with its worked examples."""
        text = text_of("metrics", "frame.plan")
        for path, entries in self.frame.items():
            text = add_entries(text, path, entries)
        text = self.added_to(text, name=self.name, given=given)
        return f"{text}\nexamples:\n{indent(self.examples.rstrip(), '  ')}\n"


_Name = Parameter("name", Words("name", "nome"), "bonus", None, None)


def metric_ids() -> tuple[str, ...]:
    """Return the names of the metrics and rules."""
    return ids("metrics", _SUFFIX)


@cache
def metric(name: str) -> Metric:
    """Return a metric or rule.

    Raises:
        MetricNotFound: if there is none of that name.
    """
    if name not in metric_ids():
        raise MetricNotFound(name)
    told = sheet("metrics", f"{name}{_SUFFIX}")
    parameters = {
        key: parameter(key, item, word(item, "value", key), f"{name}, {key}")
        for key, item in (
            (key, mapping(item, key))
            for key, item in mapping(told.get("parameters", {}), name).items()
        )
    }
    return Metric(
        name,
        word(told, "kind", name),
        word(told, "segment", name),
        words(told, "label", name),
        words(told, "description", name),
        word(told, "name", name),
        parameters,
        {path: str(entries) for path, entries in mapping(told["adds"], name).items()},
        {path: str(entries) for path, entries in mapping(told.get("frame", {}), name).items()},
        word(told, "examples", name),
    )
