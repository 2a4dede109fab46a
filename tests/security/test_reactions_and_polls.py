"""Reactions, questions and votes, however odd: words at most, never an error, never markup."""

import pytest

from tests.security.conftest import Scene
from tests.support.resident import PUBLIC

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\u202e:blob:",
    "❤" * 5_000,
    "x" * 500_000,
]


@pytest.mark.parametrize("content", HOSTILE, ids=["script", "image", "reversed", "many", "huge"])
async def test_a_reaction_is_one_thank_you_whatever_it_says(scene: Scene, content: str) -> None:
    """Counted once, undone once; what it says is shown nowhere."""
    uri = await scene.ward.publish_story(title="Home by six")
    path = uri.removeprefix(scene.ward.origin)
    icon = {"type": "Emoji", "name": ":blob:", "icon": {"type": "Image", "url": "javascript:1"}}
    reaction = scene.ann.activity("EmojiReact", uri, content=content, tag=[icon], to=[PUBLIC])
    for _ in range(2):
        assert (await scene.ann.post(scene.inbox, reaction)).status == 202
        await scene.settle()
    assert (await scene.ward.fetch(f"{path}/likes"))["totalItems"] == 1
    page = (await scene.ward.get(path)).text
    assert "Ann" in page
    assert content[:10] not in page

    assert (await scene.ann.post(scene.inbox, scene.ann.undo(reaction))).status == 202
    await scene.settle()
    assert (await scene.ward.fetch(f"{path}/likes"))["totalItems"] == 0


@pytest.mark.parametrize("content", [None, 7, {"a": 1}, [], ["<b>", 2]])
async def test_a_reaction_without_words_is_a_thank_you_too(scene: Scene, content: object) -> None:
    """Whatever stands there instead of a text."""
    uri = await scene.ward.publish_story(title="Home by six")
    reaction = scene.ann.activity("EmojiReact", uri, content=content)
    assert (await scene.ann.post(scene.inbox, reaction)).status == 202
    await scene.settle()
    likes = await scene.ward.fetch(uri.removeprefix(scene.ward.origin) + "/likes")
    assert likes["totalItems"] == 1


async def test_a_question_in_reply_is_a_plain_response_with_its_choices(scene: Scene) -> None:
    """They are read as words; their markup is not."""
    uri = await scene.ward.publish_story(title="Home by six")
    choices = [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": 3}}
        for name in ("A call first", "<script>alert(1)</script>")
    ]
    question = scene.ann.reply(uri, "<p>What would help most?</p>") | {
        "type": "Question", "oneOf": choices, "endTime": "2027-01-01T00:00:00Z", "votersCount": 3,
    }  # fmt: skip
    assert (await scene.ann.post(scene.inbox, scene.ann.create(question))).status == 202
    await scene.settle()

    held = await scene.ward.post(question["id"])
    assert held is not None
    assert held.kind == "response"
    page = (await scene.ward.get(uri.removeprefix(scene.ward.origin))).text
    assert "<li>A call first</li>" in page
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


async def test_a_vote_on_what_is_no_poll_has_no_effect(scene: Scene) -> None:
    """Taken with 202 and forgotten: no reply without words, nobody told."""
    uri = await scene.ward.publish_story(title="Home by six")
    known = scene.ann.reply(uri)
    await scene.ann.post(scene.inbox, scene.ann.create(known))
    await scene.settle()
    vote = scene.ann.reply(uri) | {"name": "Tea", "to": [scene.ida], "cc": []}
    del vote["content"]
    before = await scene.stored()
    assert (await scene.ann.post(scene.inbox, scene.ann.create(vote))).status == 202
    await scene.settle()
    after = await scene.stored()
    assert {name for name in after if after[name] != before[name]} == {"received"}
