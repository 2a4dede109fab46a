"""Case 30, in caches: what is held in memory shows nothing once more that was taken back."""

from collections.abc import Awaitable, Callable
from functools import partial

from server import db
from server.people import service as people
from server.posts.rules import Visibility
from server.stories import service as stories
from server.stories.rules import Story
from tests.security.browser import Browser
from tests.security.conftest import Scene
from tests.support.live import PASSWORD
from tests.support.resident import CONTENT_TYPE, PUBLIC, Document

SECRET = "Nobody may read this any more"  # noqa: S105 - words, no password
LISTS = ("/", "/stories", "/people/ida", "/feed.atom", "/stories.atom", "/people/ida.atom")
DOCUMENTS = ("/people/ida", "/hub")


async def _warm(browser: Browser, path: str) -> dict[tuple[str, str], str]:
    """Ask for everything twice, so that it is held; return the validators."""
    found = {}
    asked = [(one, "text/html") for one in (path, *LISTS)]
    asked += [(one, CONTENT_TYPE) for one in (path, *DOCUMENTS)]
    for _ in range(2):
        for one, accept in asked:
            seen = await browser.ask("GET", one, headers={"Accept": accept})
            assert seen.status == 200, one
            found[one, accept] = seen.headers["ETag"]
    return found


async def _check_gone(
    browser: Browser, path: str, tags: dict[tuple[str, str], str], status: int
) -> None:
    """Nothing that was held is shown, and nobody is told that their copy still holds."""
    for (one, accept), tag in tags.items():
        for headers in ({"Accept": accept}, {"Accept": accept, "If-None-Match": tag}):
            seen = await browser.ask("GET", one, headers=headers)
            assert SECRET not in seen.text, (one, accept)
            if one == path:
                assert seen.status == status, (one, accept, seen.status)


async def _held(scene: Scene, browser: Browser) -> tuple[str, str, dict[tuple[str, str], str]]:
    uri = await scene.ward.publish_story(title=SECRET, what_happened=f"{SECRET}.")
    path = uri.removeprefix(scene.ward.origin)
    tags = await _warm(browser, path)
    assert SECRET in (await browser.get(path)).text
    assert SECRET in (await browser.get("/")).text
    return uri, path, tags


async def test_case_30_what_is_withdrawn_is_held_for_nobody(scene: Scene) -> None:
    """From the first request after it, on the page, in lists, as a document."""
    browser = scene.browser()
    uri, path, tags = await _held(scene, browser)
    await scene.ward.withdraw_story(uri)
    await _check_gone(browser, path, tags, 410)


async def test_case_30_what_another_process_narrows_is_held_for_nobody(scene: Scene) -> None:
    """Nobody in this process says so: the row alone has changed, by plain SQL."""
    browser = scene.browser()
    uri, path, tags = await _held(scene, browser)

    async def narrow() -> None:
        await db.execute("UPDATE posts SET visibility = 'direct' WHERE uri = ?", uri)

    await scene.ward.run(narrow)
    await _check_gone(browser, path, tags, 404)


async def _check_below(
    scene: Scene, browser: Browser, path: str, take_back: Callable[[], Awaitable[object]]
) -> None:
    await browser.get(path)
    seen = await browser.get(path)
    assert SECRET in seen.text
    await take_back()
    again = await browser.get(path, **{"If-None-Match": seen.headers["ETag"]})
    assert again.status == 200
    assert SECRET not in again.text


async def test_case_30_a_reply_that_is_taken_back_is_held_on_no_page(scene: Scene) -> None:
    """Ours, by whoever wrote it; and one from elsewhere, withdrawn there or made private."""
    browser = scene.browser()
    uri = await scene.ward.publish_story(title="Home by six")
    path = uri.removeprefix(scene.ward.origin)
    ours = await scene.ward.respond(uri, SECRET)
    await _check_below(scene, browser, path, lambda: scene.ward.withdraw_story(ours))

    async def arrives(activity: Document) -> None:
        assert (await scene.ann.post(scene.inbox, activity)).status == 202
        await scene.settle()

    deleted = scene.ann.reply(uri, f"<p>{SECRET}</p>")
    await arrives(scene.ann.create(deleted))
    delete = partial(scene.ann.delete, deleted["id"])
    await _check_below(scene, browser, path, lambda: arrives(delete()))
    narrowed = scene.ann.reply(uri, f"<p>{SECRET}</p>")
    await arrives(scene.ann.create(narrowed))
    later = narrowed | {"updated": "2027-01-01T00:00:00Z", "to": [scene.ida], "cc": []}
    update = scene.ann.activity("Update", later, to=[PUBLIC])
    await _check_below(scene, browser, path, lambda: arrives(update))


async def test_case_30_a_page_made_for_somebody_is_held_for_nobody_else(scene: Scene) -> None:
    """Ida reads what was said to her alone on the same page that strangers are shown."""
    uri = await scene.ward.publish_story(title="Home by six")
    path = uri.removeprefix(scene.ward.origin)
    note = scene.ann.note(f"<p>{SECRET}</p>", inReplyTo=uri, to=[scene.ida], cc=[])
    assert (await scene.ann.post(scene.inbox, scene.ann.create(note))).status == 202
    await scene.settle()
    ida, nobody = scene.browser(), scene.browser()
    await ida.sign_in()
    for _ in range(2):
        assert SECRET in (await ida.get(path)).text
        assert SECRET not in (await nobody.get(path)).text


async def test_case_30_an_account_that_is_closed_is_held_nowhere(scene: Scene) -> None:
    """Its page is not there and its document is a tombstone, from the next request on."""
    await scene.ward.add_person("bob")
    nobody = scene.browser()
    for _ in range(2):
        for accept in ("text/html", CONTENT_TYPE):
            seen = await nobody.ask("GET", "/people/bob", headers={"Accept": accept})
            assert seen.status == 200

    async def close() -> None:
        bob = await people.by_name("bob")
        assert bob is not None
        await people.close(bob.id, password=PASSWORD, house=scene.ward.house)

    await scene.ward.run(close)
    page = await nobody.ask("GET", "/people/bob", headers={"Accept": "text/html"})
    document = await nobody.ask("GET", "/people/bob", headers={"Accept": CONTENT_TYPE})
    assert (page.status, document.status) == (404, 410)


async def test_case_30_a_story_for_few_never_enters_a_cache(scene: Scene) -> None:
    """Its writer reads it first; a stranger who asks next is shown what there is for them."""

    async def tell() -> str:
        writer = await scene.ward.person()
        story, house = Story(title=SECRET, what_happened=SECRET), scene.ward.house
        draft = await stories.draft(writer, story, visibility=Visibility.FOLLOWERS, house=house)
        return str((await stories.publish(draft, by=writer, house=house)).uri)

    path = (await scene.ward.run(tell)).removeprefix(scene.ward.origin)
    ida, nobody = scene.browser(), scene.browser()
    await ida.sign_in()
    assert SECRET in (await ida.get(path)).text
    for accept in ("text/html", CONTENT_TYPE):
        seen = await nobody.ask("GET", path, headers={"Accept": accept})
        assert seen.status == 404
        assert SECRET not in seen.text


async def test_case_30_members_are_given_a_page_of_many_with_their_own_put_in(
    scene: Scene,
) -> None:
    """Each has their own name and token on it, sees their own thank-you and what was said to them;
    and nobody sees it any more once it is withdrawn.
    """
    uri = await scene.ward.publish_story(title="Home by six")
    path = uri.removeprefix(scene.ward.origin)
    bob, colm = scene.browser(), scene.browser()
    for name, browser in (("bobwin", bob), ("colmcille", colm)):
        await scene.ward.add_person(name)
        await browser.sign_in(name)
        for _ in range(2):  # what is said after signing in is said once
            await browser.get(path)
    his, hers = await bob.get(path), await colm.get(path)
    assert ("bobwin" in his.text, "colmcille" in his.text) == (True, False)
    assert ("bobwin" in hers.text, "colmcille" in hers.text) == (False, True)
    assert his.token != hers.token
    assert "private" in his.headers["Cache-Control"]

    held = await scene.ward.post(uri)
    assert held is not None
    assert (await bob.post(f"/posts/{held.id}/thank", {"csrf": hers.token})).status == 403
    assert (await bob.post(f"/posts/{held.id}/thank", {"csrf": his.token})).status == 303
    for _ in range(2):
        assert f"/posts/{held.id}/unthank" in (await bob.get(path)).text
        assert f"/posts/{held.id}/unthank" not in (await colm.get(path)).text

    to_colm = [f"{scene.ward.origin}/people/colmcille"]
    note = scene.ann.note(f"<p>{SECRET}</p>", inReplyTo=uri, to=to_colm, cc=[])
    assert (await scene.ann.post(scene.inbox, scene.ann.create(note))).status == 202
    await scene.settle()
    for _ in range(2):
        assert SECRET in (await colm.get(path)).text
        assert SECRET not in (await bob.get(path)).text

    ours = await scene.ward.respond(uri, "Said by bobwin himself", by="bobwin")
    edit = f"{ours.removeprefix(scene.ward.origin)}/edit"
    for _ in range(2):
        assert edit in (await bob.get(path)).text
        assert edit not in (await colm.get(path)).text

    await scene.ward.withdraw_story(uri)
    for browser in (bob, colm):
        assert (await browser.get(path)).status == 410
