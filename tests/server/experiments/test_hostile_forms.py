"""What somebody can do to an experiment by forms that no page shows: nothing that was not meant."""

import pytest

from server.experiments.rules.stages import Stage
from server.experiments.tables import StageRow
from tests.server.experiments.visiting import WORDS, Visits, share
from tests.support.live import LiveNode

BAD = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'[a](javascript:alert(1))"
LINE = BAD[:80]
STAGES = ("levitating", "WORKING", "", "idea\nworking", "0", "<b>", "stages[0]")


async def test_html_typed_into_every_field_is_text(ward: LiveNode, visits: Visits) -> None:
    """Of the experiment, its entries, stages, rounds and measures, on every page and feed."""
    una, nobody = await visits.by("una"), await visits.by()
    fields = (
        "title", "problem", "idea", "aim_what", "aim_how_much", "aim_by", "aim_for_whom", "who",
        "lived_experience", "setting", "cost", "equity", "learning", "help_wanted", "places",
        "interests", "organisation",
    )  # fmt: skip
    path = await share(una, **dict.fromkeys(fields, BAD))
    cycle = ("question", "prediction", "plan", "observed", "surprises", "learned",
             "compared_with_prediction")  # fmt: skip
    sent = {
        "update": {"text": BAD}, "stage": {"stage": "trying", "why": BAD},
        "rounds/new": dict.fromkeys(cycle, BAD),
        "measures/new": {"name": LINE, "unit": "<i>%", "direction": "up", "definition": BAD},
        "edit": WORDS | dict.fromkeys(fields, BAD) | {"why": LINE},
        "stop": {"reason": "ran-out", "learned": BAD},
    }  # fmt: skip
    for form, words in sent.items():
        assert (await una.send(f"{path}/{form}", words)).status == 303, form
    for page in (path, f"{path}/log", f"{path}/history", f"{path}.atom", "/experiments", "/",
                 "/people/una", "/experiments.atom", "/feed.atom", f"{path}/channel"):  # fmt: skip
        for browser in (una, nobody):
            seen = await browser.get(page)
            assert seen.status == 200, page
            for broken in ("<script>alert", "<img src=x", 'href="javascript'):
                assert broken not in seen.text, (page, broken)
    assert "alert(1)" in (await nobody.get(path)).text


@pytest.mark.parametrize("form", ["update", "stage"])
async def test_a_stage_that_does_not_exist_is_refused(
    ward: LiveNode, visits: Visits, form: str
) -> None:
    """At the form, with what was written; where it stands stays as it was."""
    una = await visits.by("una")
    path = await share(una)
    for stage in STAGES:
        if form == "update" and not stage:
            continue  # it stands where it stood
        seen = await una.send(f"{path}/{form}", {"text": "Kept", "stage": stage, "why": "Kept"})
        assert seen.status == 422, stage
        assert "Kept" in seen.text
    rows = await ward.run(lambda: StageRow.all())
    assert [row.stage for row in rows] == [Stage.IDEA]


async def test_nobody_begins_at_a_stage_that_does_not_exist(visits: Visits) -> None:
    """Nor at one that needs a reason first."""
    una = await visits.by("una")
    for stage in ("levitating", "stopped"):
        seen = await una.send("/try", WORDS | {"stage": stage})
        assert seen.status == 422, stage
        assert WORDS["title"] in seen.text


async def test_an_edit_does_not_rewrite_the_log_of_stages(ward: LiveNode, visits: Visits) -> None:
    """Whatever fields it brings along: what was said of a stage stays, on the page and on the
    wire.
    """
    una = await visits.by("una")
    path = await share(una)
    await una.send(f"{path}/stage", {"stage": "trying", "why": "The clerks said yes."})
    before = (await ward.fetch(path))["fettle:experiment"]["stages"]
    forged = {"stage": "working", "stages": "working", "stages[0]": "working", "reason": "finished"}
    assert (await una.send(f"{path}/edit", WORDS | forged | {"learning": "More."})).status == 303
    note = (await ward.fetch(path))["fettle:experiment"]
    assert note["learning"] == "More."
    assert (note["stage"], note["stages"]) == (Stage.TRYING, before)
    assert "The clerks said yes." in (await una.get(f"{path}/log")).text
