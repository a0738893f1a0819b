"""What becomes of a photo that is handed in again: cut, sent around, turned, photographed."""

from collections.abc import Callable, Iterator
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageOps

from tests.likeness.scenes import grain, jpeg

Change = Callable[[Image.Image, Random], Image.Image]


def _cut(part: float) -> Change:
    """Cut so much of the width and of the height away, anywhere."""

    def change(picture: Image.Image, rng: Random) -> Image.Image:
        wide, high = picture.size
        left, top = rng.random() * part * wide, rng.random() * part * high
        frame = (
            round(left),
            round(top),
            round(left + wide * (1 - part)),
            round(top + high * (1 - part)),
        )
        return picture.crop(frame)

    return change


def _compressed(quality: int) -> Change:
    return lambda picture, _rng: Image.open(BytesIO(jpeg(picture, quality))).convert("RGB")


def _scaled(by: float) -> Change:
    return lambda picture, _rng: picture.resize(
        (round(picture.width * by), round(picture.height * by)), Image.Resampling.BICUBIC
    )


def _turned(degrees: float) -> Change:
    """Turned by so much to either side, and cut so that no corner is empty."""

    def change(picture: Image.Image, rng: Random) -> Image.Image:
        turned = picture.rotate(degrees * rng.choice((-1, 1)), Image.Resampling.BICUBIC)
        cut = 0.5 * degrees * 0.0175 * picture.width / picture.height
        wide, high = picture.size
        frame = (
            round(wide * cut),
            round(high * cut),
            round(wide * (1 - cut)),
            round(high * (1 - cut)),
        )
        return turned.crop(frame)

    return change


def _brighter(by: float) -> Change:
    return lambda picture, _rng: ImageEnhance.Brightness(picture).enhance(by)


def _screenshot(picture: Image.Image, rng: Random) -> Image.Image:
    """On a phone's screen, between black bars, with the words of an app above."""
    wide = 540
    shown = picture.resize((wide, round(wide * picture.height / picture.width)))
    screen = Image.new("RGB", (wide, 1140), rng.choice(((0, 0, 0), (18, 20, 24), (255, 255, 255))))
    screen.paste(shown, (0, (1140 - shown.height) // 2 + rng.randint(-60, 60)))
    pen = ImageDraw.Draw(screen)
    pen.text((24, 18), "07:12   Baton family", fill=(128, 128, 128))
    pen.text((24, 1090), "Reply", fill=(128, 128, 128))
    return screen


def _of_a_screen(picture: Image.Image, rng: Random) -> Image.Image:
    """Photographed from a screen: askew, with a rim, stripes where two grids meet, and a glare."""
    wide, high = picture.size
    striped = _moire(picture, rng)
    lean = [rng.uniform(0, 0.05) for _ in range(8)]
    corners = (
        (-lean[0] * wide, -lean[1] * high),
        (-lean[2] * wide, high * (1 + lean[3])),
        (wide * (1 + lean[4]), high * (1 + lean[5])),
        (wide * (1 + lean[6]), -lean[7] * high),
    )
    quad = tuple(value for corner in corners for value in corner)
    seen = striped.transform(
        picture.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=(14, 14, 16)
    )
    glare = grain(f"glare {rng.random()}", picture.size, (3,)).point(lambda value: value // 6)
    seen = ImageChops.screen(seen, Image.merge("RGB", (glare, glare, glare)))
    return ImageEnhance.Contrast(seen).enhance(rng.uniform(0.8, 1.1))


def _moire(picture: Image.Image, rng: Random) -> Image.Image:
    step, lean = rng.uniform(5, 11), rng.uniform(-0.4, 0.4)
    stripes = Image.new("L", picture.size, 255)
    pen = ImageDraw.Draw(stripes)
    at = -picture.height * 0.5
    while at < picture.width + picture.height * 0.5:
        pen.line(
            (at, 0, at + lean * picture.height, picture.height), fill=215, width=round(step / 2)
        )
        at += step
    return ImageChops.multiply(picture, Image.merge("RGB", (stripes, stripes, stripes)))


def _as_it_is(picture: Image.Image, _rng: Random) -> Image.Image:
    return picture


CHANGES: dict[str, Change] = {
    "encoded again, quality 90": _compressed(90),
    "encoded again, quality 60": _compressed(60),
    "encoded again, quality 30": _compressed(30),
    "half as large": _scaled(0.5),
    "twice as large": _scaled(2),
    "brighter by 30 %": _brighter(1.3),
    "darker by 30 %": _brighter(0.7),
    "cut by 2 %": _cut(0.02),
    "cut by 5 %": _cut(0.05),
    "cut by 10 %": _cut(0.10),
    "cut by 15 %": _cut(0.15),
    "turned by 1°": _turned(1),
    "turned by 3°": _turned(3),
    "turned by 5°": _turned(5),
    "turned by 90°": lambda picture, _rng: picture.transpose(Image.Transpose.ROTATE_90),
    "turned by 180°": lambda picture, _rng: picture.transpose(Image.Transpose.ROTATE_180),
    "mirrored": lambda picture, _rng: ImageOps.mirror(picture),
    "screenshot with bars": _screenshot,
    "photo of a screen": _of_a_screen,
}


def changed(picture: Image.Image, kind: str, seed: int) -> Image.Image:
    """The photo after that change, as a JPEG of quality 85 would bring it."""
    after = CHANGES[kind](picture, Random(f"{kind} {seed}"))
    return Image.open(BytesIO(jpeg(after))).convert("RGB")


def all_kinds() -> Iterator[str]:
    """Each kind of change, mildest first."""
    yield from CHANGES
