"""The pages of adapting: from the button to how the idea travelled, on a hub that runs."""

from tests.server.experiments.visiting import Visits, place, share

HOW = {
    "kept": "The **list**.", "planned": "We ring at four – the shift ends then\n\nBy text",
    "context_reason": "Three villages.",
}  # fmt: skip


async def test_from_the_button_to_the_page_of_both(visits: Visits) -> None:
    """A draft with the original's words; how it went is told later, and both pages show it."""
    una, ida, nobody = await visits.by("una"), await visits.by("ida"), await visits.by()
    first = await share(una)
    page = await ida.get(first)
    for _ in range(2):  # the second time it is held
        assert "Tried elsewhere" not in (await nobody.get(first)).text
    about = page.text.partition('href="/adapt?about=')[2].partition('"')[0]
    assert "Adapt this" not in (await una.get(first)).text
    seen = (await nobody.get(first)).text
    assert "Adapt this" in seen, "who is led to sign in first"
    assert f'href="{first}/channel">Follow this' in seen
    form = f"/adapt?about={about}"
    edit = place(await ida.send("/adapt", HOW | {"about": about.replace("%3A", ":")}, page=form))
    assert "A knock before six" in (await ida.get(edit)).text
    draft = edit.removesuffix("/edit")
    second = place(await ida.send(f"{draft}/publish", page=draft))
    shown = (await nobody.get(second)).text
    for words in ("<strong>list</strong>", "We ring at four – the shift ends then", "By text",
                  "A knock before six</a>", "know of this"):  # fmt: skip
        assert words in shown
    told = {"result": "worse", "advice": "Sit down.", "unplanned": "Nobody rang"}
    place(await ida.send(f"{second}/adaptation", HOW | told))
    original = (await nobody.get(first)).text
    assert "Tried elsewhere" in original
    assert "It went worse than there." in original
    lineage = await nobody.get(first.replace("/experiments/", "/lineage/"))
    assert lineage.text.count('class="leaf"') == 2
    assert '<svg class="kin"' in lineage.text
    assert (await una.get(f"{second}/adaptation")).status == 404
    assert (await una.get(f"{first}/adaptation")).status == 404, "it adapts nothing"


async def test_spreading_without_anybody_says_so(visits: Visits) -> None:
    """Nobody who took it up has told of it yet."""
    una, nobody = await visits.by("una"), await visits.by()
    path = await share(una)
    place(await una.send(f"{path}/stage", {"stage": "spreading", "why": "They ring in Ripley."}))
    assert "Nobody who did has told us of it yet" in (await nobody.get(path)).text


async def test_what_can_not_be_adapted_is_not_there(visits: Visits) -> None:
    """A story, nothing, what was taken back; and nobody adapts who is not signed in."""
    una, ida, nobody = await visits.by("una"), await visits.by("ida"), await visits.by()
    path = await share(una)
    uri = f"{visits.ward.origin}{path}"
    assert (await nobody.get(f"/adapt?about={uri}")).status in {302, 303}
    place(await una.send(f"{path}/delete"))
    for about in (uri, "", "javascript:x", "https://gone.test/1"):
        assert (await ida.get(f"/adapt?about={about}")).status == 404


async def test_words_of_an_adaptation_stay_words(visits: Visits) -> None:
    """In every field, on both pages and in the picture."""
    una, ida, nobody, bad = (
        await visits.by("una"), await visits.by("ida"), await visits.by(), "<script>x</script>"
    )  # fmt: skip
    first = await share(una, title=f"A{bad}")
    about = f"{visits.ward.origin}{first}"
    given = dict.fromkeys(HOW, bad) | {"planned": f"{bad} – {bad}", "about": about}
    edit = place(await ida.send("/adapt", given, page=f"/adapt?about={about}"))
    draft = edit.removesuffix("/edit")
    second = place(await ida.send(f"{draft}/publish", page=draft))
    lineage = second.replace("/experiments/", "/lineage/")
    for path in (first, second, lineage, f"{second}/history"):
        page = await nobody.get(path)
        assert page.status == 200
        assert bad not in page.text
