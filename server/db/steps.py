"""Tortoise's migration executor, run inside the transaction that its caller holds.

It reads files and sources in the event loop, which is busy with nothing else yet.
"""

from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.migrations.executor import MigrationExecutor

from server.db import fulltext


class Steps:
    """All steps that a database lacks."""

    def __init__(self, client: BaseDBAsyncClient, apps: dict[str, dict[str, Any]]) -> None:
        """Take the transaction to run in and the apps as Tortoise's configuration names them."""
        self._executor = MigrationExecutor(client, apps)

    async def run(self) -> None:
        """Apply the steps in order."""
        # First, since Tortoise asks for the applied ones before it makes the table, and a failing
        # statement ends the transaction on PostgreSQL.
        editor = self._executor._schema_editor(atomic=False)
        await self._executor.recorder.ensure_schema(editor)
        await self._executor.migrate(direction="forward")
        await fulltext.make()
