"""Rows for spreadsheets and programs: CSV that no spreadsheet computes with, and JSON. Pure."""

import csv
import io
from collections.abc import Mapping, Sequence

import orjson

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet takes for a formula."""


def held_back(words: str) -> str:
    """Return words as they go into a cell: with an apostrophe before what looks like a formula."""
    return f"'{words}" if words.lstrip("'").startswith(FORMULA) else words


def let_go(cell: str) -> str:
    """Return the words of a cell without the apostrophe that `held_back` put there."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def json_part(rows: Sequence[Mapping[str, object]], *, first: bool, last: bool) -> bytes:
    """Return some rows of a long list of objects, of which this is the first part, or the last."""
    begin = b"[\n" if first else (b",\n" if rows else b"")
    return begin + b",\n".join(map(orjson.dumps, rows)) + (b"\n]\n" if last else b"")


def csv_part(
    columns: Sequence[str], rows: Sequence[Mapping[str, object]], *, first: bool, between: str = " "
) -> bytes:
    """Return some rows as CSV (RFC 4180, UTF-8); the first part names the columns. A cell that
    begins like a formula has an apostrophe before it, and a list is in one, with `between`.
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    if first:
        lines.writerow(columns)
    lines.writerows([_cell(one[name], between) for name in columns] for one in rows)
    return text.getvalue().encode("utf-8", "replace")


def _cell(value: object, between: str) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "yes"
        case list():
            return held_back(between.join(value))
        case str():
            return held_back(value)
        case _:
            return str(value)
