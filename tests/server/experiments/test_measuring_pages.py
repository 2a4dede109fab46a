"""The pages of what is measured, from the first number to a spreadsheet, on a hub that runs."""

import html

import aiohttp
import pytest

from tests.security.browser import Browser
from tests.server.experiments.series import MISSED
from tests.server.experiments.visiting import Visits, place, share

MEASURE = {"name": "Late discharges", "unit": "a week", "direction": "down"}
DAYS = [f"{day}/{month:02}/2025" for month in range(1, 11) for day in ("02", "09")]


async def measuring(browser: Browser, **words: str) -> tuple[str, str]:
    """Share an experiment and begin to measure; return the paths of both."""
    path = await share(browser)
    return path, place(await browser.send(f"{path}/measures/new", MEASURE | words))


async def test_from_the_first_number_to_the_chart(visits: Visits) -> None:
    """The page asks for it once, and shows everybody the chart, its numbers and its CSV."""
    una, nobody = await visits.by("una"), await visits.by()
    path = await share(una)
    assert "What would tell you that it works?" in (await una.get(path)).text
    assert "What is measured" not in (await nobody.get(path)).text
    numbers = place(await una.send(f"{path}/measures/new", MEASURE))
    assert numbers == f"{path}/measures/1"
    for day, value in (("5 January 2026", "42"), ("2026-01-12", "44"), ("19 Jan 2026", "38.5")):
        given = {"at": day, "value": value}
        assert place(await una.send(f"{numbers}/number", given, page=numbers)) == numbers
    seen = await nobody.get(path)
    assert '<h3 class="people">Late discharges</h3>' in seen.text
    assert "too few to tell" in seen.text
    assert seen.text.count('role="img" tabindex') == 3
    assert "38.5" in seen.text
    csv = await nobody.get(f"{numbers}.csv")
    assert csv.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert csv.text.splitlines()[1].startswith("2026-01-05,42,")
    assert place(await nobody.get(numbers)) == f"{path}#measure-1"


async def test_a_number_with_words_goes_into_the_log_with_its_picture(
    visits: Visits,
) -> None:
    """Which says in words what it shows."""
    una, nobody = await visits.by("una"), await visits.by()
    path, numbers = await measuring(una)
    assert f'href="{numbers}">Late discharges' in (await una.get(f"{path}/update")).text
    given = {"at": "2026-01-05", "value": "42", "text": "We **counted**."}
    place(await una.send(f"{numbers}/number", given, page=numbers))
    log = (await nobody.get(path)).text.partition('<ol class="log">')[2]
    assert "<strong>counted</strong>" in log
    assert "/media/" in log
    assert "Last number: 42" in log


async def test_a_pasted_table_is_read_and_what_is_unclear_is_shown_back(
    visits: Visits,
) -> None:
    """Day before month, said so; a line that can't be read is left out, said so; then kept."""
    una = await visits.by("una")
    _, numbers = await measuring(una)
    rows = [f"{day}\t{value}" for day, value in zip(DAYS, MISSED, strict=False)]
    pasted = "\n".join(["Week\tLate ones", *rows, "later\tmany"])
    back = await una.send(
        f"{numbers}/table", {"table": pasted, "words": "All of it."}, page=numbers
    )
    assert back.status == 200
    for words in (
        "Is this how you mean it?",
        "the day first",
        "1 line is left out",
        "Nothing is kept yet",
        '<td class="n">42</td>',
    ):
        assert words in back.text
    assert "Out of" not in back.text, "nothing is"
    assert "2 January 2025" not in (await una.get(numbers)).text
    given = {name: hidden(back.text, name) for name in ("table", "words", "sure", "csrf")}
    assert place(await una.post(f"{numbers}/table", given)) == numbers
    page = (await una.get(numbers)).text
    assert "2 January 2025" in page
    assert "Getting better" in page
    assert place(await una.post(f"{numbers}/table", given)) == numbers, "twice changes nothing"
    again = await una.send(f"{numbers}/table", {"table": "2 January 2025\t40"}, page=numbers)
    assert "42, which this replaces" in again.text


def hidden(page: str, name: str) -> str:
    """Return what a form brings along."""
    return html.unescape(page.partition(f'name="{name}" value="')[2].partition('"')[0])


async def test_a_file_is_read_as_well(visits: Visits) -> None:
    """As a spreadsheet writes it; what is in no doubt is kept at once."""
    una = await visits.by("una")
    path, numbers = await measuring(una)
    form = aiohttp.FormData({"csrf": (await una.get(numbers)).token})
    data = "Date;Value\r\n2026-01-05;42\r\n2026-01-12;44,5\r\n".replace(",", ".").encode("cp1252")
    form.add_field("file", data, filename="late.csv", content_type="text/csv")
    assert place(await una.ask("POST", f"{numbers}/table", data=form)) == numbers
    assert "2026-01-12,44.5" in (await una.get(f"{numbers}.csv")).text
    assert "44.5" in (await una.get(path)).text


async def test_a_number_is_corrected_left_out_and_taken_away(visits: Visits) -> None:
    """Each on its own page."""
    una = await visits.by("una")
    _, numbers = await measuring(una)
    place(await una.send(f"{numbers}/number", {"at": "2026-01-05", "value": "42"}, page=numbers))
    day = f"{numbers}/2026-01-05"
    left_out = {"at": "5 January 2026", "value": "40", "excluded": "counted twice"}
    place(await una.send(day, left_out))
    assert "counted twice" in (await una.get(f"{numbers}.csv")).text
    place(await una.send(f"{day}/delete", page=day))
    assert (await una.get(day)).status == 404


async def test_limits_are_drawn_again_and_joined(visits: Visits) -> None:
    """With a reason, which the chart shows."""
    una = await visits.by("una")
    _, numbers = await measuring(una)
    table = "\n".join(f"2026-{m:02}-01,{v}" for m, v in enumerate((9, 8, 9, 7, 3, 2), 1))
    place(await una.send(f"{numbers}/table", {"table": table}, page=numbers))
    wrong = await una.send(f"{numbers}/limits", {"again": "2026-05-01"}, page=numbers)
    assert "Say what changed" in wrong.text
    given = {"again": "2026-05-01", "why": "Round 1"}
    place(await una.send(f"{numbers}/limits", given, page=numbers))
    assert "New limits" in (await una.get(numbers)).text
    place(await una.send(f"{numbers}/limits/2026-05-01/delete", page=numbers))
    assert "New limits" not in (await una.get(numbers)).text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"at": "2026-01-05", "value": "many"}, "Write a number"),
        ({"at": "soon", "value": "4"}, "Write a date"),
        ({"at": "03/04/2026", "value": "4"}, "as 3 April 2026. If that is right"),
        ({"at": "2090-01-05", "value": "4"}, "still to come"),
        ({"at": "2026-01-05", "value": "1" + "0" * 30}, "has to lie between"),
    ],
)
async def test_what_is_wrong_with_a_number_is_said_where_it_was_typed(
    visits: Visits,
    given: dict[str, str],
    words: str,
) -> None:
    """With what to do; a day that could be another is filled in as it was read."""
    una = await visits.by("una")
    _, numbers = await measuring(una)
    seen = await una.send(f"{numbers}/number", given, page=numbers)
    assert seen.status == 422
    assert words in seen.text
    if "3 April" in words:
        assert 'value="3 April 2026"' in seen.text


async def test_too_many_lines_are_refused_with_advice(visits: Visits) -> None:
    """A hundred thousand numbers."""
    una = await visits.by("una")
    _, numbers = await measuring(una)
    table = "\n".join(["1,2"] * 50_000)
    seen = await una.send(f"{numbers}/table", {"table": table}, page=numbers)
    assert seen.status in {413, 422}
    assert "weeks into months" in seen.text or "too" in seen.text


async def test_words_in_every_field_stay_words(visits: Visits) -> None:
    """Nothing that was typed becomes a part of the page."""
    una, nobody, bad = await visits.by("una"), await visits.by(), "<script>x</script>"
    path, numbers = await measuring(una, name=f"a{bad}", unit=f"b{bad}", definition=f"c{bad}")
    given = {"at": "2026-01-05", "value": "4", "note": f"d{bad}", "text": f"e{bad}"}
    place(await una.send(f"{numbers}/number", given, page=numbers))
    place(
        await una.send(f"{numbers}/limits", {"again": "2026-01-05", "why": f"f{bad}"}, page=numbers)
    )
    for page in (
        await nobody.get(path),
        await una.get(numbers),
        await una.get(f"{numbers}/2026-01-05"),
    ):
        assert page.status == 200
        assert bad not in page.text
        assert "&lt;script&gt;" in page.text


async def test_only_those_who_look_after_it_come_in(visits: Visits) -> None:
    """To others the forms do not exist."""
    una, ida = await visits.by("una"), await visits.by("ida")
    path, numbers = await measuring(una)
    place(await una.send(f"{numbers}/number", {"at": "2026-01-05", "value": "4"}, page=numbers))
    for page in (
        f"{path}/measures/new",
        f"{numbers}/edit",
        f"{numbers}/delete",
        f"{numbers}/2026-01-05",
    ):
        assert (await ida.get(page)).status == 404
    token = (await ida.get("/try")).token
    for act in ("number", "table", "limits", "edit", "delete", "2026-01-05", "2026-01-05/delete"):
        assert (await ida.post(f"{numbers}/{act}", {"csrf": token})).status == 404
    place(await una.send(f"{numbers}/delete"))
    assert (await una.get(f"{numbers}/edit")).status == 404
    assert (await una.get(f"{numbers}.csv")).status == 404


async def test_the_numbers_go_with_what_was_taken_back(visits: Visits) -> None:
    """As CSV, too."""
    una = await visits.by("una")
    path, numbers = await measuring(una)
    place(await una.send(f"{numbers}/number", {"at": "2026-01-05", "value": "4"}, page=numbers))
    assert (await una.get(f"{numbers}.csv")).status == 200
    place(await una.send(f"{path}/delete"))
    assert (await una.get(f"{numbers}.csv")).status == 404
