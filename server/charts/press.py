"""Makes a PNG of an SVG: run as a program, from standard input to standard output.

resvg holds Python's lock while it draws, so in a thread it would still hold up the event loop; and
it need not stay in memory. Words are drawn in Source Sans Pro, whatever fonts the machine has.
"""

import sys
from pathlib import Path

STYLE = Path(__file__).with_name("picture.css")
WEIGHTS = ("Regular", "Semibold", "Bold")


def main() -> None:
    """Draw what comes in."""
    import font_source_sans_pro
    import resvg_py

    folder = Path(font_source_sans_pro.__file__).parent / "files"
    png = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        style_sheet=STYLE.read_text(),
        skip_system_fonts=True,
        font_files=[str(folder / f"SourceSansPro-{weight}.ttf") for weight in WEIGHTS],
        font_family="Source Sans Pro",
    )
    sys.stdout.buffer.write(png)


if __name__ == "__main__":
    main()
