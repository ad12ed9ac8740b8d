"""How `premia explain` draws the reasons of an amount."""

from typing import Any

from rich.console import Console

from premia_cli.explain_command import tree_of


def node(en: str, it: str, value: str, **more: Any) -> dict[str, Any]:
    plain = {"unit": "money", "source": None, "repeated": False, "children": []}
    return plain | {"label": {"en": en, "it": it}, "value": value} | more


def drawn(root: dict[str, Any], language: str) -> str:
    console = Console(width=200, no_color=True)
    with console.capture() as shown:
        console.print(tree_of(root, language))
    return shown.get()


def test_an_amount_and_a_source_that_the_words_name_are_not_said_twice() -> None:
    order = node(
        "order.amount is 1200.00 (from O1)", "order.amount è 1200.00 (da O1)", "1200.00"
    ) | {"source": {"label": "O1"}}
    root = node("36.00 earned", "36.00 maturati", "36.00", children=[order])

    assert drawn(root, "en") == "36.00 earned\n└── order.amount is 1200.00 (from O1)\n"


def test_what_was_shown_already_is_told_in_the_language_asked_for() -> None:
    root = node("30.00 credited", "30.00 accreditati", "30.00", repeated=True)

    assert drawn(root, "it") == "30.00 accreditati (vedi sopra)\n"


def test_a_list_in_a_condition_is_printed_as_it_is() -> None:
    words = '12.00 after the gate order.category in ["gas", "power"]'

    assert drawn(node(words, words, "12.00"), "en") == f"{words}\n"
