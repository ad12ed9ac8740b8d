"""The description of the formula language, as it is answered."""

from pydantic import BaseModel

from plans_api.entrypoints.api.language.answers import WordsOut


class ExampleOut(BaseModel):
    """A formula without names and what it gives."""

    formula: str
    gives: str


class TokenOut(BaseModel):
    """What one kind of word looks like, as a regular expression."""

    name: str
    pattern: str
    example: str | None
    doc: WordsOut


class OperatorOut(BaseModel):
    """A sign or words that join values."""

    written: str
    doc: WordsOut
    example: ExampleOut | None


class ParameterOut(BaseModel):
    """One argument: the units it may have; `number` for any number, `same` for one of all."""

    name: str
    takes: list[str]


class FunctionOut(BaseModel):
    """A function; where `gives` is null, it gives the unit of its first argument."""

    name: str
    signature: str
    parameters: list[ParameterOut]
    repeats: bool
    gives: str | None
    doc: WordsOut
    example: ExampleOut


class ReferenceOut(BaseModel):
    """Words before or after the name of a figure or component; `names` is what follows them."""

    words: str
    place: str
    joins: str
    names: str | None
    doc: WordsOut


class UnitOut(BaseModel):
    """What a value may be."""

    unit: str
    doc: WordsOut
    example: str


class LimitsOut(BaseModel):
    """What a formula may not exceed."""

    characters: int
    parts: int
    nesting: int
    digits: int
    exponent: int
    bits: int


class NameOut(BaseModel):
    """A value that can be named."""

    name: str
    unit: str
    doc: WordsOut


class FactStatesOut(BaseModel):
    """The states that can be asked of a kind of fact."""

    fact: str
    states: list[str]


class ScopeOut(BaseModel):
    """All that formulas of one scope may name."""

    scope: str
    names: list[NameOut]
    states: list[str]
    fact_states: list[FactStatesOut]
    quantities: list[str]
    figures: list[str]
    components: list[str]
    hierarchies: list[str]
    populations: list[str]


class LanguageOut(BaseModel):
    """The formula language: all an editor needs to colour, complete and explain formulas."""

    language: int
    tokens: list[TokenOut]
    keywords: list[str]
    operators: list[OperatorOut]
    functions: list[FunctionOut]
    references: list[ReferenceOut]
    units: list[UnitOut]
    limits: LimitsOut
    scopes: list[ScopeOut]
