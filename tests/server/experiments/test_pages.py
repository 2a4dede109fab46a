"""The pages of experiments, from the form to the end, on a hub that runs."""

from urllib.parse import quote

import aiohttp
import pytest

from server.experiments import service
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.stages import Stage
from tests.security.browser import Browser, Seen
from tests.server.experiments.visiting import WORDS, Visits, place, share
from tests.server.media.drawing import file_of, halves
from tests.support.live import LiveNode

JSON = "application/activity+json"


async def test_from_a_story_to_an_experiment_that_shows_on_both(
    ward: LiveNode, visits: Visits
) -> None:
    """By the button on the story; the topics come along; nobody has to approve it."""
    uri = await ward.publish_story(title="Home by six", what_happened="Nobody told. #Discharge")
    una, story = await visits.by("una"), uri.removeprefix(ward.origin)
    seen = await una.get(story)
    assert "trying something about this" in seen.text
    form = await una.get(f"/try?about={uri}")
    assert "Home by six" in form.text
    assert 'value="Discharge"' in form.text
    path = await share(una, about=uri)
    nobody = await visits.by()
    page = await nobody.get(path)
    assert f'href="{story}">Home by six' in page.text
    assert "<em>nobody</em>" in page.text
    for browser in (nobody, una, await visits.by("ida")):
        seen = await browser.get(story)
        assert "What came of it" in seen.text
        assert "A knock before six" in seen.text
    told = await (await visits.by("ida")).get("/notifications")
    assert "is trying something about “Home by six”" in told.text
    for list_ in ("/", "/experiments", "/experiments?stage=idea", "/experiments?topic=home+care",
                  "/people/una", "/experiments.atom", "/feed.atom", "/people/una.atom",
                  "/topics/homecare"):  # fmt: skip
        assert "A knock before six" in (await nobody.get(list_)).text, list_
    assert "A knock before six" not in (await nobody.get("/experiments?stage=working")).text


async def test_a_story_that_nobody_finds_is_said_to_be_missing(
    ward: LiveNode, visits: Visits
) -> None:
    """And the form can still be used."""
    una = await visits.by("una")
    for about in ("https://gone.test/stories/1", "javascript:x", f"{ward.origin}/stories/none"):
        seen = await una.get(f"/try?about={about}")
        assert seen.status == 200
        assert "We can’t find the story" in seen.text
    assert await share(una, about="https://gone.test/stories/1")


async def test_drafts_of_both_kinds_stand_side_by_side(visits: Visits) -> None:
    """Each opens in its own form; nobody else's is there."""
    una = await visits.by("una")
    await una.send("/try", {"title": "Half an idea", "do": "later"})
    await una.send("/tell", {"title": "Half a story", "do": "later"})
    seen = await una.get("/drafts")
    assert "Half an idea" in seen.text
    assert "Half a story" in seen.text
    number = seen.text.partition('href="/try/')[2].partition('"')[0].partition("/")[0]
    assert (await una.get(f"/drafts/{number}")).status == 404
    assert 'value="Half an idea"' in (await una.get(f"/try/{number}/edit")).text
    other = await visits.by("ida")
    for path in (f"/try/{number}", f"/try/{number}/edit"):
        assert (await other.get(path)).status == 404
    unready = await una.send(f"/try/{number}/publish", page=f"/try/{number}")
    assert unready.status == 422
    assert "Say what the problem is" in unready.text
    done = place(await una.send(f"/try/{number}/edit", WORDS | {"title": "A whole idea"}))
    assert "A whole idea" in (await una.get(done)).text
    assert place(await una.send(f"/try/{number}/discard", page=f"/try/{number}")) == "/drafts"
    assert (await una.get(f"/try/{number}")).status == 404


async def test_what_is_missing_is_said_at_the_form(visits: Visits) -> None:
    """Nothing written is lost."""
    una = await visits.by("una")
    seen = await una.send("/try", {"title": "Only a title"})
    assert seen.status == 422
    for words in ("Say what the problem is", "Say what you will try", "Only a title"):
        assert words in seen.text


async def test_an_experiment_goes_on_in_public(visits: Visits) -> None:
    """An entry, a stage with why, a round, its end with what was learned first."""
    una, nobody = await visits.by("una"), await visits.by()
    path = await share(una)
    assert "When you like, you can add" in (await una.get(path)).text
    assert "When you like" not in (await nobody.get(path)).text
    await una.send(f"{path}/update", {"text": "We rang **ten** people."})
    assert "<strong>ten</strong>" in (await nobody.get(path)).text
    refused = await una.send(f"{path}/stage", {"stage": "trying"})
    assert refused.status == 422
    assert "Say in a sentence" in refused.text
    await una.send(f"{path}/stage", {"stage": "trying", "why": "The clerks said yes."})
    again = await una.send(f"{path}/stage", {"stage": "trying", "why": "Still."})
    assert "It is at that stage already" in again.text
    seen = await nobody.get(path)
    for words in ("The clerks said yes.", "Trying"):
        assert words in seen.text
    assert "Its history" not in seen.text, "it reads as it did"


async def test_a_round_is_written_down_and_gone_on_with(visits: Visits) -> None:
    """Its words can change; the experiment's own can too, and both stand in its history."""
    una, nobody = await visits.by("una"), await visits.by()
    path = await share(una)
    wrong = {"question": "Will they ring?", "started": "soon"}
    assert (await una.send(f"{path}/rounds/new", wrong)).status == 422
    kept = {"question": "Will they ring?", "started": "2 October 2026", "act": "adapt"}
    await una.send(f"{path}/rounds/new", kept)
    assert (await una.get(f"{path}/rounds/2")).status == 404
    await una.send(f"{path}/rounds/1", kept | {"observed": "Half the time."})
    more = {"aim_how_much": "halve it", "organisation": "St Hilda’s", "organisation_kind": "trust"}
    await una.send(f"{path}/edit", WORDS | more | {"why": "Clearer."})
    assert "St Hilda’s" in (await una.get(f"{path}/edit")).text
    seen = await nobody.get(path)
    for words in ("St Hilda’s", "Will they ring?", "Half the time.", "halve it", "Its history"):
        assert words in seen.text
    assert "Clearer." in (await nobody.get(f"{path}/history")).text


async def test_what_is_tried_already_can_be_about_a_story_too(
    ward: LiveNode, visits: Visits
) -> None:
    """It is offered beside the form; to nobody whose it is not."""
    una, ida = await visits.by("una"), await visits.by("ida")
    story = await ward.publish_story(title="Nobody at the door")
    form = f"/try?about={quote(story, safe='')}"
    assert "Have you shared it already?" not in (await una.get(form)).text
    path = await share(una)
    assert "Have you shared it already?" not in (await ida.get(form)).text
    assert "Have you shared it already?" in (await una.get(form)).text
    link = f"{path}/began-with?about={quote(story, safe='')}"
    assert (await ida.send(link, page=form)).status == 404
    assert (await una.send(f"{path}/began-with?about=x", page=form)).status == 404
    assert place(await una.send(link, page=form)) == story.removeprefix(ward.origin)
    assert "Nobody at the door" in (await una.get(path)).text
    assert "A knock before six" in (await ida.get(story.removeprefix(ward.origin))).text


async def test_people_are_told_something_before_they_read_it(
    ward: LiveNode, visits: Visits
) -> None:
    """On its page, in lists and feeds, and elsewhere; not once that is taken out again."""
    una, nobody = await visits.by("una"), await visits.by()
    path = await share(una, warning="About a fall")
    folded = (await nobody.get(path)).text.partition("<details><summary>Before you read:")[2]
    for words in ("About a fall", "Ring at four."):
        assert words in folded.partition("</details>")[0]
    for page in ("/experiments", "/experiments.atom"):
        assert "Before you read:" in (await nobody.get(page)).text
    note = await ward.fetch(path)
    assert (note["summary"], note["sensitive"]) == ("About a fall", True)
    draft = place(await una.send("/try", WORDS | {"warning": "About a fall"}))
    assert "About a fall" in (await una.get(draft)).text
    await una.send(f"{path}/edit", WORDS)
    assert "About a fall" not in (await nobody.get(path)).text
    assert "summary" not in await ward.fetch(path)


async def test_what_was_learned_comes_first_when_it_ends(visits: Visits) -> None:
    """With the same weight as a success; the log has all of it."""
    una, nobody = await visits.by("una"), await visits.by()
    path = await share(una)
    await una.send(f"{path}/update", {"text": "We rang **ten** people."})
    ended = {"reason": "ran-out", "learned": "It needs two people."}
    await una.send(f"{path}/stop", ended)
    seen = await nobody.get(path)
    assert "Time, money or people ran out" in seen.text
    assert seen.text.index("It needs two people.</p>") < seen.text.index(">The problem<")
    log, atom = await nobody.get(f"{path}/log"), await nobody.get(f"{path}.atom")
    for words in ("ten", "It needs two people."):
        assert words in log.text
        assert words in atom.text


async def test_a_picture_goes_with_an_entry(visits: Visits) -> None:
    """With words for who can't see it."""
    una, nobody = await visits.by("una"), await visits.by()
    path = await share(una)

    said = {"text": "Look.", "alt": ""}
    assert (await _send_picture(una, f"{path}/update", said)).status == 422
    said["alt"] = "A list on the wall"
    assert place(await _send_picture(una, f"{path}/update", said)) == path
    seen = await nobody.get(path)
    assert 'alt="A list on the wall"' in seen.text
    src = seen.text.partition('<img src="')[2].partition('"')[0]
    assert (await nobody.get(src)).status == 200


async def _send_picture(browser: Browser, to: str, said: dict[str, str]) -> Seen:
    form = aiohttp.FormData({"csrf": (await browser.get(to)).token, **said})
    form.add_field("picture", file_of(halves()), filename="a.jpg", content_type="image/jpeg")
    return await browser.ask("POST", to, data=form)


async def test_who_is_asked_sees_so_and_may_join_and_leave(ward: LiveNode, visits: Visits) -> None:
    """What they see is theirs alone; a stranger's page names them once they said yes."""
    await ward.add_person("sam", display_name="Sam Tay")
    una, sam, nobody = await visits.by("una"), await visits.by("sam"), await visits.by()
    path = await share(una)
    assert "Nobody here goes by" in (await una.send(f"{path}/editors", {"name": "zed"})).text
    await una.send(f"{path}/editors", {"name": "sam"})
    assert "You are asked" in (await sam.get(path)).text
    assert "You are asked" not in (await una.get(path)).text
    assert "Sam" not in (await nobody.get(path)).text
    assert (await sam.get(f"{path}/update")).status == 404
    await sam.send(f"{path}/editors/yes", page=path)
    assert "Sam Tay" in (await nobody.get(path)).text
    assert place(await sam.send(f"{path}/update", {"text": "I rang too."})) == path
    assert "written by Sam Tay" in (await nobody.get(path)).text
    for page in ("/editors", "/delete"):
        assert (await sam.get(path + page)).status == 404
    await sam.send(f"{path}/editors/no", page=path)
    assert "Sam Tay" not in (await nobody.get(path)).text.partition('id="log"')[0]
    assert (await sam.get(f"{path}/update")).status == 404


async def test_other_servers_read_both_by_id(ward: LiveNode, visits: Visits) -> None:
    """The experiment, its entry, their collections; 410 once they were taken back."""
    una = await visits.by("una")
    path = await share(una)
    await una.send(f"{path}/update", {"text": "We rang."})
    note = await ward.fetch(path)
    assert note["id"] == ward.origin + path
    assert note["fettle:experiment"]["problem"] == "People come home to *nobody*."
    for part in ("replies", "likes", "shares"):
        assert (await ward.fetch(f"{path}/{part}"))["id"] == f"{note['id']}/{part}"
    [entry] = (await ward.fetch(f"{path}/replies"))["orderedItems"]
    told = await ward.fetch(entry.removeprefix(ward.origin))
    assert told["fettle:update"] == {"experiment": note["id"], "text": "We rang."}
    led = await una.get(entry.removeprefix(ward.origin))
    assert place(led).startswith(f"{path}/log#u")
    assert place(await una.send(f"{path}/delete")) == f"{path}/delivery"
    for uri in (path, entry.removeprefix(ward.origin)):
        assert (await ward.get(uri, accept=JSON)).status == 410
    assert (await (await visits.by()).get(path)).status in {404, 410}
    assert (await una.get(f"{path}/delivery")).status == 200


async def test_an_entry_can_be_taken_back(visits: Visits) -> None:
    """By those who look after the experiment, and by nobody else."""
    una, nobody = await visits.by("una"), await visits.by()
    path = await share(una)
    await una.send(f"{path}/update", {"text": "Mrs Able rang."})
    log = await una.get(f"{path}/log")
    entry = log.text.partition('action="/updates/')[2].partition('"')[0]
    assert (await nobody.post(f"/updates/{entry}")).status == 403
    assert "Mrs Able" in (await nobody.get(path)).text
    assert place(await una.send(f"/updates/{entry}", page=f"{path}/log")) == path
    assert "Mrs Able" not in (await nobody.get(path)).text


async def test_an_entry_is_said_otherwise_by_its_form(visits: Visits) -> None:
    """With what can be seen on its picture, and what is to be known before; others find no form."""
    una, nobody = await visits.by("una"), await visits.by()
    path = await share(una)
    picture = {"text": "Look.", "alt": "A list on the wall", "warning": "A wall"}
    await _send_picture(una, f"{path}/update", picture)
    seen = await nobody.get(path)
    assert "Before you read" in seen.text
    assert "/updates/" not in seen.text
    entry = (await una.get(path)).text.partition('href="/updates/')[2].partition("/edit")[0]
    form = await una.get(f"/updates/{entry}/edit")
    for words in (">Look.</textarea>", 'value="A list on the wall"', 'value="A wall"'):
        assert words in form.text.replace("\n", "")
    refused = await una.send(f"/updates/{entry}/edit", {"text": "Look here.", "alt": ""})
    assert refused.status == 422
    assert "what can be seen on the picture" in refused.text
    now = {"text": "Look here.", "alt": "A list of names"}
    assert place(await una.send(f"/updates/{entry}/edit", now)) == f"/updates/{entry}"
    seen = await nobody.get(path)
    for words in ("Look here.", 'alt="A list of names"', f'href="/updates/{entry}/history"'):
        assert words in seen.text
    assert "Before you read" not in seen.text
    assert "Look.</p>" in (await nobody.get(f"/updates/{entry}/history")).text
    ida = await visits.by("ida")
    assert (await ida.get(f"/updates/{entry}/edit")).status == 404
    assert (await ida.send(f"/updates/{entry}/edit", now, page=path)).status == 404


@pytest.mark.parametrize("number", [0, 1])
async def test_a_page_that_is_held_is_never_older_than_what_it_shows(
    ward: LiveNode, visits: Visits, number: int
) -> None:
    """For strangers and for others who are signed in: a stage, a reply, an entry, a name."""
    una, ida = await visits.by("una"), await ward.person("ida")
    watcher = await visits.by(["", "ida"][number])
    path = await share(una)
    uri = ward.origin + path
    for form, words in (
        ({"text": "We rang."}, "We rang."),
        ({"text": "Fewer now.", "stage": "learning"}, "Learning"),
    ):
        assert words not in (await watcher.get(path)).text
        await una.send(f"{path}/update", form)
        assert words in (await watcher.get(path)).text
    await ward.respond(uri, "Good!", by="ida")
    assert "Good!" in (await watcher.get(path)).text
    assert ida.name == "ida"


async def test_a_hidden_experiment_is_in_no_list(ward: LiveNode, visits: Visits) -> None:
    """Who has the address reads it."""
    una, nobody = await visits.by("una"), await visits.by()
    path = await share(una, visibility="unlisted")
    assert (await nobody.get(path)).status == 200
    for list_ in ("/", "/experiments", "/people/una", "/experiments.atom", "/feed.atom"):
        assert "A knock" not in (await nobody.get(list_)).text


async def test_pages_of_nothing_and_of_others_are_not_there(ward: LiveNode, visits: Visits) -> None:
    """A stranger is asked to sign in; somebody else finds nothing to change."""
    una, ida, nobody = await visits.by("una"), await visits.by("ida"), await visits.by()
    path = await share(una)
    uri = await ward.publish_story(title="A story")
    as_experiment = uri.removeprefix(ward.origin).replace("stories", "experiments")
    for wrong in ("/experiments/none", as_experiment, f"{path}x", "/updates/none", "/try/999"):
        assert (await una.get(wrong)).status == 404, wrong
    for page in ("update", "stage", "stop", "rounds/new", "edit", "editors"):
        assert (await ida.get(f"{path}/{page}")).status == 404
        assert (await nobody.get(f"{path}/{page}")).status in {303, 401}


async def test_html_in_every_field_is_shown_as_text(ward: LiveNode, visits: Visits) -> None:
    """On the page, in lists and in feeds."""
    bad = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    una, nobody = await ward.person("una"), await visits.by()
    names = (
        "title", "problem", "idea", "who", "lived_experience", "setting", "cost", "equity",
        "learning", "help_wanted", "interests",
    )  # fmt: skip

    async def tell() -> str:
        tried = Experiment(**dict.fromkeys(names, bad), places=(bad,), stage=Stage.IDEA)  # type: ignore[arg-type]
        draft = await service.draft(una, tried, house=ward.house)
        return str((await service.publish(draft, by=una, house=ward.house)).uri)

    path = (await ward.run(tell)).removeprefix(ward.origin)
    for page in (path, "/experiments", "/", "/people/una", f"{path}/log", f"{path}.atom"):
        text = (await nobody.get(page)).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
