"""Reports that are floods, of others, or not for whoever looks at them."""

import pytest

from server.safety import service as safety
from server.safety.rules import OPEN_PER_HOST, REPORT_LIMIT, ReportState
from server.safety.tables import Report
from tests.security.conftest import Scene
from tests.support.peer import Peer

ODD = [
    ["https://else.test/people/zoe"],
    ["https://ward.test/people/nobody", "https://ward.test/stories/0"],
    [{"type": "Note"}, {"id": "javascript:1"}],
    ["https://there.test/people/ann"],
]


async def test_a_report_of_nothing_of_ours_has_no_effect(scene: Scene) -> None:
    """Whatever it names instead."""
    await scene.ann.post(scene.inbox, scene.ann.follow(scene.ida))
    await scene.settle()
    before = await scene.stored()
    for things in ODD:
        status = (await scene.ann.post(scene.inbox, scene.ann.activity("Flag", things))).status
        assert status in {202, 400}
    await scene.settle()
    after = await scene.stored()
    assert {name for name in after if after[name] != before[name]} == {"received"}


async def test_a_server_that_reports_without_end_is_heard_only_so_often(scene: Scene) -> None:
    """One report for each of its people and ours, and no more than can be looked at."""
    things = [scene.ida, *(f"{scene.ward.origin}/stories/{n}" for n in range(400))]
    for _ in range(5):
        flag = scene.ann.activity("Flag", things, content="x" * 20_000)
        assert (await scene.ann.post(scene.inbox, flag)).status == 202
    await scene.settle()
    [row] = await scene.ward.run(safety.reports, ReportState.OPEN)
    assert len(row.reason) <= REPORT_LIMIT

    async def fill() -> None:
        for _ in range(OPEN_PER_HOST):
            row_ = await Report.get(id=row.id)
            row_._saved_in_db = False
            row_.id = None
            await row_.save()

    await scene.ward.run(fill)
    eve = scene.peer.actor("eve")
    await eve.post(scene.inbox, eve.activity("Flag", scene.ida))
    await scene.settle()
    assert "eve" not in repr((await scene.stored())["reports"])
    other = await Peer.at(scene.network, "other.test")
    zoe = other.actor("zoe")
    await zoe.post(scene.inbox, zoe.activity("Flag", scene.ida))
    await scene.settle()
    count = await scene.ward.run(safety.waiting_reports)
    assert count == OPEN_PER_HOST + 2


async def test_reports_by_page(scene: Scene) -> None:
    """Somebody reports a story; only stewards read it, and they decide."""
    await scene.ward.add_person("colm")
    uri = await scene.ward.publish_story(title="Home by six")
    post = await scene.ward.post(uri)
    assert post is not None
    colm, ida, nobody = scene.browser(), scene.browser(), scene.browser()
    await colm.sign_in("colm")
    await ida.sign_in()
    path = f"/report/posts/{post.id}"
    assert (await nobody.get(path)).status == 303
    assert (await ida.get(path)).status == 404  # it is her own
    assert (await colm.send(path, {"reason": ""})).status == 422
    sent = await colm.send(path, {"reason": "It names <i>my mother</i>", "pass_on": "yes"})
    assert sent.status == 303

    row = (await scene.ward.run(safety.reports, ReportState.OPEN))[0]
    page = f"/stewards/reports/{row.id}"
    for one in ("/stewards/reports", page):
        assert (await nobody.get(one)).status == 303
        hidden = await colm.get(one)
        assert hidden.status == 404
        assert "my mother" not in hidden.text
        assert "names &lt;i&gt;my mother&lt;/i&gt;" in (await ida.get(one)).text
    assert "report waits" in (await ida.get("/stewards")).text
    metrics = await scene.ward.get("/metrics", accept="text/plain")
    assert "fettle_reports_waiting 1.0" in metrics.text


async def test_stewards_decide_about_a_report(scene: Scene) -> None:
    """Nobody else does; what is decided is kept, and can be looked at again."""
    await scene.ward.add_person("colm")
    colm, ida = scene.browser(), scene.browser()
    await colm.sign_in("colm")
    await ida.sign_in()
    await scene.ann.post(scene.inbox, scene.ann.activity("Flag", scene.ida, content="Rude"))
    await scene.settle()
    page = f"/stewards/reports/{(await scene.ward.run(safety.reports, ReportState.OPEN))[0].id}"
    for act in (page, f"{page}/reopen", f"{page}/pass-on"):
        csrf = (await colm.get("/settings/blocks")).token
        refused = await colm.post(act, {"csrf": csrf, "decision": "x"})
        assert refused.status == 404
    assert (await ida.send(f"{page}/pass-on", page=page)).status == 409  # it is of this hub
    assert (await ida.send(page, {"decision": ""})).status == 422
    assert (await ida.send(page, {"decision": "The name is out."})).status == 303
    assert "The name is out." in (await ida.get(page)).text
    assert "report waits" not in (await ida.get("/stewards")).text
    assert (await ida.send(f"{page}/reopen", page=page)).status == 303


@pytest.mark.parametrize("what", ["posts", "actors"])
async def test_what_is_not_there_can_not_be_reported(scene: Scene, what: str) -> None:
    """Nor what the visitor may not read: it would tell that it is there."""
    browser = scene.browser()
    await browser.sign_in()
    assert (await browser.get(f"/report/{what}/999999")).status == 404
