"""Rows of a table by SQL, for what is read at every request and for every activity.

A query set costs several times what its query does: it is put together anew each time.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import TypeVar

import orjson
from tortoise.fields import DatetimeField
from tortoise.models import Model

from server.db.database import dialect, marks, rows

M = TypeVar("M", bound=Model)
_JOINED = {
    "sqlite": "SELECT group_concat({column}, ' ') AS said FROM {table}"
    " WHERE {key} IN (SELECT value FROM json_each(?))",
    "postgres": "SELECT string_agg({column}, ' ') AS said FROM {table} WHERE {key} IN"
    " (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST(CAST(? AS TEXT) AS JSON)))",
}


async def read(model: type[M], sql: str, *arguments: object) -> list[M]:
    """Return rows of a table as a query set would. The statement selects all the columns of it:
    `SELECT p.* FROM posts p ...`, with `?` for its arguments.
    """
    found = await rows(sql, *arguments)
    for name in _moments(model):
        for row in found:
            if isinstance(row[name], str):  # SQLite's; Tortoise would take much longer
                row[name] = datetime.fromisoformat(row[name])
    return [model._init_from_db(**row) for row in found]


async def read_one(model: type[M], sql: str, *arguments: object) -> M | None:
    """Return the first of such rows, None where there is none."""
    found = await read(model, sql, *arguments)
    return found[0] if found else None


async def read_by_id(model: type[M], ids: Collection[int]) -> dict[int, M]:
    """Return those rows of a table, each by its id."""
    wanted = set(ids)
    if not wanted:
        return {}
    table = model._meta.db_table
    sql = f"SELECT * FROM {table} WHERE id IN ({marks(len(wanted))})"  # noqa: S608 - names of ours
    return {row.pk: row for row in await read(model, sql, *wanted)}


async def joined(table: str, column: str, key: str, numbers: Sequence[int]) -> str:
    """Return what a column of text says in those rows of a table whose key is one of some numbers,
    with spaces between, in no order: as one row, since a thousand cost several times that.
    """
    sql = _JOINED[dialect()].format(table=table, column=column, key=key)
    [row] = await rows(sql, orjson.dumps(list(numbers)).decode())
    return str(row["said"] or "")


@cache
def _moments(model: type[Model]) -> tuple[str, ...]:
    """Return the columns that hold moments."""
    fields = model._meta.fields_map.items()
    return tuple(name for name, field in fields if isinstance(field, DatetimeField))
