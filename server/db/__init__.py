"""Connections, the differences between the engines, migrations."""

from server.db.database import (
    Database,
    Dialect,
    connection,
    dialect,
    execute,
    executemany,
    marks,
    rows,
    skip_locked,
    transaction,
)
from server.db.migrate import migrate, pending

__all__ = [
    "Database",
    "Dialect",
    "connection",
    "dialect",
    "execute",
    "executemany",
    "marks",
    "migrate",
    "pending",
    "rows",
    "skip_locked",
    "transaction",
]
