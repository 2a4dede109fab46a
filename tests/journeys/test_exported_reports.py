"""Stewards take the record of reports and decisions away, whole, as a table or for programs."""

import csv
import io

import orjson
import pytest

from server.actors.tables import Actor
from server.safety import service as safety
from server.safety.rules import ReportState
from server.safety.service.exporting import BATCH, COLUMNS
from server.safety.tables import Report
from tests.journeys.conftest import Hub
from tests.security.browser import Browser
from tests.support.live import LiveNode
from tests.support.network import Network

EXPORT = "/stewards/reports/export."


async def told(ward: LiveNode, number: int) -> str:
    """Have so many reports, the first of them decided, about a story of Colm's; return its id."""
    await ward.add_person("colm")
    story = await ward.publish_story(by="colm")
    ida = await ward.person()

    async def act() -> None:
        by, colm = await ward._actor("ida"), await Actor.get(uri=f"{ward.origin}/people/colm")
        post = await ward.post(story)
        assert post is not None
        first = await safety.report(
            colm, by=by, posts=[post], reason='=1+1, or "so",\nand more', house=ward.house
        )
        await safety.decide(first.id, decision="It stays.", by=ida, house=ward.house)
        await Report.bulk_create(
            [
                Report(reporter=by, subject=colm, reason=f"{one}", created_at=first.created_at)
                for one in range(1, number)
            ]
        )

    await ward.run(act)
    return story


async def at_browser(network: Network, ward: LiveNode, name: str = "ida") -> Browser:
    """Somebody of the hub."""
    browser = Browser(network, ward.origin)
    network.stack.push_async_callback(browser.close)
    await browser.sign_in(name)
    return browser


@pytest.mark.parametrize("number", [1, BATCH, BATCH + 1])
async def test_the_record_is_whole_in_both_forms(hub: Hub, network: Network, number: int) -> None:
    """However many; the words as they are, but for what a spreadsheet would reckon."""
    ward = await hub("ward.test")
    story = await told(ward, number)
    ida = await at_browser(network, ward)
    assert f"{EXPORT}csv" in (await ida.get("/stewards/reports")).text

    entries = orjson.loads((await ida.get(f"{EXPORT}json")).text)
    assert [one["number"] for one in entries] == sorted({one["number"] for one in entries})
    assert len(entries) == number
    first = entries[0]
    assert tuple(first) == COLUMNS
    assert (first["state"], first["decision"], first["decided_by"]) == (
        ReportState.DONE, "It stays.", "ida",
    )  # fmt: skip
    assert (first["reported_by"], first["about"], first["posts"]) == (
        "@ida@ward.test", "@colm@ward.test", [story],
    )  # fmt: skip
    assert first["reason"] == '=1+1, or "so",\nand more'

    answer = await ida.get(f"{EXPORT}csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "reports.csv" in answer.headers["Content-Disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [line["number"] for line in lines] == [str(one["number"]) for one in entries]
    assert lines[0]["reason"] == '\'=1+1, or "so",\nand more'
    assert lines[0]["decided_at"] == first["decided_at"]
    assert (await ida.ask("HEAD", f"{EXPORT}csv")).status == 200


async def test_a_hub_without_reports_has_an_empty_record(hub: Hub, network: Network) -> None:
    """A list without entries, a table with its first line alone."""
    ward = await hub("ward.test")
    ida = await at_browser(network, ward)
    assert orjson.loads((await ida.get(f"{EXPORT}json")).text) == []
    assert (await ida.get(f"{EXPORT}csv")).text.strip() == ",".join(COLUMNS)


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_the_record_is_for_stewards_alone(hub: Hub, network: Network, form: str) -> None:
    """To others there is nothing (case 30)."""
    ward = await hub("ward.test")
    await told(ward, 1)
    colm = await at_browser(network, ward, "colm")
    assert (await colm.get(EXPORT + form)).status in {403, 404}
    answer = await ward.get(EXPORT + form)
    assert answer.status == 303
    assert "It stays" not in answer.text
