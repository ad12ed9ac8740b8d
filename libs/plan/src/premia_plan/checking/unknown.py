"""What is said of names that do not stand for what is asked for there, in both languages."""

from premia_plan.language import Words


def unknown_component(name: str) -> Words:
    """Say that no component has a name."""
    return Words(f"the component {name} is not known", f"il componente {name} non è noto")


def unknown_credit(name: str) -> Words:
    """Say that no credit has a name."""
    return Words(f"the credit {name} is not known", f"il credito {name} non è noto")


def unknown_state(name: str) -> Words:
    """Say that no state has a name."""
    return Words(f"the state {name} is not known here", f"lo stato {name} qui non è noto")


def payee_not_given(name: str) -> Words:
    """Say that an example gives no payee of a name."""
    return Words(f"the payee {name} is not given", f"il beneficiario {name} non è dato")


def order_not_given(name: str) -> Words:
    """Say that an example gives no order of a name."""
    return Words(f"the order {name} is not given", f"l'ordine {name} non è dato")


def column_missing(name: str) -> tuple[Words, Words]:
    """Say that a row leaves out what it must have, and what to do."""
    return (
        Words(f"{name!r} is missing", f"manca {name!r}"),
        Words(f"Add {name}: …", f"Aggiungi {name}: …"),
    )


def like_each_other(passed: list[str], like: str) -> tuple[Words, Words]:
    """Say that some things are each said to be like the other, and what to do."""
    circle = " → ".join([*passed, like])
    return (
        Words(f"{circle} are like each other", f"{circle} rimandano l'uno all'altro"),
        Words("Write one of them out", "Scrivine uno per esteso"),
    )


def for_no_order(name: str) -> Words:
    """Say that a component pays for no order, where one is asked for."""
    return Words(f"{name} is paid for no order", f"{name} non si paga per alcun ordine")
