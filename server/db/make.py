"""`python -m server.db.make`: write the migration that brings the schema to what the tables say.

Until the first release there is one step, 0001_initial, and it is written anew each time.
"""

import asyncio
import datetime
import enum
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tortoise import fields
from tortoise.fields.base import Field
from tortoise.fields.data import CharEnumFieldInstance, IntEnumFieldInstance
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.writer import MigrationWriter

from federation.ports import SystemClock
from server.db.database import Database
from server.db.migrate import FOLDER

RELEASED = False
"""From the first release on migrations are added, never written anew."""
OURS = ("server", "federation")
HEADING = '''"""Written by `make migration`."""

# ruff: noqa: I001, RUF012
'''


class FrozenDetector(MigrationAutodetector):
    """Writes plain values where the tables use classes of ours, which may change later."""

    def __init__(self, *arguments: Any, anew: bool = False, **options: Any) -> None:
        """Like Tortoise's; `anew` ignores the steps there are."""
        super().__init__(*arguments, **options)
        self._anew = anew
        if anew:
            self.loader.load_disk = lambda: None  # type: ignore[method-assign]

    def _current_state(self) -> State:
        state = super()._current_state()
        for model in state.models.values():
            model.fields = {name: frozen(field) for name, field in model.fields.items()}
            model.options.pop("table_description", None)
        return state

    def _disk_migration_names(self, app_label: str) -> list[str]:
        return [] if self._anew else super()._disk_migration_names(app_label)


def frozen(field: Field[Any]) -> Field[Any]:
    """Return the field without any class or function of ours in it."""
    if isinstance(field, CharEnumFieldInstance):
        field = _plain(field, fields.CharField(max_length=field.max_length))
    elif isinstance(field, IntEnumFieldInstance):
        field = _plain(field, fields.SmallIntField())
    if isinstance(field.default, enum.Enum):
        field.default = field.default.value
    elif callable(field.default) or isinstance(field.default, datetime.datetime):
        field.default = None  # what Python fills in is no part of the schema
    field.description = None
    return field


def _plain(field: Field[Any], plain: Field[Any]) -> Field[Any]:
    for name in ("null", "unique", "index", "default", "source_field", "model_field_name"):
        setattr(plain, name, getattr(field, name))
    plain.db_default = field.db_default
    return plain


def discovered(root: Path = FOLDER.parents[1]) -> list[str]:
    """Return every module of tables under `server/`, sorted: those that are called `tables`."""
    modules = [path.relative_to(root.parent) for path in root.glob("*/tables.py")]
    packages = [path.relative_to(root.parent).parent for path in root.glob("*/tables/__init__.py")]
    return sorted(".".join(path.with_suffix("").parts) for path in modules + packages)


async def next_migration(
    modules: list[str], *, anew: bool, now: Callable[[], datetime.datetime]
) -> MigrationWriter | None:
    """Return what would be written, None where the tables say nothing new."""
    async with Database("sqlite://:memory:", modules=modules) as database:
        detector = FrozenDetector(database.models(), database.apps(), now=now, anew=anew)
        changes = await detector.changes()
    return changes[0] if changes else None


def text_of(writer: MigrationWriter) -> str:
    """Return the module's text. Raises ValueError where it would import something of ours."""
    text = HEADING + writer.as_string()
    leaks = [line for line in text.splitlines() if _imports_ours(line)]
    if leaks:
        message = f"a migration may not lean on code that changes: {'; '.join(leaks)}"
        raise ValueError(message)
    return text


def _imports_ours(line: str) -> bool:
    return line.startswith(("from ", "import ")) and line.split()[1].split(".")[0] in OURS


def main() -> None:
    """Write the next migration and say where, or that there is none."""
    writer = asyncio.run(next_migration(discovered(), anew=not RELEASED, now=SystemClock().now))
    if writer is None:
        sys.stdout.write("The tables say nothing new.\n")
        return
    path = FOLDER / f"{writer.name}.py"
    path.write_text(text_of(writer), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", path], check=True)  # noqa: S603
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
