"""An amount told in words: one module of phrases per noun, by kind of node.

A phrase is added to the `PHRASES` of its module; a module to `_MODULES` of `telling`.
"""

from premia_plan.narration.phrase import Language
from premia_plan.narration.sentences import (
    MAX_DEPTH,
    MAX_LISTED,
    NodeLookup,
    outline,
    sentences,
    words,
)
from premia_plan.narration.telling import label

__all__ = [
    "MAX_DEPTH",
    "MAX_LISTED",
    "Language",
    "NodeLookup",
    "label",
    "outline",
    "sentences",
    "words",
]
