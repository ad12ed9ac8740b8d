"""What a sheet tells: in which columns its figures are, and the sheets of populations it reads."""

from calc_engine.engine.lowering.cells.groups import Sheet


def tell_groups(sheet: Sheet) -> None:
    """Ask for the sheets of the populations that a sheet reads, each under its owner's name."""
    program = sheet.context.program
    for inner in (*sheet.groups.values(), *sheet.pools.values()):
        program.result(f"beside_{inner.owner}", inner.relation)
        tell_places(inner, inner.owner)
        tell_groups(inner)


def tell_places(sheet: Sheet, owner: str) -> None:
    """Tell in which columns figures are, and what their missing inputs are called."""
    program = sheet.context.program
    program.places[owner] = dict(sheet.places)
    program.words.update({f"{owner} {name}": words for name, words in sheet.words.items()})
