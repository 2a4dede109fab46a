"""Tortoise's migration executor, run inside the transaction that its caller holds."""

import asyncio
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.loader import MigrationLoader


class ThreadedLoader(MigrationLoader):
    """Reads the folder of migrations in a thread, not in the event loop."""

    async def build_graph(self) -> None:
        """Read the folder, then build the graph."""
        await asyncio.to_thread(super().load_disk)
        await super().build_graph()

    def load_disk(self) -> None:
        """Do nothing: the folder has been read."""


class Steps:
    """All steps that a database lacks."""

    def __init__(self, client: BaseDBAsyncClient, apps: dict[str, dict[str, Any]]) -> None:
        """Take the transaction to run in and the apps as Tortoise's configuration names them."""
        self._executor = MigrationExecutor(client, apps)
        self._executor.loader = ThreadedLoader(apps, self._executor.recorder)

    async def run(self) -> None:
        """Apply the steps in order."""
        # First, since Tortoise asks for the applied ones before it makes the table, and a failing
        # statement ends the transaction on PostgreSQL.
        editor = self._executor._schema_editor(atomic=False)  # noqa: SLF001
        await self._executor.recorder.ensure_schema(editor)
        await self._executor.migrate(direction="forward")
