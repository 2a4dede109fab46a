"""The pictures of the script, drawn when they are needed: no photograph of anybody."""

import io
from collections.abc import Sequence
from math import cos, pi, sin

from PIL import Image, ImageDraw, ImageFilter

FINE = 2
"""Drawn twice as large and made smaller, so that edges are smooth."""
WIDTH, HEIGHT = 1200, 760

Point = tuple[float, float]


class Sheet:
    """A canvas that is measured as it will be seen: 1200 by 760."""

    def __init__(self, colour: str) -> None:
        """Begin with one colour all over."""
        self.image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), colour)
        self._pen = ImageDraw.Draw(self.image)

    def area(self, points: Sequence[Point], colour: str) -> None:
        """Fill what is inside the points."""
        self._pen.polygon([(x * FINE, y * FINE) for x, y in points], fill=colour)

    def box(self, corner: Point, size: Point, colour: str, *, bend: float = 0) -> None:
        """Fill a box, its corners bent by so much."""
        (x, y), (width, height) = corner, size
        edges = [x * FINE, y * FINE, (x + width) * FINE, (y + height) * FINE]
        self._pen.rounded_rectangle(edges, radius=bend * FINE, fill=colour)

    def disc(self, centre: Point, radius: float, colour: str) -> None:
        """Fill a circle."""
        x, y = centre
        edges = [(x - radius) * FINE, (y - radius) * FINE, (x + radius) * FINE, (y + radius) * FINE]
        self._pen.ellipse(edges, fill=colour)

    def stroke(self, points: Sequence[Point], colour: str, width: float) -> None:
        """Draw a line with round ends, as a felt pen does."""
        fine = [(x * FINE, y * FINE) for x, y in points]
        self._pen.line(fine, fill=colour, width=round(width * FINE), joint="curve")
        for point in (points[0], points[-1]):
            self.disc(point, width / 2, colour)

    def shadow(self, corner: Point, size: Point, colour: str) -> None:
        """Lay a soft shadow under what is drawn next."""
        over = Sheet("#000000")
        over.box(corner, size, "#ffffff", bend=24)
        mask = over.image.convert("L").filter(ImageFilter.GaussianBlur(18 * FINE))
        self.image.paste(Image.new("RGB", self.image.size, colour), mask=mask.point(_half))
        self._pen = ImageDraw.Draw(self.image)

    def png(self) -> bytes:
        """Return the drawing as a file."""
        written = io.BytesIO()
        self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(written, "PNG")
        return written.getvalue()


def _half(value: float) -> float:
    return value * 0.5


def packets() -> bytes:
    """Draw two paper packets on a table: one with a sun, one with a moon."""
    sheet = Sheet("#ead9bd")
    for line in range(7):
        y = 40 + line * 120
        sheet.stroke([(0, y), (400, y + 8), (820, y - 4), (WIDTH, y + 6)], "#e0cba8", 3)
    _packet(sheet, 190)
    _packet(sheet, 660)
    _sun(sheet, (365, 400))
    _moon(sheet, (835, 400))
    return sheet.png()


def _packet(sheet: Sheet, left: float) -> None:
    sheet.shadow((left + 10, 132), (350, 540), "#8d744c")
    sheet.box((left, 120), (350, 540), "#fbf6ea", bend=10)
    sheet.area([(left, 120), (left + 350, 120), (left + 330, 205), (left + 20, 205)], "#f0e6d0")
    sheet.stroke([(left + 20, 205), (left + 330, 205)], "#dccba9", 4)
    for row, length in enumerate((190, 240, 150)):
        y = 568 + row * 26
        sheet.stroke([(left + 50, y), (left + 50 + length, y)], "#c9bda6", 7)


def _sun(sheet: Sheet, centre: Point) -> None:
    x, y = centre
    for ray in range(12):
        angle, reach = ray * pi / 6, 132 + 10 * (ray % 2)
        near, far = (x + 94 * cos(angle), y + 94 * sin(angle)), (
            x + reach * cos(angle), y + reach * sin(angle)
        )  # fmt: skip
        sheet.stroke([near, far], "#e6a91f", 13)
    sheet.disc(centre, 76, "#e6a91f")
    sheet.disc((x - 8, y - 8), 62, "#f0bd45")
    _smile(sheet, centre, "#7a4b06")


def _moon(sheet: Sheet, centre: Point) -> None:
    x, y = centre
    sheet.disc(centre, 112, "#4d5390")
    sheet.disc((x + 52, y - 34), 96, "#fbf6ea")
    for star, size in (((x + 48, y - 60), 15), ((x + 104, y + 6), 11), ((x + 20, y - 8), 12)):
        _star(sheet, star, size)


def _star(sheet: Sheet, centre: Point, size: float) -> None:
    x, y = centre
    points = [
        (x + reach * sin(step * pi / 5), y - reach * cos(step * pi / 5))
        for step in range(10)
        for reach in [size if step % 2 == 0 else size * 0.45]
    ]
    sheet.area(points, "#e6a91f")


def _smile(sheet: Sheet, centre: Point, colour: str) -> None:
    x, y = centre
    sheet.disc((x - 24, y - 14), 7, colour)
    sheet.disc((x + 24, y - 14), 7, colour)
    curve = [
        (x + 32 * cos(angle), y + 8 + 26 * sin(angle))
        for angle in (pi * step / 16 for step in range(2, 15))
    ]
    sheet.stroke(curve, colour, 7)


def bench() -> bytes:
    """Draw a wooden bench under a tree, with hills behind."""
    sheet = Sheet("#f6e3c2")
    sheet.disc((905, 205), 92, "#f3c766")
    _hill(sheet, top=330, wave=70, turn=0.4, colour="#b9c39a")
    _hill(sheet, top=420, wave=55, turn=2.1, colour="#94a877")
    _hill(sheet, top=540, wave=22, turn=4.0, colour="#6f8a58")
    _tree(sheet, (270, 600))
    _seat(sheet, (470, 520))
    for x, y in ((90, 690), (430, 720), (820, 700), (1010, 660), (1120, 715), (640, 738)):
        _daisy(sheet, (x, y))
    return sheet.png()


def _hill(sheet: Sheet, *, top: float, wave: float, turn: float, colour: str) -> None:
    ridge = [(x, top + wave * sin(x / 190 + turn)) for x in range(0, WIDTH + 20, 20)]
    sheet.area([(0, HEIGHT), *ridge, (WIDTH, HEIGHT)], colour)


def _tree(sheet: Sheet, foot: Point) -> None:
    x, y = foot
    sheet.area([(x - 24, y), (x - 13, y - 260), (x + 13, y - 260), (x + 28, y)], "#6b4a33")
    sheet.stroke([(x, y - 200), (x + 70, y - 280)], "#6b4a33", 14)
    for dx, dy, radius in ((-95, -290, 96), (85, -310, 104), (0, -390, 118), (-20, -270, 92)):
        sheet.disc((x + dx, y + dy), radius, "#4f7048")
    for dx, dy, radius in ((-70, -330, 60), (60, -370, 70), (-10, -430, 58)):
        sheet.disc((x + dx, y + dy), radius, "#638a57")


def _seat(sheet: Sheet, corner: Point) -> None:
    x, y = corner
    for leg in (30, 330):
        sheet.box((x + leg, y - 70), (20, 190), "#6a3f28", bend=4)
    for row in range(3):
        sheet.box((x, y - 76 + row * 34), (380, 24), "#a5673f", bend=8)
    sheet.box((x - 14, y + 36), (408, 26), "#b9774b", bend=8)
    sheet.box((x - 14, y + 66), (408, 16), "#8d5534", bend=6)
    sheet.box((x + 160, y - 40), (60, 20), "#e6c068", bend=3)


def _daisy(sheet: Sheet, centre: Point) -> None:
    x, y = centre
    for petal in range(6):
        angle = petal * pi / 3
        sheet.disc((x + 10 * cos(angle), y + 10 * sin(angle)), 7, "#fdfaf2")
    sheet.disc(centre, 6, "#e6a91f")
