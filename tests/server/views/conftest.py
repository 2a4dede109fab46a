"""A whole hub with a view, to be asked through its front door."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from server.experiments import service as experiments
from server.experiments.rules.experiment import Experiment
from server.posts.tables import Post
from server.search.rules.filter import Filter
from server.views import service
from server.views.rules.saving import Saying
from server.views.tables import SavedView
from tests.support.engines import Engine, Engines
from tests.support.live import LiveNode
from tests.support.network import network_of


@pytest.fixture
async def ward(engine: Engine, engines: Engines, tmp_path: Path) -> AsyncIterator[LiveNode]:
    async with network_of() as network:
        yield await LiveNode.set_up_at(network, "ward.test", engines, engine, tmp_path)


async def keep(ward: LiveNode, *, by: str = "ida", name: str = "Getting home",
               is_public: bool = True, **chosen: str | bool) -> SavedView:  # fmt: skip
    """Save a view."""
    person = await ward.person(by)
    saying = Saying(
        name=name, about="", chosen=Filter().but(**chosen), is_public=is_public
    )  # fmt: skip
    return await ward.run(service.save, saying, by=person, house=ward.house)


async def try_out(ward: LiveNode, title: str, *, by: str = "ida", **parts: Any) -> Post:
    """Publish an experiment."""
    person = await ward.person(by)

    async def work() -> Post:
        tried = Experiment(title=title, **{"problem": "It is late.", "idea": "Ring.", **parts})
        draft = await experiments.draft(person, tried, house=ward.house)
        return await experiments.publish(draft, by=person, house=ward.house)

    return await ward.run(work)
