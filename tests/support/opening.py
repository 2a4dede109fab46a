"""What Tortoise makes of our tables, made once for an engine: it does so whenever a database is
opened, two thousand times a run, and it takes longer than all the rest of that.
"""

from collections.abc import Iterator

import pytest
from tortoise.apps import Apps
from tortoise.models import Model

_Made = tuple[frozenset[type[Model]], frozenset[type]]


@pytest.fixture(autouse=True, scope="session")
def tables_made_once() -> Iterator[None]:
    """Filters, queries and fields belong to the classes of the tables, and hold for whatever
    database of the same engine is opened next with the same tables.
    """
    make, last = Apps._build_initial_querysets, list[_Made]()

    def make_anew(self: Apps) -> None:
        models = frozenset(self.get_models_iterable())
        engine = frozenset(model._meta.db.executor_class for model in models)
        if last != [(models, engine)]:
            last.clear()
            make(self)
            last.append((models, engine))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Apps, "_build_initial_querysets", make_anew)
        yield
