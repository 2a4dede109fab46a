"""Tortoise's migration executor, run inside the transaction that its caller holds.

It reads files and sources in the event loop, which is busy with nothing else yet.
"""

from functools import cached_property
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.models import Model

from server.db import fulltext


class Steps:
    """All steps that a database lacks."""

    def __init__(self, client: BaseDBAsyncClient, apps: dict[str, dict[str, Any]]) -> None:
        """Take the transaction to run in and the apps as Tortoise's configuration names them."""
        self._executor = _Executor(client, apps)

    async def run(self) -> None:
        """Apply the steps in order."""
        # First, since Tortoise asks for the applied ones before it makes the table, and a failing
        # statement ends the transaction on PostgreSQL.
        editor = self._executor._schema_editor(atomic=False)
        await self._executor.recorder.ensure_schema(editor)
        await self._executor.migrate(direction="forward")
        await fulltext.make()


class _Executor(MigrationExecutor):
    """Tortoise's own prepares every table anew twice for each operation of a step: with sixty
    tables, that is nine tenths of a hub's first start.
    """

    async def _project_state(
        self, applied: set[MigrationKey], *, upto: MigrationKey | None = None
    ) -> State:
        known = await super()._project_state(applied, upto=upto)
        apps = _Apps(known.apps._default_connections, known.apps._connections)
        return _State(known.models, apps.clone(model_states=known.models))


class _Apps(StateApps):
    """Prepares a table once; one that changes is another class, to be prepared again."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._prepared: set[type[Model]] = set()

    def _build_initial_querysets(self) -> None:
        every = self.apps
        self.apps = {
            label: {name: one for name, one in tables.items() if one not in self._prepared}
            for label, tables in every.items()
        }
        try:
            super()._build_initial_querysets()
            self._prepared.update(
                one for tables in self.apps.values() for one in tables.values() if one._meta._inited
            )
        finally:
            self.apps = every


class _State(State):
    """Its copy, which is how things were before an operation, is made where one looks at it."""

    def clone(self) -> State:
        return _Former({key: model.clone() for key, model in self.models.items()}, self.apps)


class _Former(State):
    def __init__(self, models: dict[tuple[str, str], ModelState], since: StateApps) -> None:
        self.models, self._since = models, since

    @cached_property
    def apps(self) -> StateApps:  # type: ignore[override]  # it can be written to
        return self._since.clone(model_states=self.models)
