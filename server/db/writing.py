"""Rows added by SQL, for what is written for every activity: a model's `create` costs several times
what its INSERT does, and `get_or_create` a savepoint besides.
"""

from datetime import datetime
from enum import Enum
from functools import cache

from tortoise.models import Model

from server.db.database import marks, rows
from server.db.moments import moment


async def add(row: Model, *, unless: str = "") -> bool:
    """Insert a row that was made of its model, and give it its key.

    With `unless`, a column (or several, with commas) that is unique: where there is such a row
    already, nothing is changed and False returned.
    """
    columns, sql = _statement(type(row), unless)
    found = await rows(sql, *[_plain(getattr(row, name)) for name in columns])
    if found:
        row.pk = found[0]["key"]
        row._saved_in_db = True
    return bool(found)


@cache
def _statement(model: type[Model], unless: str) -> tuple[list[str], str]:
    meta = model._meta
    # A key that the database makes is left to it.
    fields = {
        name: column
        for name, column in meta.fields_db_projection.items()
        if not meta.fields_map[name].generated
    }
    conflict = f" ON CONFLICT ({unless}) DO NOTHING" if unless else ""
    sql = (
        f"INSERT INTO {meta.db_table} ({', '.join(fields.values())})"  # noqa: S608 - names of ours
        f" VALUES ({marks(len(fields))}){conflict} RETURNING {meta.db_pk_column} AS key"
    )
    return list(fields), sql


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return moment(value)
    return value.value if isinstance(value, Enum) else value
