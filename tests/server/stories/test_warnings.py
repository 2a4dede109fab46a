"""What people are told before they read a story, and what its history keeps."""

from dataclasses import replace

import orjson
import pytest

from server.experiments import service as experiments
from server.house import House
from server.posts.tables import Post, Revision
from server.stories import service
from server.stories.forms import StoryForm
from tests.support.inhabitants import experiment, hub, person, story

pytestmark = pytest.mark.usefixtures("database")

WARNING = "About the end of a life."


async def test_a_warning_travels_with_the_note_and_can_be_changed(house: House) -> None:
    """As its summary, which other software heeds; the form shows it again."""
    await hub(house)
    ida = await person(house, "ida")
    told = await Post.get(id=(await story(house, ida, warning=WARNING)).id)
    assert (told.content_warning, told.sensitive) == (WARNING, True)
    note = orjson.loads(bytes(told.document or b""))
    assert (note["summary"], note["sensitive"]) == (WARNING, True)
    assert WARNING not in orjson.dumps(note["fettle:story"]).decode()
    now = await service.of_post(told)
    assert now is not None
    assert StoryForm.of(now, visibility=told.visibility).warning == WARNING
    await service.revise(told, replace(now, warning="About loss."), by=ida, house=house)
    told = await Post.get(id=told.id)
    assert orjson.loads(bytes(told.document or b""))["summary"] == "About loss."
    assert await Revision.filter(post_id=told.id).count() == 1
    await service.revise(told, replace(now, warning=""), by=ida, house=house)
    told = await Post.get(id=told.id)
    assert (told.content_warning, told.sensitive) == ("", False)
    assert "summary" not in orjson.loads(bytes(told.document or b""))


async def test_a_draft_keeps_its_warning(house: House) -> None:
    """And loses it when it is taken out."""
    ida = await person(house, "ida")
    told = await story(house, ida)
    read = await service.of_post(told)
    assert read is not None
    draft = await service.draft(ida, replace(read, warning=WARNING), house=house)
    found = await service.of_post(await Post.get(id=draft.id))
    assert found is not None
    assert found.warning == WARNING
    await service.change_draft(draft, read, visibility=draft.visibility, by=ida)
    assert (await Post.get(id=draft.id)).content_warning == ""


async def test_a_history_keeps_the_title_as_it_was(house: House) -> None:
    """Of a story and of an experiment."""
    await hub(house)
    ida = await person(house, "ida")
    told, tried = await story(house, ida, "Before"), await experiment(house, ida, "Before")
    read, idea = await service.of_post(told), await experiments.of_post(tried)
    assert read is not None
    assert idea is not None
    await service.revise(told, replace(read, title="After"), by=ida, house=house)
    await experiments.revise(tried, replace(idea, title="After"), by=ida, house=house)
    for post in (told, tried):
        assert (await Post.get(id=post.id)).title == "After"
        [before] = await Revision.filter(post_id=post.id)
        assert before.title == "Before"
