"""“I tried this too” becomes an experiment: one’s own words, or somebody else’s, cited."""

from typing import Any

import pytest

from server.actors.tables import Actor
from server.errors import NotFoundError
from server.experiments import service
from server.experiments.rules.retelling import cited, told
from server.experiments.rules.stages import Stage
from server.house import House
from server.people.tables import Person
from server.posts import service as posts
from server.posts.rules import Visibility
from server.posts.tables import Post
from server.responses import service as responses
from server.responses.rules import Response, ResponseKind
from tests.server.experiments.visiting import Visits, place
from tests.support.inhabitants import experiment, note, story, stranger
from tests.support.live import LiveNode

TRIED = ResponseKind.I_TRIED_THIS_TOO


async def answered(
    house: House, head: Post, by: Person, kind: ResponseKind | None = TRIED, **how: Any
) -> Post:  # fmt: skip
    """Have somebody here answer."""
    said = Response(text="We rang at **three**.", kind=kind)
    return await responses.respond(head, said, by=by, house=house, **how)


async def from_elsewhere(house: House, head: Post, words: str, **terms: Any) -> Post:
    """Have Ann answer from elsewhere."""
    ann = await stranger(house, "ann")
    kept = await posts.keep(note(ann, words, inReplyTo=head.uri, **terms), ann, house=house)
    assert kept is not None
    found = await posts.by_id(kept.id)
    assert found is not None
    return found


def meant(kind: str) -> dict[str, Any]:
    """Return what a Note of another hub bears."""
    context = ["https://www.w3.org/ns/activitystreams", {"fettle": "https://w3id.org/fettle#"}]
    return {"@context": context, "fettle:response": {"kind": kind}}


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ("@ida We rang.", "We rang."),
        ("@ida@ward.test, @una: I tried this too. We rang.\n\nTwice.", "We rang.\n\nTwice."),
        ("We rang @ida.", "We rang @ida."),
        ("@ida", ""),
    ],
)
def test_whom_an_answer_names_first_is_not_what_it_says(plain: str, words: str) -> None:
    """Nor what it is meant as."""
    assert told(plain, "I tried this too") == words


def test_what_is_cited_is_quoted_as_it_stands() -> None:
    """Nothing in it is taken for markup."""
    assert cited("*One*\n\n[two](x)", by="Ann <b>", address="https://there.test/1") == (
        "> \\*One\\*\n>\n> \\[two\\](x)\n\nAnn \\<b\\>: <https://there.test/1>"
    )


@pytest.mark.usefixtures("database")
async def test_an_answer_to_an_experiment_becomes_an_adaptation(
    house: House, ida: Person, una: Person
) -> None:
    """With the original's words, and what was said as what was learned."""
    head = await experiment(house, ida)
    draft = await service.retell(await answered(house, head, una), by=una, house=house)
    tried = await service.of_post(draft)
    assert tried is not None
    assert (tried.title, tried.idea, tried.stage) == ("A knock", "Ring.", Stage.TRYING)
    assert tried.learning == "We rang at **three**."
    assert tried.adapted_from is not None
    assert tried.adapted_from.original == head.uri
    out = await service.publish(draft, by=una, house=house)
    assert (await service.of_post(out)).adapted_from.title == "A knock"  # type: ignore[union-attr]


@pytest.mark.usefixtures("database")
async def test_an_answer_from_elsewhere_is_cited(house: House, ida: Person, una: Person) -> None:
    """To a story too, which is what it began with; whether it says what it is, or nothing."""
    head = await story(house, ida)
    for words, terms in (
        ("<p>@ida I tried this too.</p><p>We *rang*.</p>", meant("i-tried-this-too")),
        ("<p>@ida We *rang*.</p>", {}),
    ):
        reply = await from_elsewhere(house, head, words, **terms)
        draft = await service.retell(reply, by=una, house=house)
        tried = await service.of_post(draft)
        assert tried is not None
        assert tried.inspired_by == (head.uri,)
        assert tried.idea == f"> We \\*rang\\*.\n\nAnn: <{reply.url}>"


@pytest.mark.usefixtures("database")
async def test_nobody_tells_what_is_not_theirs_to_tell(
    house: House, ida: Person, una: Person
) -> None:
    """Another's here, one that means something else, one that was not for everybody, no answer."""
    head = await story(house, ida)
    ann = await stranger(house, "ann")
    private = await from_elsewhere(
        house, head, "<p>x</p>", to=[(await Actor.get(id=una.actor_id)).uri], cc=[]
    )
    wrong = [
        await answered(house, head, ida), await answered(house, head, una, ResponseKind.APOLOGY),
        await from_elsewhere(house, head, "<p>x</p>", **meant("apology")), private, head,
    ]  # fmt: skip
    away, mine = await from_elsewhere(house, head, "<p>y</p>"), await answered(house, head, una)
    for reply in wrong:
        await refuses(house, reply, una)
    await Actor.filter(id=ann.id).update(blocked=True)
    await refuses(house, away, una)
    await Post.filter(id=head.id).update(visibility=Visibility.FOLLOWERS)
    await refuses(house, mine, una)


async def refuses(house: House, reply: Post, by: Person) -> None:
    """See that somebody can't make an experiment of an answer."""
    found = await posts.by_id(reply.id)
    assert found is not None
    with pytest.raises(NotFoundError):
        await service.retell(found, by=by, house=house)


async def test_the_button_below_an_answer_leads_to_a_draft(ward: LiveNode, visits: Visits) -> None:
    """Only its author is shown it where it was written here; it goes out as any other does."""
    uri = await ward.publish_story(title="Home by six")
    una, ida = await visits.by("una"), await visits.by("ida")
    post = await ward.post(uri)
    assert post is not None
    said = {"text": "We rang at three.", "kind": "i-tried-this-too"}
    number = place(await una.send(f"/posts/{post.id}/respond", said)).rpartition("#r")[2]
    path, button = uri.removeprefix(ward.origin), f"/posts/{number}/retell"
    assert button not in (await ida.get(path)).text
    assert f'action="{button}"' in (await una.get(path)).text
    assert (await ida.send(button, page=path)).status == 404
    form = place(await una.send(button, page=path))
    words = await una.get(form)
    assert "We rang at three." in words.text
    assert "Home by six" in words.text
