"""Charts as SVG: for pages, where colours and sizes are the page's, and for pictures."""

from textwrap import wrap
from typing import Any

from markupsafe import Markup

from server.charts.geometry import laid_out
from server.charts.model import Chart
from server.web.rendering import environment

LETTERS = 62
"""Of the sentence on one line of a picture."""
LINES = 3
NAME = 56
"""Letters of a name that fit on a picture."""
SCALE = 2
"""How much larger marks are on a picture than on a page."""
BESIDE = 72
"""Letters of a name and a caption that fit on one line, the name's counted once and a half."""


def svg(chart: Chart, key: str) -> Markup:
    """Return a chart for a page, which holds `marks()` once; `key` is its own among the page's
    ids. Without script it can be read whole, and the last number can be reached by keyboard.
    """
    return Markup(_macros().plot(laid_out(chart), chart, key))  # noqa: S704 - escaped in the template


def picture_svg(chart: Chart) -> str:
    """Return a chart as what a picture of 1200 by 675 is made from."""
    says = wrap(chart.sentence, LETTERS, max_lines=LINES, placeholder=" …")
    beside = len(chart.name) * 1.5 + len(chart.caption) <= BESIDE
    return (
        environment()
        .get_template("charts/picture.svg")
        .render(
            chart=chart,
            it=laid_out(chart),
            name=chart.name if len(chart.name) <= NAME else chart.name[: NAME - 1].rstrip() + "…",
            caption=chart.caption if beside else "",
            says=says,
            top=134 + 43 * len(says) + (46 if chart.events else 20),
            scale=SCALE,
        )
    )


def _macros() -> Any:
    return environment().get_template("charts/plot.svg").module
