"""Answers, promises and thanks by the forms and buttons that people press."""

from datetime import timedelta

from tests.server.experiments.visiting import Visits, place
from tests.support.live import LiveNode


async def test_a_promise_goes_from_the_form_to_the_desk_and_is_settled_there(
    ward: LiveNode, visits: Visits
) -> None:
    """Its writer names a day, a steward presses the desk's button once that has passed, and the
    page shows what became of it.
    """
    uri = await ward.publish_story(by="una", title="Home by six")
    story, una, ida = uri.removeprefix(ward.origin), await visits.by("una"), await visits.by("ida")
    post = await ward.post(uri)
    assert post is not None
    form, due = f"/posts/{post.id}/respond", ward.network.clock.now().date() + timedelta(days=3)
    planned = {
        "kind": "change-planned",
        "change": "A list by the phone.",
        "when": f"{due:%d/%m/%Y}",
    }
    for wrong, said in (
        ({"change": ""}, "Say what the change is"), ({"when": "soon"}, "Write a date like"),
        ({"kind": "applause"}, "What is it?"),
    ):  # fmt: skip
        seen = await una.send(form, planned | wrong)
        assert (seen.status, said in seen.text) == (422, True), wrong
    led = place(await una.send(form, planned))
    assert "A list by the phone." in (await una.get(story)).text
    assert f"Promised for</b> {due:%-d %B %Y}" in (await una.get(story)).text
    assert "A list by the phone." not in (await ida.get("/stewards")).text
    ward.network.clock.move(timedelta(days=5))
    desk = (await ida.get("/stewards")).text
    assert "A list by the phone." in desk
    number = led.rpartition("#r")[2]
    button = f"/posts/{number}/respond?kind=change-made"
    assert f'href="{button}"' in desk
    assert f'href="{button}"' in (await ida.get("/stewards/promises")).text
    answer = (await ida.get(button)).text
    assert 'value="change-made" selected' in answer
    made = {"kind": "change-made", "change": "It hangs there."}
    place(await ida.send(f"/posts/{number}/respond", made, page=button))
    assert "A list by the phone." not in (await ida.get("/stewards")).text
    assert "Done:</b> read below what changed." in (await una.get(story)).text


async def test_somebody_is_thanked_from_their_page(ward: LiveNode, visits: Visits) -> None:
    """By the button there; it shows on their page, the front page, the list and the feed, until
    they hide it, and its writer can take it back.
    """
    una, ida, nobody = await visits.by("una"), await visits.by("ida"), await visits.by()
    assert "/thanks/new?whom=%40una%40ward.test" in (await ida.get("/people/una")).text
    assert 'value="@una@ward.test"' in (await ida.get("/thanks/new?whom=%40una%40ward.test")).text
    words = {"whom": "@una@ward.test", "thanked_for": "the <b>lift</b>", "text": "So *kind*."}
    for wrong in (
        {"whom": ""}, {"thanked_for": ""}, {"whom": "@nobody@ward.test"},
        {"whom": "@ida@ward.test"}, {"whom": "the night team", "visibility": "direct"},
    ):  # fmt: skip
        assert (await ida.send("/thanks/new", words | wrong)).status == 422, wrong
    path = place(await ida.send("/thanks/new", words))
    assert "thanked you for the &lt;b&gt;lift&lt;/b&gt;" in (await una.get("/notifications")).text
    pages = ("/", "/thanks", "/thanks.atom", "/people/una")
    for page in pages:
        text = (await nobody.get(page)).text
        assert "kind" in text, page
        assert "<b>lift" not in text
    mine = (await una.get("/settings/thanks")).text
    hide = mine.partition('action="/thanks/')[2].partition('"')[0]
    assert place(await una.send(f"/thanks/{hide}", page="/settings/thanks")) == "/settings/thanks"
    assert (await ida.send(f"/thanks/{hide}", page="/settings/thanks")).status == 404
    for page in pages[:2] + pages[3:]:
        assert "lift" not in (await nobody.get(page)).text, page
    await una.send(f"/thanks/{hide.replace('hide', 'show')}", page="/settings/thanks")
    assert "lift" in (await nobody.get("/thanks")).text
    await una.send("/settings/thanks")
    assert "lift" not in (await nobody.get("/people/una")).text
    assert (await una.post(f"{path}/delete")).status == 403
    assert (await una.send(f"{path}/delete", page=path)).status == 404
    assert place(await ida.send(f"{path}/delete", page=path)) == "/home"
    assert (await nobody.get(path)).status == 410
    assert "lift" not in (await una.get("/settings/thanks")).text


async def test_a_private_thank_you_is_between_two(ward: LiveNode, visits: Visits) -> None:
    """No list shows it, and nobody else finds it."""
    await ward.add_person("sam")
    una, ida, sam = await visits.by("una"), await visits.by("ida"), await visits.by("sam")
    words = {"whom": "@una@ward.test", "thanked_for": "the lift", "visibility": "direct"}
    path = place(await ida.send("/thanks/new", words))
    assert "the lift" in (await una.get(path)).text
    assert "the lift" in (await una.get("/settings/thanks")).text
    for page in (path, f"{path}/likes"):
        assert (await sam.get(page)).status == 404
    for page in ("/", "/thanks", "/thanks.atom", "/people/una"):
        assert "the lift" not in (await sam.get(page)).text, page


async def test_thank_yous_come_in_pages(ward: LiveNode, visits: Visits) -> None:
    """By row: each once, there and back; on somebody's own page the newest, with a way to all."""
    ida, nobody = await visits.by("ida"), await visits.by()
    for number in range(21):
        if number == 19:
            ward.network.clock.move(timedelta(days=1, seconds=1))
        words = {"whom": "@una@ward.test", "thanked_for": f"night {number}."}
        await ida.send("/thanks/new", words)
    theirs = (await nobody.get("/people/una")).text
    assert [f"night {number}." in theirs for number in (20, 15, 14)] == [True, True, False]
    assert 'href="/people/una/thanks"' in theirs
    for path in ("/thanks", "/people/una/thanks"):
        first = (await nobody.get(path)).text
        assert "night 20." in first
        assert "night 0." not in first
        older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        second = (await nobody.get(older)).text
        assert "night 0." in second
        assert "night 1." not in second
    assert "None so far" in (await nobody.get("/people/ida/thanks")).text
    assert (await nobody.get("/people/zed/thanks")).status == 404
