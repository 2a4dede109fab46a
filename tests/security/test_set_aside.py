"""A message that breaks whoever reads it is set aside, shown with its reason, and done again."""

import pytest

from federation import vocab
from federation.inbox import VerifiedActivity
from server.house import House
from server.inbox.service import TRIES
from server.jobs.rules import LONGEST_WAIT
from tests.security.conftest import Scene

WHY = "nobody thought of this"


class Poison:
    """A fault of ours, as long as it lasts: a listener that can't stand favourites."""

    def __init__(self, scene: Scene) -> None:
        self.lasts = True
        scene.ward.node.listeners.on(vocab.ActivityType.LIKE, self._break)

    async def _break(self, _: VerifiedActivity, __: House) -> None:
        if self.lasts:
            raise ZeroDivisionError(WHY)


@pytest.fixture
def poison(scene: Scene) -> Poison:
    return Poison(scene)


async def test_a_poison_message_is_set_aside_and_can_be_done_again(
    scene: Scene, poison: Poison
) -> None:
    """What comes after it is not held up; stewards alone see it, in words, and nothing is lost."""
    story = await scene.ward.publish_story(title="Home by six")
    like = scene.ann.like(story)
    for activity in (like, scene.ann.follow(scene.ida)):
        assert (await scene.ann.post(scene.inbox, activity)).status == 202
    for _ in range(TRIES):
        await scene.ward.work()
        scene.network.clock.move(LONGEST_WAIT / 20)
    await scene.settle()
    assert len(scene.peer.activities("Accept")) == 1

    assert (await scene.ward.get("/stewards/aside")).status in {303, 401, 403}
    browser = scene.browser()
    await browser.sign_in()
    page = await browser.get("/stewards/aside")
    assert scene.ann.uri in page.text
    assert "a thank-you" in page.text
    assert f"ZeroDivisionError: {WHY}" in page.text
    assert "/stewards/aside" in (await browser.get("/stewards")).text

    poison.lasts = False
    number = page.text.split("/stewards/aside/")[1].split("/")[0]
    done = await browser.post(f"/stewards/aside/{number}/replay", {"csrf": page.token})
    assert done.status == 303
    await scene.settle()
    assert "Nothing has been set aside" in (await browser.get("/stewards/aside")).text
    assert (await scene.stored())["thanks"] != []
