"""Pictures of the demo daycare, drawn as flat shapes and a little different every day."""

from collections.abc import Callable
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 480, 360
_CRAYONS = ("#c8553d", "#e0a030", "#3f7d6e", "#4a6fa5", "#8a5a83")


def draw(title: str, rng: Random) -> bytes:
    """Return a JPEG of what a photo of the step, or its reference picture, shows."""
    light = rng.randint(-12, 12)
    picture = Image.new("RGB", (WIDTH, HEIGHT), _shade(light))
    _SCENES.get(title, _room)(ImageDraw.Draw(picture), rng)
    encoded = BytesIO()
    picture.save(encoded, "JPEG", quality=80)
    return encoded.getvalue()


def _shade(light: int) -> tuple[int, int, int]:
    return (226 + light, 219 + light, 204 + light)


def _room(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    """A tidy room: floor, window, shelf with boxes, low tables with chairs."""
    horizon = 200 + rng.randint(-6, 6)
    pen.rectangle((0, horizon, WIDTH, HEIGHT), fill="#b58f63")
    left = 300 + rng.randint(-15, 15)
    pen.rectangle((left, 40, left + 130, 140), fill="#a9cbe0", outline="#f7f4ec", width=7)
    pen.line((left + 65, 40, left + 65, 140), fill="#f7f4ec", width=5)
    pen.rectangle((30, 90, 200, horizon + 14), fill="#8d6e4c")
    for number in range(6):
        x, y = 40 + number % 3 * 54, 100 + number // 3 * 56
        pen.rectangle((x, y, x + 44, y + 40), fill=rng.choice(_CRAYONS))
    for place in range(2):
        _table(pen, 120 + place * 210 + rng.randint(-18, 18), 270 + rng.randint(-10, 10))


def _table(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.ellipse((x - 60, y - 18, x + 60, y + 18), fill="#ead9b5", outline="#7d6242", width=3)
    pen.rectangle((x - 5, y + 16, x + 5, y + 56), fill="#7d6242")
    for side in (-84, 66):
        pen.rectangle((x + side, y - 4, x + side + 20, y + 34), fill="#4a6fa5")


def _playground(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    """Grass, a fence all around, a slide and a swing."""
    pen.rectangle((0, 0, WIDTH, 170), fill=(150 + rng.randint(0, 40), 190, 222))
    pen.rectangle((0, 170, WIDTH, HEIGHT), fill=(108, 140 + rng.randint(-14, 14), 78))
    for x in range(rng.randint(0, 12), WIDTH, 26):
        pen.rectangle((x, 130, x + 8, 200), fill="#d8cdb4")
    pen.rectangle((0, 150, WIDTH, 157), fill="#d8cdb4")
    slide = 90 + rng.randint(-20, 20)
    pen.polygon(
        [(slide, 130), (slide + 24, 130), (slide + 150, 290), (slide + 110, 290)], "#e0a030"
    )
    pen.rectangle((slide - 8, 130, slide, 290), fill="#7d6242")
    swing = 340 + rng.randint(-20, 20)
    pen.line([(swing - 60, 300), (swing, 110), (swing + 60, 300)], fill="#c8553d", width=8)
    lean = rng.randint(-14, 14)
    pen.line([(swing, 116), (swing + lean, 250)], fill="#3b3b38", width=3)
    pen.rectangle((swing + lean - 18, 250, swing + lean + 18, 257), fill="#3b3b38")


def _door(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    """A locked door at dusk, the alarm's light beside it."""
    dusk = rng.randint(-10, 10)
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=(122 + dusk, 112 + dusk, 118 + dusk))
    left = 150 + rng.randint(-16, 16)
    pen.rectangle((left, 40, left + 170, HEIGHT), fill="#3f5d4f", outline="#2c3f37", width=8)
    pen.rectangle((left + 30, 70, left + 140, 180), fill="#c9b98a", outline="#2c3f37", width=5)
    pen.ellipse((left + 130, 214, left + 152, 236), fill="#d9c27a")
    pen.rectangle((left + 134, 244, left + 148, 266), fill="#d9c27a")
    alarm = left + 206 + rng.randint(-6, 10)
    pen.rectangle((alarm, 160, alarm + 50, 220), fill="#e9e4d8", outline="#55504a", width=3)
    pen.ellipse((alarm + 18, 170, alarm + 32, 184), fill="#3f9d6e")
    pen.rectangle((0, 330, WIDTH, HEIGHT), fill="#6a645c")


def _fridge(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    """An open fridge, a round dial on its middle shelf."""
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#dfe7ea")
    pen.rectangle((60, 0, 420, HEIGHT), fill="#f6f9fa", outline="#9fb0b8", width=6)
    for shelf in (110, 238, 350):
        pen.rectangle((66, shelf, 414, shelf + 7), fill="#9fb0b8")
    for box in range(4):
        left = 84 + box * 82 + rng.randint(-6, 6)
        pen.rectangle((left, 58, left + 56, 110), fill=rng.choice(_CRAYONS))
    for bottle in (96, 344):
        pen.rectangle((bottle, 268, bottle + 40, 350), fill="#fffdf5", outline="#b9c5ca", width=3)
        pen.rectangle((bottle + 10, 252, bottle + 30, 268), fill="#4a6fa5")
    pen.ellipse((186, 134, 290, 238), fill="#fffefb", outline="#3b3b38", width=5)
    pen.arc((198, 146, 278, 226), 200, 300, fill="#3f9d6e", width=12)
    pen.line([(238, 186), (228, 154)], fill="#c8553d", width=5)
    pen.ellipse((231, 179, 245, 193), fill="#3b3b38")


def _roll(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    """A sheet on a table: names as lines, a tick beside nearly each."""
    left, top = 110 + rng.randint(-10, 10), 24 + rng.randint(-6, 6)
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#b58f63")
    pen.rectangle((left, top, left + 260, top + 312), fill="#f7f4ec")
    for row in range(11):
        y = top + 34 + row * 25
        pen.line((left + 22, y, left + 120 + rng.randint(0, 60), y), fill="#55504a", width=4)
        if row != rng.randint(0, 20):
            pen.line([(left + 214, y - 4), (left + 222, y + 5), (left + 238, y - 12)], "#3f7d6e", 4)


_SCENES: dict[str, Callable[[ImageDraw.ImageDraw, Random], None]] = {
    "Front room ready": _room,
    "Ground and fence": _playground,
    "Kitchen fridge": _fridge,
    "Front door locked": _door,
    "Payments match the roll": _roll,
}
