"""Charts as pages show them, and as they travel: one drawing, two sizes."""

import asyncio
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from server.charts import pictures
from server.charts.drawing import picture_svg, svg
from server.charts.model import Chart, Event, EventKind
from server.charts.pictures import HEIGHT, WIDTH, picture
from tests.server.charts.drawn import EVERYTHING, chart, day

HOSTILE = '<script>alert("1")</script>&\'"'


def tree(drawn: str) -> ET.Element:
    """A drawing as XML: it has to be well formed."""
    return ET.fromstring(drawn)  # noqa: S314 - our own


def test_a_page_is_told_in_words_what_a_chart_shows() -> None:
    """It has a title and a description, and each number has its own."""
    plot = tree(svg(EVERYTHING, "m1"))
    ids = {child.get("id"): child.text for child in plot if child.get("id")}
    assert ids == {"m1-t": "Missed visits", "m1-d": EVERYTHING.alternative}
    assert (plot.get("aria-labelledby"), plot.get("aria-describedby")) == ("m1-t", "m1-d")
    spots = [use for use in plot.iter("use") if use.get("role") == "img"]
    assert [spot.findtext("title") for spot in spots] == [dot.words for dot in EVERYTHING.dots]


def test_one_number_of_a_chart_is_reached_by_keyboard_and_script_walks_to_the_others() -> None:
    """A page with five charts of two hundred numbers would have a thousand stops otherwise."""
    stops = [use.get("tabindex") for use in tree(svg(EVERYTHING, "m1")).iter("use")]
    assert stops.count("0") == 1
    assert stops[-1] == "0"


def test_a_drawing_for_a_page_has_no_colours_and_no_styles_of_its_own() -> None:
    """The theme has them, in light and dark; and no style attribute passes the content policy."""
    drawn = svg(EVERYTHING, "m1")
    assert "#" not in drawn.replace('href="#mk-', "")
    assert "style" not in drawn


def hostile() -> Chart:
    """A chart whose words all try to be markup."""
    dots = tuple(replace(dot, words=HOSTILE) for dot in EVERYTHING.dots)
    events = tuple(Event(at=day(2), kind=kind, words=HOSTILE, detail=HOSTILE) for kind in EventKind)
    return replace(
        EVERYTHING, name=HOSTILE, sentence=HOSTILE, alternative=HOSTILE, caption=HOSTILE, dots=dots,
        events=events, target_words=HOSTILE, last_words=HOSTILE, centre=HOSTILE,
    )  # fmt: skip


@pytest.mark.parametrize("drawn", [str(svg(hostile(), "m1")), picture_svg(hostile())])
def test_words_are_never_markup(drawn: str) -> None:
    """Whatever somebody calls a measure."""
    assert "<script" not in drawn
    names = {element.tag.rpartition("}")[2] for element in tree(drawn).iter()}
    assert names <= {
        "svg", "title", "desc", "rect", "line", "text", "tspan", "use", "path", "g", "circle",
        "defs", "style",
    }  # fmt: skip


async def test_a_picture_has_its_size_and_its_words() -> None:
    """1200 by 675, with what it says for whoever can't see it."""
    drawn = await picture(EVERYTHING)
    with Image.open(BytesIO(drawn.data)) as image:
        assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 20) or []}
    assert drawn.alternative == EVERYTHING.alternative
    assert {(0x0B, 0x67, 0x5B), (0xA8, 0x3F, 0x06), (0x54, 0x45, 0x9C)} <= colours


async def test_the_words_of_a_picture_are_drawn() -> None:
    """resvg leaves out all text without a font: with other words it is another picture."""
    one, other = await asyncio.gather(
        picture(chart(1, 2)), picture(replace(chart(1, 2), sentence="This one differs."))
    )
    assert one.data != other.data


async def test_a_picture_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four who ask at once, and of whoever asks later."""
    drawn = []
    press = pictures._pressed

    def counted(source: bytes) -> bytes:
        drawn.append(source)
        return press(source)

    monkeypatch.setattr(pictures, "_pressed", counted)
    fresh = chart(3, 1, 4, 1, 5)
    found = await asyncio.gather(*(picture(fresh) for _ in range(4)))
    assert len({one.data for one in found}) == 1
    assert len(drawn) == 1


async def test_pictures_that_are_held_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody asked for longest makes room."""
    monkeypatch.setattr(pictures, "ROOM", 100_000)
    for value in range(4):
        await picture(chart(value, 7, 9))
    assert sum(map(len, pictures._HELD.values())) <= 100_000


async def test_the_event_loop_goes_on_while_a_picture_is_drawn() -> None:
    """resvg holds Python's lock, so it has a process of its own."""
    beats = 0
    drawing = asyncio.create_task(picture(chart(*range(200))))
    while not drawing.done():
        await asyncio.sleep(0.001)
        beats += 1
    assert beats > 20


def test_a_node_does_not_load_what_draws() -> None:
    """Neither resvg nor its font, until a picture is asked for; and even then not in the node."""
    look = "import sys, server.node, server.charts.pictures; print('resvg_py' in sys.modules)"
    ran = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", look], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"


def test_long_words_are_cut_on_a_picture_and_whole_in_its_alternative() -> None:
    """A name of 150 letters, a sentence of 300."""
    long = replace(chart(1, 2), name="Late discharges " * 9, sentence="Nothing stands out. " * 15)
    drawn = picture_svg(long)
    assert "…" in drawn
    assert drawn.count('class="says"') == 3
