"""Documents as other servers write them (tests/wire), read as what they mean."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from federation.audience import Visibility, visibility
from federation.errors import MalformedError
from federation.vocab import (
    PUBLIC,
    Activity,
    ActivityType,
    Actor,
    ActorType,
    Collection,
    Document,
    Hashtag,
    JsonObject,
    Mention,
    Note,
    Tombstone,
    load_json,
    parse,
    parse_actor,
    parse_public_key,
    render,
)

WIRE = Path(__file__).parent.parent / "wire"
HUB = "https://hub.example/hub"
WREN = "https://mastodon.example/users/wren"
POST = f"{WREN}/statuses/110000000000000001"
STORY = "https://hub.example/stories/01KB2V6Q8W3N5E7R9T1Y3V5J7K"
PARTIAL = {"gotosocial_key"}
"""Not whole things: read by other means."""

T = TypeVar("T", bound=Document)


def document(name: str) -> JsonObject:
    """Return a captured document."""
    return load_json((WIRE / f"{name}.json").read_bytes())


def read(name: str, kind: type[T]) -> T:
    """Return what it says."""
    thing = parse(document(name))
    assert isinstance(thing, kind)
    return thing


def created(name: str) -> Note:
    """Return the Note that a Create brings."""
    note = read(name, Activity).object
    assert isinstance(note, Note)
    return note


@pytest.mark.parametrize(
    "name", sorted(file.stem for file in WIRE.glob("*.json") if file.stem not in PARTIAL)
)
def test_every_captured_document_survives_a_round_trip(name: str) -> None:
    """What was read is the same when it is written and read again, unknown terms and all."""
    there = document(name)
    thing = parse(there)
    back = render(thing)
    assert parse(back) == thing
    assert set(there) - set(back) <= {"bcc", "sharedInbox"} | {
        key for key, value in there.items() if value in (None, [], "")
    }


def test_mastodon_sends_a_reply() -> None:
    """Pictures are apart from films, hashtags and mentions from emoji, collections are ids."""
    note = created("mastodon_create")
    assert (note.id, note.attributed_to, note.in_reply_to) == (POST, WREN, STORY)
    assert note.url == "https://mastodon.example/@wren/110000000000000001"
    assert note.published == datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
    assert visibility(note.to, note.cc, f"{WREN}/followers") is Visibility.PUBLIC
    assert note.tags == (
        Mention(href=HUB, name="@hub@hub.example"),
        Hashtag(name="#discharge", href="https://mastodon.example/tags/discharge"),
    )
    (picture,) = note.attachments
    assert picture.name == "A noticeboard by a ward door"
    assert (picture.width, picture.height) == (1200, 900)
    assert picture.focal_point == (0.0, -0.25)
    assert (note.replies, note.likes) == (f"{POST}/replies", f"{POST}/likes")
    assert note.conversation == "https://mastodon.example/contexts/110000000000000001-1"
    assert note.summary is None
    assert [one["type"] for one in note.extra["tag"]] == ["Emoji"]  # type: ignore[index,union-attr,call-overload]
    assert [one["mediaType"] for one in note.extra["attachment"]] == ["video/mp4"]  # type: ignore[index,union-attr,call-overload]
    assert {"atomUri", "conversation", "interactionPolicy"} <= note.extra.keys()


def test_mastodon_describes_a_person() -> None:
    """Everything that a profile shows, and what is needed to write to them."""
    wren = read("mastodon_person", Actor)
    assert (wren.id, wren.type, wren.preferred_username) == (WREN, ActorType.PERSON, "wren")
    assert (wren.inbox, wren.shared_inbox) == (f"{WREN}/inbox", "https://mastodon.example/inbox")
    assert wren.public_key is not None
    assert (wren.public_key.id, wren.public_key.owner) == (f"{WREN}#main-key", WREN)
    assert wren.manually_approves
    assert (wren.discoverable, wren.indexable) == (False, True)
    assert wren.also_known_as == ("https://old.example/users/wren",)
    assert [line.name for line in wren.fields] == ["Garden"]
    assert wren.icon is not None
    assert wren.icon.media_type == "image/png"
    assert wren.extra["featuredTags"] == f"{WREN}/collections/tags"


def test_mastodon_deletes() -> None:
    """A post as a tombstone; a person by id alone."""
    gone = read("mastodon_delete", Activity)
    assert isinstance(gone.object, Tombstone)
    assert gone.object.id == POST
    left = read("mastodon_delete_person", Activity)
    assert left.object == left.actor


def test_mastodon_takes_a_favourite_back() -> None:
    """The Like is inside, whole."""
    undone = read("mastodon_undo_like", Activity).object
    assert isinstance(undone, Activity)
    assert (undone.type, undone.actor, undone.object) == (ActivityType.LIKE, WREN, STORY)


def test_mastodon_reports_a_person_and_their_posts() -> None:
    """A Flag is about several things."""
    flag = read("mastodon_flag", Activity)
    assert flag.object == "https://hub.example/people/finch"
    assert flag.others == (STORY,)
    assert flag.content == "Names a nurse"


def test_a_poll_is_a_note_with_more_to_it() -> None:
    """Its type and its choices are kept."""
    poll = read("mastodon_update_poll", Activity).object
    assert isinstance(poll, Note)
    assert poll.type == "Question"
    assert len(poll.extra["oneOf"]) == 2  # type: ignore[arg-type]


def test_an_outbox_page_holds_activities() -> None:
    """With their Notes, or with ids."""
    page = read("mastodon_outbox_page", Collection)
    first, second = page.items
    assert isinstance(first, Activity)
    assert isinstance(first.object, Note)
    assert isinstance(second, Activity)
    assert second.object == STORY
    assert page.next == f"{WREN}/outbox?max_id=1&page=true"
    assert page.part_of == f"{WREN}/outbox"


def test_a_followers_collection_tells_its_size_and_its_first_page() -> None:
    """The items are on pages."""
    followers = read("mastodon_followers", Collection)
    assert (followers.total_items, followers.items) == (42, ())
    assert followers.first == f"{WREN}/followers?page=1"


def test_gotosocial_sends_one_where_others_send_a_list() -> None:
    """Recipients, tags and attachments alike; times with an offset become UTC."""
    note = created("gotosocial_create")
    assert note.to == (PUBLIC,)
    assert note.tags == (Mention(href=HUB, name="@hub@hub.example"),)
    assert [one.name for one in note.attachments] == ["A heron"]
    assert note.published == datetime(2026, 11, 20, 11, tzinfo=UTC)
    assert note.updated == datetime(2026, 11, 20, 11, 0, 0, 250_000, tzinfo=UTC)


def test_gotosocial_accepts_with_the_whole_follow() -> None:
    """The Follow's id is ours."""
    accepted = read("gotosocial_accept", Activity).object
    assert isinstance(accepted, Activity)
    assert accepted.type is ActivityType.FOLLOW
    assert accepted.id == "https://hub.example/activities/01KB"


def test_gotosocial_shows_strangers_a_key_and_no_inbox() -> None:
    """So it is no actor, but its key can be had."""
    with pytest.raises(MalformedError, match="inbox"):
        parse_actor(document("gotosocial_key"))
    key = parse_public_key(document("gotosocial_key"))
    assert key.id == "https://gts.example/users/heron/main-key"
    assert key.owner == "https://gts.example/users/heron"


def test_misskey_says_things_twice() -> None:
    """Its own terms are kept and change nothing."""
    note = read("misskey_note", Note)
    assert note.content == "<p><span>Thank you</span></p>"
    assert note.extra["_misskey_content"] == "Thank you"
    assert note.extra["quoteUrl"] == "https://hub.example/stories/01KB"
    owl = read("misskey_person", Actor)
    assert owl.shared_inbox == "https://misskey.example/inbox"
    assert owl.public_key is not None
    assert owl.image is None
    like = read("misskey_like", Activity)
    assert (like.type, like.content) == (ActivityType.LIKE, "❤")


def test_lemmy_passes_on_what_was_created() -> None:
    """A Page in a Create in an Announce; its link is kept, being no picture."""
    announce = read("lemmy_announce", Activity)
    create = announce.object
    assert isinstance(create, Activity)
    page = create.object
    assert isinstance(page, Note)
    assert (page.type, page.name) == ("Page", "Ask before you discharge")
    assert page.attachments == ()
    assert page.published == datetime(2026, 11, 20, 10, 15, 0, 123_456, tzinfo=UTC)
    assert page.extra["audience"] == "https://lemmy.example/c/care"
    group = read("lemmy_group", Actor)
    assert group.type is ActorType.GROUP


def test_wordpress_offers_several_addresses() -> None:
    """The web page is the one to show."""
    article = read("wordpress_article", Note)
    assert (article.type, article.name) == ("Article", "A ward round with chairs")
    assert article.url == "https://blog.example/2026/11/chairs/"
    assert [one.name for one in article.attachments] == ["Three chairs"]


def test_pleroma_hides_a_picture_behind_links() -> None:
    """And sends tags as plain words, hashtags without their sign, and blind copies."""
    activity = read("pleroma_create", Activity)
    note = created("pleroma_create")
    assert [one.url for one in note.attachments] == ["https://pleroma.example/media/jay.png"]
    assert note.tags[0] == Hashtag(name="#hello", href="https://pleroma.example/tag/hello")
    assert note.extra["tag"] == ["hello"]
    assert not note.sensitive
    assert "secret.example" not in str(render(activity))
    reaction = read("pleroma_emoji_react", Activity)
    assert (reaction.type, reaction.content) == (ActivityType.EMOJI_REACT, "🌻")


def test_peertube_has_two_authors_and_many_addresses() -> None:
    """The first author counts; a list of one type is that type."""
    video = read("peertube_video", Note)
    assert (video.type, video.attributed_to) == ("Video", "https://films.example/accounts/kite")
    assert video.url == "https://films.example/w/1"
    assert video.tags == (Hashtag(name="#hygiene"),)
    kite = read("peertube_account", Actor)
    assert kite.url == "https://films.example/a/kite"
    assert kite.public_key is not None
    assert kite.icon is not None
    assert len(kite.assertion_methods) == 1
