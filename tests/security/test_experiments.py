"""What a stranger's experiment may do to the pages here: nothing but be read (cases 23, 24)."""

from datetime import date, timedelta
from typing import Any

from federation import vocab
from tests.security.conftest import Scene, follow
from tests.support.resident import Document

BAD = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'[a](javascript:alert(1))"
TEXTS = (
    "title", "problem", "idea", "who", "livedExperience", "setting", "cost", "equity", "learning",
    "helpWanted", "interests",
)  # fmt: skip


def tried(scene: Scene, **terms: Any) -> Document:
    """Return an experiment of Ann's whose every field is HTML."""
    told: Document = dict.fromkeys(TEXTS, BAD) | {
        "aim": dict.fromkeys(("what", "howMuch", "by", "forWhom"), BAD), "places": [BAD],
        "topics": [BAD], "stage": "learning", "spell": BAD,
        "stages": [
            {"stage": "idea", "at": "2026-10-02", "why": BAD},
            {"stage": "learning", "at": "2026-11-02", "why": BAD},
        ],
        "cycles": [{"number": 1, **dict.fromkeys(("question", "plan", "learned"), BAD)}],
        **terms,
    }  # fmt: skip
    extra: Document = {"@context": vocab.CONTEXT, "fettle:experiment": told}
    return scene.ann.note(**extra)


async def arrive(scene: Scene, activity: Document) -> None:
    """Have something of Ann's arrive."""
    assert (await scene.ann.post(scene.inbox, activity)).status == 202
    await scene.settle()


async def test_html_in_every_field_of_a_strangers_experiment_is_text(scene: Scene) -> None:
    """On its page, in lists, on the page of the story that it claims, and in its entries."""
    await follow(scene, scene.ann, by="ida")
    story = await scene.ward.publish_story(title="Home by six")
    note = tried(scene, inspiredBy=[story, 'https://x.test/"><script>alert(1)</script>'])
    await arrive(scene, scene.ann.create(note))
    entry = scene.ann.reply(note["id"], "<p>x</p>")
    entry |= {"@context": vocab.CONTEXT, "fettle:update": {"experiment": note["id"], "text": BAD}}
    await arrive(scene, scene.ann.create(entry))
    copy = await scene.ward.post(note["id"])
    assert copy is not None
    assert copy.kind == "experiment"
    browser = scene.browser()
    await browser.sign_in()
    for path in (f"/elsewhere/{copy.id}", "/home", story.removeprefix(scene.ward.origin),
                 "/notifications"):  # fmt: skip
        text = (await browser.get(path)).text
        assert "alert(1)" in text, path
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert 'href="javascript' not in text


async def test_a_log_that_a_stranger_rewrites_shows_what_it_said(scene: Scene) -> None:
    """The line stays on the page, and is marked."""
    await follow(scene, scene.ann, by="ida")
    plain: list[Any] = [{"stage": "trying", "at": "2026-10-02", "why": "It began badly."}]
    note = tried(scene, stage="trying", stages=plain)
    await arrive(scene, scene.ann.create(note))
    anew: list[Any] = [{"stage": "working", "at": "2026-10-02", "why": "It always worked."}]
    told = tried(scene, stage="working", stages=anew) | {
        "id": note["id"], "updated": "2099-01-01T00:00:00Z"
    }  # fmt: skip
    await arrive(scene, scene.ann.update(told))
    copy = await scene.ward.post(note["id"])
    assert copy is not None
    text = (await scene.browser().get(f"/elsewhere/{copy.id}")).text
    for words in ("It began badly.", "It always worked.", "no longer shows this line"):
        assert words in text


async def test_nobody_adapts_in_anothers_name(scene: Scene) -> None:
    """Who claims that it is somebody else's adaptation is turned away, and nothing is kept."""
    uri = await scene.ward.publish_story(title="Home by six")
    await follow(scene, scene.ann, by="ida")
    eve, terms = scene.peer.actor("eve"), {"adaptedFrom": {"id": uri, "title": BAD, "kept": BAD}}
    stolen = tried(scene, **terms) | {"to": [vocab.PUBLIC], "cc": [scene.ida]}
    async with scene.nothing_happens():
        answer = await eve.post(scene.inbox, eve.activity("Create", stolen, to=[vocab.PUBLIC]))
        assert answer.status == 403


async def test_numbers_that_can_not_be_drawn_are_left_out(scene: Scene) -> None:
    """A peer's 10^308, more than there is room for, and words: the page is shown without them."""
    await follow(scene, scene.ann, by="ida")
    days = [date(2020, 1, 1) + timedelta(days=day) for day in range(500)]
    points: list[Any] = [{"at": str(day), "value": place} for place, day in enumerate(days)]
    odd: list[Any] = [{"at": "2026-01-05", "value": 10**308}, {"at": BAD, "value": BAD}, BAD, 7]
    measures: list[Any] = [
        {"id": f"{scene.ann.uri}/{n}", "name": BAD, "unit": BAD, "points": [*odd, *points]}
        for n in range(12)
    ]  # fmt: skip
    note = tried(scene, measures=measures)
    await arrive(scene, scene.ann.create(note))
    copy = await scene.ward.post(note["id"])
    assert copy is not None
    page = await scene.browser().get(f"/elsewhere/{copy.id}")
    assert page.status == 200
    assert page.text.count('<figure class="chart"') == 10
    assert BAD not in page.text
    csv = await scene.browser().get(f"/elsewhere/{copy.id}/measures/1.csv")
    assert len(csv.text.splitlines()) <= 401
