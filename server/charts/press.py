"""Makes a PNG of an SVG: run as a program, from standard input to standard output.

resvg holds Python's lock while it draws, so in a thread it would still hold up the event loop; and
it need not stay in memory. It imports nothing else, since that would take as long as drawing.
"""

import sys

import resvg_py


def main(style: str, *fonts: str) -> None:
    """Draw what comes in, in that style sheet and those files of letters."""
    png = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        style_sheet=style,
        skip_system_fonts=True,
        font_files=list(fonts),
        font_family="Source Sans Pro",
    )
    sys.stdout.buffer.write(png)


if __name__ == "__main__":
    main(*sys.argv[1:])
