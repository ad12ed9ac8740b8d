"""What a phrase is: the words for one kind of node, in each language."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["it", "en"]
Phrase: TypeAlias = Mapping[Language, str]
Phrases: TypeAlias = Mapping[str, Phrase]
"""By kind of node. In braces: `value`, `kind`, `payee`, `share`, `level`, `keys`, `from_source`,
and whatever stands in the node's detail."""
