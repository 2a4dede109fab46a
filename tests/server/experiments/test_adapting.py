"""Adapt an experiment, ours or a copy, and what its hub makes of those that others adapt."""

from dataclasses import replace
from typing import Any

import pytest

from federation import vocab
from server.actors.tables import Actor
from server.delivery.tables import OutgoingActivity
from server.experiments import service
from server.experiments.rules.adaptation import Adaptation, Change, Result
from server.experiments.rules.experiment import Experiment
from server.experiments.service import adapting
from server.experiments.service.adapting import EnoughForTodayError
from server.experiments.tables import AdaptationRow
from server.house import House
from server.people.tables import Notification, Person
from server.posts import listeners
from server.posts import service as posts
from server.posts.tables import Boost, Post, Sent
from server.safety.service import turn_away
from tests.server.experiments.test_service import held, terms_of
from tests.support.inhabitants import activity, experiment, hub, note, stranger

pytestmark = pytest.mark.usefixtures("database")

HOW = Adaptation(
    kept="The list.", context_reason="We are three villages.",
    changed=(Change(what="We ring at four", why="the shift ends then"),
             Change(what="By text", planned=False)),
)  # fmt: skip
OURS: dict[str, Any] = {"@context": vocab.CONTEXT}


def adapted(by: Actor, original: str | None, **terms: Any) -> vocab.Note:
    """Return somebody's adaptation as a Note."""
    extra = {name: terms.pop(name) for name in ("id", "to", "cc", "updated") if name in terms}
    told = {
        "title": "Our knock", "problem": "Late.", "idea": "Ring.", "stage": "trying",
        "adaptedFrom": {"id": original, "title": "A knock", "result": "worse"} | terms,
    }  # fmt: skip
    return note(by, "<p>x</p>", **OURS, **{"fettle:experiment": told}, **extra)


async def taken_in(told: vocab.Note, by: Actor, house: House, kind: str = "Create") -> Post | None:
    """Have a Note arrive, and return what is kept of it."""
    await listeners.on_note(activity(by, kind, told, **OURS), house)
    return await posts.by_uri(told.id)


async def own(post: Post, by: Person, house: House, **how: Any) -> Post:
    """Adapt an experiment and publish that."""
    draft = await service.adapt(await held(post), replace(HOW, **how), by=by, house=house)
    return await service.publish(draft, by=by, house=house)


async def test_an_adaptation_begins_with_the_originals_words(
    house: House, ida: Person, una: Person
) -> None:
    """And keeps what it knew of the original; both pages show it."""
    await hub(house)
    first = await experiment(house, ida, problem="Too **late**.", warning="A fall")
    second = await own(first, una, house)
    assert (await held(second)).content_warning == "A fall"
    told = (await terms_of(second))["adaptedFrom"]
    assert told["id"] == first.uri
    assert (told["title"], told["kept"]) == ("A knock", "The list.")
    assert told["digest"].startswith("sha-256=")
    assert told["changed"] == [
        {"what": "We ring at four", "why": "the shift ends then", "planned": True},
        {"what": "By text", "planned": False},
    ]
    assert (await terms_of(second))["problem"] == "Too **late**."
    assert "Adapted from “A knock” on hub.test." in (await held(second)).html
    assert "late" in (await AdaptationRow.get(post_id=second.id)).snapshot
    [found] = await service.adaptations(await held(first))
    assert found.post.id == second.id
    assert await Notification.filter(person_id=ida.id, kind="adapted").count() == 1


async def test_how_it_went_is_told_afterwards(house: House, ida: Person, una: Person) -> None:
    """Failures included; what is known of the original stays."""
    await hub(house)
    first = await experiment(house, ida)
    second = await own(first, una, house)
    how = replace(HOW, result=Result.WORSE, advice="Don’t text.")
    await service.tell_how(second, how, by=una, house=house)
    told = (await terms_of(second))["adaptedFrom"]
    assert (told["result"], told["advice"], told["id"]) == ("worse", "Don’t text.", first.uri)
    [found] = await service.adaptations(await held(first))
    assert found.adaptation.result is Result.WORSE
    edited = Experiment(title="Ours", problem="p", idea="i")
    await service.revise(await held(second), edited, by=una, house=house)
    assert (await terms_of(second))["adaptedFrom"] == told


async def test_what_was_taken_back_is_taken_out_of_its_snapshots(
    house: House, ida: Person, una: Person
) -> None:
    """Its id, the day and the digest stay; whoever has a copy is told."""
    await hub(house)
    first = await experiment(house, ida, title="A secret knock")
    second = await own(first, una, house)
    before = (await terms_of(second))["adaptedFrom"]
    await service.withdraw(first, by=ida, house=house)
    told = (await terms_of(second))["adaptedFrom"]
    assert "title" not in told
    assert [told[name] for name in ("id", "seen", "digest")] == [
        before[name] for name in ("id", "seen", "digest")
    ]
    assert (await AdaptationRow.get(post_id=second.id)).snapshot == ""
    found = await held(second)
    assert "secret" not in found.html
    assert "an experiment that was taken back" in found.html


async def test_one_from_elsewhere_is_acknowledged(house: House, ida: Person) -> None:
    """The hub passes it on, to its author's hub too; our withdrawal will reach that hub."""
    await hub(house)
    first, ann, me = await experiment(house, ida), await stranger(house, "ann"), await ida.actor
    told = adapted(ann, first.uri, cc=[me.uri])
    copy = await taken_in(told, ann, house)
    assert await taken_in(told, ann, house) == copy
    assert copy is not None
    assert await Boost.filter(post_id=copy.id, actor__type="Organization").count() == 1
    [sent] = await OutgoingActivity.filter(
        type="Announce", object_uri=copy.uri, actor__type="Organization"
    )
    assert await Sent.filter(post_id=first.id, inbox__url=ann.shared_inbox).count() == 1
    [found] = await service.adaptations(await held(first))
    assert (found.post.id, found.adaptation.result) == (copy.id, Result.WORSE)
    assert await Notification.filter(person_id=ida.id, kind="adapted").count() == 1
    gone = adapted(ann, "https://other.test/1", id=copy.uri, updated="2027-03-01T12:00:00Z")
    await taken_in(gone, ann, house, "Update")
    assert await service.adaptations(await held(first)) == []
    assert not await Boost.filter(post_id=copy.id, actor__local=True).exists()
    assert not await OutgoingActivity.filter(uri=sent.uri).exists()


async def test_nobody_is_acknowledged_who_is_not_welcome(house: House, ida: Person) -> None:
    """Who is turned away, and what is not for everybody."""
    await hub(house)
    first, me = await experiment(house, ida), await ida.actor
    ann, eve = await stranger(house, "ann"), await stranger(house, "eve", host="eve.test")
    assert await taken_in(adapted(ann, first.uri, to=[me.uri], cc=[]), ann, house) is not None
    await turn_away("eve.test", reason="", house=house)
    assert await taken_in(adapted(eve, first.uri, cc=[me.uri]), eve, house) is not None
    assert not await Boost.filter(post__local=False).exists()
    assert await service.adaptations(await held(first)) == []


async def test_nobodys_own_boost_is_an_acknowledgement(house: House, ida: Person) -> None:
    """Only that of a hub or a channel of the original's server is."""
    await hub(house)
    ann = await stranger(house, "ann")
    theirs = await posts.keep(adapted(ann, "https://other.test/1"), ann, house=house)
    assert theirs is not None
    second = await own(theirs, ida, house)
    assert not await service.is_acknowledged(second)
    for name, kind, expected in (("tom", "Person", False), ("hub", "Organization", True)):
        by = await stranger(house, name, type=kind)
        await posts.boosted(str(second.uri), by=by, activity_uri=f"{by.uri}/1", house=house)
        assert await service.is_acknowledged(second) is expected


@pytest.mark.parametrize("way", ["boosted", "listed"])
async def test_the_page_and_the_lineage_agree_on_what_is_acknowledged(
    house: House, ida: Person, way: str
) -> None:
    """Whether the hub of the original passed it on or lists it, both show it, or neither does."""
    await hub(house)
    ann, theirs = await stranger(house, "ann"), await stranger(house, "hub", type="Organization")
    original = await posts.keep(adapted(ann, "https://other.test/1"), ann, house=house)
    assert original is not None
    second = await own(original, ida, house)
    for expected in (False, True):
        assert await service.is_acknowledged(second) is expected
        found = await service.adaptations(await held(original))
        assert [one.post.id for one in found] == [second.id] * expected
        branch = (await service.lineage(await held(original))).branches[0].branches[0]
        assert (branch.kin.uri, branch.kin.acknowledged) == (second.uri, expected)
        if way == "boosted":
            uri = f"{theirs.uri}/1"
            await posts.boosted(str(second.uri), by=theirs, activity_uri=uri, house=house)
        else:
            await AdaptationRow.filter(post_id=second.id).update(listed=True)


async def test_one_author_adapts_so_much_a_day(
    house: House, ida: Person, una: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tomorrow there is room for more."""
    monkeypatch.setattr(adapting, "A_DAY", 2)
    first = await held(await experiment(house, ida))
    for _ in range(2):
        await service.adapt(first, HOW, by=una, house=house)
    with pytest.raises(EnoughForTodayError):
        await service.adapt(first, HOW, by=una, house=house)


async def test_only_what_everybody_may_read_is_adapted(
    house: House, ida: Person, una: Person
) -> None:
    """A draft, or what was taken back, is not."""
    draft = await service.draft(ida, Experiment(title="A"), house=house)
    first = await experiment(house, ida)
    await service.withdraw(first, by=ida, house=house)
    viewer = await una.actor
    for uri in (str(draft.uri), str(first.uri), "x"):
        with pytest.raises(service.NothingToAdaptError):
            await service.original(uri, viewer, house=house)
