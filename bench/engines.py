"""PostgreSQL for a run, from the package that the tests take it from."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from server import db


async def size() -> int:
    """Return the bytes of the database that is open."""
    if db.dialect() == "postgres":
        [row] = await db.rows("SELECT pg_database_size(current_database()) AS bytes")
        return int(row["bytes"])
    [pages], [each] = await db.rows("PRAGMA page_count"), await db.rows("PRAGMA page_size")
    return int(pages["page_count"]) * int(each["page_size"])


@contextmanager
def postgres() -> Iterator[Callable[[], str]]:
    """Start a server, and give what makes a new database in it and returns its address.

    It does not wait for the disk, as in the tests: CPU figures are of use, rates are flattered.
    """
    from tests.support.engines import Engines  # it needs pytest, which SQLite does not

    folder = Path(tempfile.mkdtemp(prefix="fettle-bench-"))
    folder.chmod(0o755)
    engines = Engines(folder)
    try:
        yield lambda: engines.empty("postgres")
    finally:
        engines.close()
        shutil.rmtree(folder)
