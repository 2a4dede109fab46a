"""Numbers from programs: one key for one measure, and nothing else."""

import io
import json
from typing import Any

import pytest

from server.experiments.rules.measures import POINTS
from tests.security.browser import Browser, Seen
from tests.server.experiments.test_measuring_pages import measuring
from tests.server.experiments.visiting import Visits, place

POINT = {"at": "2026-01-05", "value": 42, "n": 120, "note": "snow"}


async def made(browser: Browser, numbers: str) -> str:
    """Make the key of a measure, as its page shows it this once."""
    seen = await browser.send(f"{numbers}/key")
    assert seen.status == 200
    return seen.text.partition("Bearer ")[2].partition("&")[0].partition('"')[0]


async def sent(browser: Browser, numbers: str, key: str, body: Any = None, **headers: str) -> Seen:
    """Send numbers as a program does."""
    data = body if isinstance(body, bytes) else json.dumps(body or {"points": [POINT]}).encode()
    given = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"} | headers
    return await browser.ask("POST", f"{numbers}/points", data=io.BytesIO(data), headers=given)


async def test_a_program_adds_numbers_with_its_key(visits: Visits) -> None:
    """With words they go into the log, too; a day that has one is left alone unless told so."""
    una, program = await visits.by("una"), await visits.by()
    path, numbers = await measuring(una)
    key = await made(una, numbers)
    assert key not in (await una.get(f"{numbers}/key")).text
    seen = await sent(program, numbers, key)
    assert (seen.status, json.loads(seen.text)) == (200, {"added": 1, "points": 1, "entry": None})
    assert "2026-01-05,42,120,snow" in (await program.get(f"{numbers}.csv")).text
    again = await sent(program, numbers, key)
    assert again.status == 409
    assert "already: 42" in json.loads(again.text)["error"]
    body = {"points": [POINT | {"value": 40}], "instead": True, "text": "Counted again."}
    told = json.loads((await sent(program, numbers, key, body)).text)
    assert "/updates/" in told["entry"]
    assert "Counted again." in (await program.get(path)).text


async def test_a_key_opens_one_measure_until_it_ends(visits: Visits) -> None:
    """No other measure, not after a new one was made, nor once it is ended."""
    una, program = await visits.by("una"), await visits.by()
    _, numbers = await measuring(una)
    _, others = await measuring(una)
    key = await made(una, numbers)
    for where, with_key in ((others, key), (numbers, "x"), (numbers, "")):
        seen = await sent(program, where, with_key)
        assert seen.status == 401
        assert json.loads(seen.text) == {"error": "This key opens nothing here."}
    newer = await made(una, numbers)
    assert (await sent(program, numbers, key)).status == 401
    assert (await sent(program, numbers, newer)).status == 200
    place(await una.send(f"{numbers}/key/delete", page=f"{numbers}/key"))
    assert (await sent(program, numbers, newer)).status == 401
    assert (await (await visits.by("ida")).get(f"{numbers}/key")).status == 404


async def test_a_key_ends_with_its_makers_part_in_it(visits: Visits) -> None:
    """Who no longer looks after the experiment adds nothing by program either."""
    una, ida, program = await visits.by("una"), await visits.by("ida"), await visits.by()
    path, numbers = await measuring(una)
    place(await una.send(f"{path}/editors", {"name": "ida"}))
    place(await ida.send(f"{path}/editors/yes", page=path))
    key = await made(ida, numbers)
    assert (await sent(program, numbers, key)).status == 200
    place(await ida.send(f"{path}/editors/no", page=path))
    assert (await sent(program, numbers, key)).status == 401


MANY = [{"at": "2026-01-05", "value": 1}] * (POINTS + 1)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"points": []}, 400, "has to be a list"),
        ({"points": [{"at": "soon", "value": 1}]}, 400, "points[0]"),
        ({"points": [POINT, {"at": "2026-01-06", "value": 10**308}]}, 400, "points[1]"),
        (b'{"points": [{"at": "2026-01-06", "value": NaN}]}', 400, "error"),
        (b"not JSON", 400, "error"),
        ({"points": [{"at": "2090-01-06", "value": 1}]}, 409, "still to come"),
        ({"points": MANY}, 409, "weeks into months"),
        ({"points": [POINT], "text": 7}, 400, "has to be words"),
        ({"points": [POINT], "text": "x" * 10_001}, 409, "too long"),
        ({"points": [POINT, POINT | {"value": 7}]}, 409, "two numbers for 5 January"),
        ({"points": [POINT | {"n": "120"}]}, 400, "points[0].n"),
        ({"points": [POINT | {"n": -5}]}, 400, "points[0].n"),
        ({"points": [POINT | {"note": "x" * 9_999}]}, 400, "points[0].note"),
        ({"points": [POINT | {"at": "2026-02-10T10:00:00Z"}]}, 400, "points[0].at"),
        ({"points": [POINT | {"weight": 7}]}, 400, "points[0].weight"),
        (b'{"points": [' + b'{"at": "2026-01-05", "value": 1},' * 100_000 + b"]}", 413, "larger"),
    ],
    ids=[
        "none",
        "no day",
        "too large",
        "NaN",
        "no JSON",
        "to come",
        "many",
        "no words",
        "long",
        "twice",
        "n of words",
        "n below 0",
        "long note",
        "moment",
        "odd",
        "MiBs",
    ],
)
async def test_what_is_wrong_is_said_in_one_line_and_nothing_is_kept(
    visits: Visits, body: Any, status: int, words: str
) -> None:
    """Whatever comes."""
    una, program = await visits.by("una"), await visits.by()
    _, numbers = await measuring(una)
    seen = await sent(program, numbers, await made(una, numbers), body)
    assert seen.status == status
    assert words in seen.text
    assert "\n" not in seen.text.strip()
    assert len((await program.get(f"{numbers}.csv")).text.splitlines()) == 1


async def test_a_key_is_good_for_so_much_at_a_time_wherever_it_is_used(visits: Visits) -> None:
    """What one program does leaves others alone; words count as those of forms do."""
    una, program = await visits.by("una"), await visits.by()
    (path, numbers), (_, others) = await measuring(una), await measuring(una)
    key, other = await made(una, numbers), await made(una, others)
    for _ in range(60):
        assert (await sent(program, numbers, key, b"not JSON")).status == 400
    assert (await sent(program, numbers, key)).status == 429
    assert (await sent(program, others, other)).status == 200
    newer = await made(una, numbers)
    assert (await sent(program, numbers, newer)).status == 429, "a new key is no way round it"
    told = {"points": [POINT], "text": "Again.", "instead": True}
    for number in range(30):
        body = told if number % 10 == 0 else {"text": "x", "points": [POINT | {"at": "2090-01-01"}]}
        assert (await sent(program, others, other, body)).status in {200, 409}
    assert (await sent(program, others, other, told)).status == 429
    assert (await una.send(f"{path}/update", {"text": "By hand."})).status == 429


async def test_only_json_is_read(visits: Visits) -> None:
    """So that no page elsewhere can have a browser send it."""
    una, program = await visits.by("una"), await visits.by()
    _, numbers = await measuring(una)
    key = await made(una, numbers)
    seen = await sent(program, numbers, key, **{"Content-Type": "text/plain"})
    assert seen.status == 415
