"""Case 28: signing in, staying in, and what is done in somebody's name.

There is no second factor yet. Re-authentication is asked for where an account is closed and where
a password or an address is changed.
"""

import re
from datetime import timedelta

import pytest

from server.people.rules import ALLOWED, SESSION_LONGEST, Limit
from server.people.service import passwords
from tests.security.browser import Seen
from tests.security.conftest import Scene, on_sqlite
from tests.support.live import PASSWORD

WRONG = "not the right one at all"
FORMS = (
    "/sign-in", "/sign-out", "/reset", "/tell", "/home/following", "/follow", "/settings/profile",
    "/settings/e-mail", "/settings/e-mail/address", "/settings/e-mail/confirm",
    "/settings/password", "/settings/close",
    "/settings/sessions/end-others", "/settings/sessions/1/end", "/notifications/read",
    "/stewards/settings", "/stewards/settings/words", "/stewards/invitations",
    "/stewards/following", "/stewards/people/1/deactivate", "/stewards/deliveries/1/retry",
    "/stewards/aside/1/replay", "/posts/1/respond", "/posts/1/thank", "/drafts/1/publish",
    "/drafts/1/discard", "/try", "/try/1/publish", "/try/1/discard",
    "/experiments/1/update", "/experiments/1/stage", "/experiments/1/stop", "/experiments/1/edit",
    "/experiments/1/delete", "/experiments/1/rounds/new", "/experiments/1/editors",
    "/experiments/1/editors/yes", "/experiments/1/editors/1/remove", "/updates/1/edit",
    "/updates/1/delete",
    "/home/followers/1/accept", "/stewards/followers/1/remove", "/join",
)  # fmt: skip


def _words(seen: Seen, *ours: str) -> str:
    """Return a page without what is anew each time, and without what was typed."""
    text = seen.text.replace(seen.token, "")
    for word in ours:
        text = text.replace(word, "")
    return text


@pytest.mark.usefixtures("real_passwords")
async def test_case_28_a_password_is_kept_as_argon2id(scene: Scene) -> None:
    """With 19 MiB and two rounds, at least, each with a salt of its own."""
    await scene.ward.add_person("quorra")
    [stored] = [row for row in (await scene.stored())["people"] if "quorra" in row]
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in stored
    assert not passwords.is_outdated(passwords.NOBODYS)


async def test_case_28_the_answer_is_the_same_for_an_unknown_account(scene: Scene) -> None:
    """The same page and status, whether the name, the password or both are wrong."""
    await scene.ward.add_person("quorra")
    known, unknown = scene.browser(), scene.browser()
    first, second = await known.sign_in("quorra", WRONG), await unknown.sign_in("qwerty", WRONG)
    assert (first.status, second.status) == (422, 422)
    assert _words(first, "quorra") == _words(second, "qwerty")
    assert known.session_cookie is None
    asked = [await one.send("/reset", {"account": name}, page="/sign-in") for one, name in
             ((known, "quorra"), (unknown, "qwerty"))]  # fmt: skip
    assert [one.status for one in asked] == [200, 200]
    assert asked[0].text.replace("quorra", "") == asked[1].text.replace("qwerty", "")


@pytest.mark.usefixtures("real_passwords")
async def test_case_28_one_hash_is_computed_for_an_unknown_account_too(scene: Scene) -> None:
    """Or the time that it takes would tell: both cost about one Argon2id."""
    import time

    async def cost(name: str) -> float:
        browser, best = scene.browser(), 1e9
        page = await browser.get("/sign-in")
        for _ in range(3):
            begun = time.process_time()
            form = {"csrf": page.token, "account": name, "password": WRONG}
            assert (await browser.post("/sign-in", form)).status == 422
            best = min(best, time.process_time() - begun)
        return best

    await scene.ward.add_person("quorra")
    known, unknown = await cost("quorra"), await cost("nobody")
    assert unknown > 0.5 * known


async def test_case_28_tries_are_counted_by_account_and_by_address(scene: Scene) -> None:
    """429 with Retry-After, even for the right password; over after a while."""
    browser = scene.browser()
    page = await browser.get("/sign-in")

    async def attempt(name: str, password: str, address: str) -> Seen:
        form = {"csrf": page.token, "account": name, "password": password}
        return await browser.post("/sign-in", form, **{"X-Forwarded-For": address})

    most, within = ALLOWED[Limit.SIGN_IN_ACCOUNT]
    for number in range(most):
        assert (await attempt("ida", WRONG, f"192.0.2.{number}")).status == 422
    refused = await attempt("ida", PASSWORD, "198.51.100.1")
    assert refused.status == 429
    assert 0 < int(refused.headers["Retry-After"]) <= within.total_seconds()
    assert browser.session_cookie is None
    scene.network.clock.move(within + timedelta(seconds=1))
    page = await browser.get("/sign-in")
    assert (await attempt("ida", PASSWORD, "198.51.100.1")).status == 303


async def test_case_28_sessions_rotate_expire_and_can_be_ended(scene: Scene) -> None:
    """A token that was known before is worth nothing afterwards, nor is one that was ended."""
    browser, other = scene.browser(), scene.browser()
    await browser.sign_in()
    first = browser.session_cookie
    await other.sign_in()
    assert first
    page = await browser.get("/settings/sessions")
    assert page.text.count("/end") >= 1
    await browser.post("/sign-in", {"csrf": page.token, "account": "ida", "password": PASSWORD})
    second = browser.session_cookie
    assert second
    assert second != first
    name = next(one.key for one in browser.session.cookie_jar if one.key.endswith("-session"))
    fixed = await scene.browser().get("/home", Cookie=f"{name}={first}")
    assert fixed.status == 303
    page = await browser.get("/settings/sessions")
    await browser.post("/settings/sessions/end-others", {"csrf": page.token})
    assert (await other.get("/home")).status == 303
    assert (await browser.get("/home")).status == 200
    scene.network.clock.move(SESSION_LONGEST + timedelta(seconds=1))
    assert (await browser.get("/home")).status == 303


async def test_case_28_a_session_that_somebody_else_chose_is_not_taken_over(scene: Scene) -> None:
    """A cookie set beforehand does not become a session at sign-in."""
    browser = scene.browser()
    await browser.sign_in()
    name = next(one.key for one in browser.session.cookie_jar if one.key.endswith("-session"))
    victim = scene.browser()
    victim.session.cookie_jar.update_cookies({name: "chosen"})
    await victim.sign_in()
    attacker = await scene.browser().get("/home", Cookie=f"{name}=chosen")
    assert attacker.status == 303


async def test_case_28_cookies_are_kept_from_scripts_and_other_sites(scene: Scene) -> None:
    """Secure, HttpOnly, SameSite=Lax, for the whole of this host alone."""
    browser = scene.browser()
    page = await browser.get("/sign-in")
    signed_in = await browser.sign_in()
    for seen in (page, signed_in):
        cookies = [one for one in seen.cookies.values() if one.value]
        assert cookies
        for cookie in cookies:
            assert cookie.key.startswith("__Host-")
            assert cookie["secure"]
            assert cookie["httponly"]
            assert cookie["samesite"] == "Lax"
            assert (cookie["path"], cookie["domain"]) == ("/", "")


async def test_case_28_every_form_is_guarded_against_other_sites(scene: Scene) -> None:
    """Without our token, with somebody else's, or sent from another site: 403, nothing done."""
    browser, other = scene.browser(), scene.browser()
    await browser.sign_in()
    foreign = (await other.get("/sign-in")).token
    own = (await browser.get("/home/following")).token
    async with scene.nothing_happens():
        for path in FORMS:
            for fields, headers in (
                ({}, {}), ({"csrf": ""}, {}), ({"csrf": foreign}, {}), ({"csrf": own + "x"}, {}),
                ({"csrf": own}, {"Origin": "https://evil.test"}),
                ({"csrf": own}, {"Sec-Fetch-Site": "cross-site"}),
                ({"csrf": own}, {"Sec-Fetch-Site": "same-site"}),
            ):  # fmt: skip
                seen = await browser.post(path, fields, **headers)
                assert (path, fields, seen.status) == (path, fields, 403)


@on_sqlite
async def test_case_28_every_route_that_changes_something_is_guarded(
    scene: Scene, engine: str
) -> None:
    """Only the inboxes, and what is opened by a key of its own, read no cookie, and may be posted
    to without a token.
    """
    browser = scene.browser()
    await browser.sign_in()
    for route in scene.ward.node.app.router.routes():
        if route.method in {"GET", "HEAD", "OPTIONS"} or route.resource is None:
            continue
        path = re.sub(r"\{[^}]+\}", "1", route.resource.canonical.replace("{who}", "hub"))
        seen = await browser.post(path, {"x": "1"})
        open_to_all = path.endswith(("/inbox", "/points"))
        assert seen.status in ({404, 415} if open_to_all else {403, 404}), path


async def test_case_28_what_cannot_be_undone_asks_for_the_password(scene: Scene) -> None:
    """Whoever finds an open browser can neither close the account nor lock its owner out."""
    browser = scene.browser()
    await browser.sign_in()
    async with scene.nothing_happens():
        for path, page, fields in (
            ("/settings/close", "", {"password": WRONG, "sure": "on"}),
            ("/settings/password", "", {"old": WRONG, "new": "some other words here"}),
            ("/settings/e-mail/address", "/settings/e-mail", {"email": "x@y.test",
                                                             "password": WRONG}),
        ):  # fmt: skip
            seen = await browser.send(path, fields, page=page or path)
            assert (path, seen.status) == (path, 422)


async def test_case_28_the_desk_is_only_there_for_stewards(scene: Scene) -> None:
    """404 for other people, the way to sign in for nobody."""
    await scene.ward.add_person("bob")
    browser, nobody = scene.browser(), scene.browser()
    await browser.sign_in("bob")
    token = (await browser.get("/home/following")).token
    desks = ("", "/deliveries", "/invitations", "/people", "/settings", "/settings/words",
             "/followers", "/following")  # fmt: skip
    for path in desks:
        assert (path, (await browser.get(f"/stewards{path}")).status) == (path, 404)
        assert (path, (await nobody.get(f"/stewards{path}")).status) == (path, 303)
    async with scene.nothing_happens():
        for path in (one for one in FORMS if one.startswith("/stewards/")):
            seen = await browser.post(path, {"csrf": token})
            assert (path, seen.status) == (path, 404)
