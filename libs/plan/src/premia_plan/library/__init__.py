"""Plans that come with the package, each with its worked examples."""

from importlib.resources import files

PLANS = ("agency-energy", "installer-fee")


def library_plan(name: str) -> str:
    """Return the text of a plan of the library.

    Raises:
        KeyError: if there is none of that name; `PLANS` lists them.
    """
    if name not in PLANS:
        raise KeyError(name)
    return (files(__name__) / "plans" / f"{name}.yaml").read_text(encoding="utf-8")
