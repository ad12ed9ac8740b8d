"""Explanations checked and told: does a value follow from its children, and what does it mean?"""

from premia_plan.explaining import check_node, check_tree, leaves
from premia_plan.narration import NodeLookup, label, outline, sentences, words

__all__ = [
    "NodeLookup",
    "check_node",
    "check_tree",
    "label",
    "leaves",
    "outline",
    "sentences",
    "words",
]
