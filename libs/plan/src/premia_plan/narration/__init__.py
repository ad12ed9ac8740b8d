"""An amount told in words: one module of phrases per noun, by kind of node.

A phrase is added to the `PHRASES` of its module; a module to `_MODULES` of `telling`.
"""

from premia_plan.narration.phrase import Language
from premia_plan.narration.telling import MAX_DEPTH, MAX_LISTED, NodeLookup, label, words

__all__ = ["MAX_DEPTH", "MAX_LISTED", "Language", "NodeLookup", "label", "words"]
