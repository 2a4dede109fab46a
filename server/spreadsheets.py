"""Words in a cell of CSV, so that no spreadsheet computes with what somebody wrote. Pure."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet takes for a formula."""


def held_back(words: str) -> str:
    """Return words as they go into a cell: with an apostrophe before what looks like a formula."""
    return f"'{words}" if words.lstrip("'").startswith(FORMULA) else words


def let_go(cell: str) -> str:
    """Return the words of a cell without the apostrophe that `held_back` put there."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell
