"""Connections, the differences between the engines, migrations."""

from server.db import fulltext
from server.db.away import is_away
from server.db.bell import Bell
from server.db.database import (
    FAILURES,
    Database,
    Dialect,
    at_the_end,
    connection,
    dialect,
    execute,
    executemany,
    in_turn,
    marks,
    rows,
    skip_locked,
    transaction,
)
from server.db.migrate import migrate, pending
from server.db.model import Model
from server.db.moments import as_day, as_moment, moment
from server.db.reading import joined, read, read_by_id, read_one
from server.db.slices import TOP, Span
from server.db.writing import add

__all__ = [
    "FAILURES",
    "TOP",
    "Bell",
    "Database",
    "Dialect",
    "Model",
    "Span",
    "add",
    "as_day",
    "as_moment",
    "at_the_end",
    "connection",
    "dialect",
    "execute",
    "executemany",
    "fulltext",
    "in_turn",
    "is_away",
    "joined",
    "marks",
    "migrate",
    "moment",
    "pending",
    "read",
    "read_by_id",
    "read_one",
    "rows",
    "skip_locked",
    "transaction",
]
