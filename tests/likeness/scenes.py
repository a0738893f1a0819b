"""Drawn rooms that look like photos: depth, texture, light, lens and sensor; the same each time.

A scene is what is there; a shot is one photo of it. Two shots of one scene are true new photos:
the camera stands a little elsewhere, near things move more than far ones, the light is another,
something was moved, and the noise is never the same.
"""

from dataclasses import dataclass, field
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

WIDTH, HEIGHT = 640, 480
MARGIN = 96  # what lies around the frame, for a camera that moves

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Thing:
    """Something in the room: its box in the frame (0 to 1), how near it is (0 to 1)."""

    shape: str
    box: Box
    near: float
    colour: Colour
    grain: int


@dataclass(frozen=True)
class Scene:
    """A room: wall, floor and things, the far ones first."""

    seed: int
    horizon: float
    wall: Colour
    floor: Colour
    tiles: int
    things: tuple[Thing, ...]


@dataclass(frozen=True)
class Shot:
    """How one photo is taken. Shifts in parts of the frame's width, angles in degrees."""

    seed: int = 0
    shift: tuple[float, float] = (0, 0)
    zoom: float = 1
    angle: float = 0
    gain: float = 1
    warmth: float = 0
    lamp: tuple[float, float] = (0.5, 0.2)
    moved: dict[int, tuple[float, float]] = field(default_factory=dict)
    missing: frozenset[int] = frozenset()
    noise: float = 4
    quality: int = 85


def scene(seed: int) -> Scene:
    """A room with eight to twenty-two things, always the same for a seed."""
    rng = Random(f"scene {seed}")
    horizon = rng.uniform(0.35, 0.75)
    things = sorted(
        (_thing(rng, horizon) for _ in range(rng.randint(8, 22))), key=lambda each: each.near
    )
    wall = _colour(rng, 120, 235, 30)
    floor = _colour(rng, 60, 190, 40)
    return Scene(seed, horizon, wall, floor, rng.randint(3, 12), tuple(things))


def _colour(rng: Random, low: int, high: int, spread: int) -> Colour:
    base = rng.randint(low, high)
    red, green, blue = (max(0, min(255, base + rng.randint(-spread, spread))) for _ in range(3))
    return red, green, blue


def _thing(rng: Random, horizon: float) -> Thing:
    near = rng.random()
    size = (0.06 + 0.2 * near) * rng.uniform(0.6, 1.7)
    tall = size * rng.uniform(0.5, 2.2)
    x = rng.uniform(-0.05, 1)
    foot = horizon + (1.05 - horizon) * near if rng.random() < 0.7 else rng.uniform(0.1, horizon)
    shape = rng.choice(("box", "box", "round", "shelf", "wedge"))
    return Thing(
        shape, (x, foot - tall, x + size, foot), near, _colour(rng, 20, 240, 70), rng.randint(0, 60)
    )


def new_shot(seed: int, wobble: float, things: int) -> Shot:
    """A true new photo, things moved, another light. `wobble`: 0 on a bracket, 2 any hand."""
    rng = Random(f"shot {seed}")
    moved = {
        rng.randrange(things): (rng.gauss(0, 0.05), rng.gauss(0, 0.02))
        for _ in range(rng.randint(1, 3))
    }
    return Shot(
        seed=seed,
        shift=(rng.gauss(0, 0.03 * wobble), rng.gauss(0, 0.025 * wobble)),
        zoom=1 + rng.gauss(0, 0.04 * wobble),
        angle=rng.gauss(0, 1.5 * wobble),
        gain=rng.uniform(0.8, 1.15),
        warmth=rng.gauss(0, 0.05),
        lamp=(rng.uniform(0.1, 0.9), rng.uniform(0, 0.5)),
        moved=moved,
        missing=frozenset({rng.randrange(things)} if rng.random() < 0.5 else ()),
        noise=rng.uniform(2, 7),
        quality=rng.randint(70, 92),
    )


def still_shot(seed: int) -> Shot:
    """A true new photo by a camera on a bracket, where nothing moved and the light is the same."""
    return Shot(seed=seed, gain=1 + Random(f"still {seed}").uniform(-0.03, 0.03))


def photo(of: Scene, shot: Shot) -> Image.Image:
    """The photo as the sensor sees it, in RGB."""
    wide = (WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN)
    room = _empty_room(of, shot, wide)
    for number, thing in enumerate(of.things):
        if number not in shot.missing:
            _place(room, of, thing, shot, shot.moved.get(number, (0, 0)), number)
    turned = room.rotate(shot.angle, Image.Resampling.BICUBIC)
    half_wide, half_high = WIDTH / 2 / shot.zoom, HEIGHT / 2 / shot.zoom
    middle_x, middle_y = wide[0] / 2, wide[1] / 2
    frame = (middle_x - half_wide, middle_y - half_high, middle_x + half_wide, middle_y + half_high)
    seen = turned.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC, box=frame)
    return _sensed(_lit(seen, shot), shot)


def jpeg(picture: Image.Image, quality: int = 85) -> bytes:
    """The picture as a JPEG file."""
    encoded = BytesIO()
    picture.save(encoded, "JPEG", quality=quality)
    return encoded.getvalue()


def grain(seed: str, size: tuple[int, int], cells: tuple[int, ...]) -> Image.Image:
    """Smooth noise around 128, mode L: the mean of noises of so many cells across."""
    rng = Random(seed)
    layers = []
    for across in cells:
        down = max(1, across * size[1] // size[0])
        rough = Image.frombytes("L", (across, down), rng.randbytes(across * down))
        layers.append(rough.resize(size, Image.Resampling.BICUBIC))
    mixed = layers[0]
    for number, layer in enumerate(layers[1:], start=2):
        mixed = Image.blend(mixed, layer, 1 / number)
    return mixed


def _textured(picture: Image.Image, texture: Image.Image, strength: float) -> Image.Image:
    """Lighten and darken the picture by the texture."""
    flat = texture.point(lambda value: round(128 + (value - 128) * strength))
    rgb = Image.merge("RGB", (flat, flat, flat))
    return ImageChops.overlay(picture, rgb)


def _empty_room(of: Scene, shot: Shot, size: tuple[int, int]) -> Image.Image:
    dx, dy = shot.shift[0] * WIDTH * 0.5, shot.shift[1] * WIDTH * 0.5
    room = Image.new("RGB", size, of.wall)
    pen = ImageDraw.Draw(room)
    horizon = MARGIN + of.horizon * HEIGHT + dy
    pen.rectangle((0, horizon, *size), fill=of.floor)
    dark = tuple(value * 4 // 5 for value in of.floor)
    for number in range(-of.tiles, 2 * of.tiles):
        x = MARGIN + number * WIDTH / of.tiles
        pen.line((size[0] / 2 + (x - size[0] / 2) / 2 + dx, horizon, x + 2 * dx, size[1]), dark, 2)
    down = horizon
    for number in range(8):
        down += 6 * 1.7**number / 2
        pen.line((0, down, size[0], down), dark, 2)
    wall = grain(f"wall {of.seed}", (size[0] * 5 // 4, size[1] * 5 // 4), (5, 24, 110))
    left, top = size[0] / 8 - dx, size[1] / 8 - dy
    return _textured(
        room,
        wall.crop((round(left), round(top), round(left) + size[0], round(top) + size[1])),
        0.55,
    )


def _place(
    room: Image.Image, of: Scene, thing: Thing, shot: Shot, by: tuple[float, float], number: int
) -> None:
    """Draw a thing where the camera sees it: near things move more when the camera does."""
    parallax = 0.5 + thing.near
    x0, y0, x1, y1 = thing.box
    left = MARGIN + (x0 + by[0]) * WIDTH + shot.shift[0] * WIDTH * parallax
    top = MARGIN + (y0 + by[1]) * HEIGHT + shot.shift[1] * WIDTH * parallax
    wide, high = max(4, round((x1 - x0) * WIDTH)), max(4, round((y1 - y0) * HEIGHT))
    shape = _shape(thing, (wide, high), f"thing {of.seed} {number}")
    shade = Image.new("L", (wide, high), 0)
    shade.paste(shape.getchannel("A").point(lambda value: value * 2 // 5))
    soft = ImageOps.expand(shade, 12).filter(ImageFilter.BoxBlur(6))
    corner = (round(left + wide * 0.12) - 12, round(top + high * 0.08) - 12)
    room.paste((10, 10, 12), (*corner, corner[0] + soft.width, corner[1] + soft.height), soft)
    room.paste(shape.convert("RGB"), (round(left), round(top)), shape.getchannel("A"))


def _shape(thing: Thing, size: tuple[int, int], seed: str) -> Image.Image:
    wide, high = size
    mask = Image.new("L", size, 0)
    pen = ImageDraw.Draw(mask)
    body = Image.new("RGB", size, thing.colour)
    if thing.shape == "round":
        pen.ellipse((0, 0, wide - 1, high - 1), fill=255)
    elif thing.shape == "wedge":
        pen.polygon(((wide * 0.3, 0), (wide * 0.8, 0), (wide - 1, high), (0, high)), fill=255)
    else:
        pen.rectangle((0, 0, wide, high), fill=255)
    if thing.shape == "shelf":
        _fill_shelf(ImageDraw.Draw(body), Random(seed), size, thing.colour)
    fall = Image.linear_gradient("L").rotate(90).resize(size)
    body = _textured(body, fall, 0.5)
    body = _textured(body, grain(seed, size, (4, 18)), thing.grain / 60)
    body.putalpha(mask.filter(ImageFilter.BoxBlur(1)))
    return body


def _fill_shelf(
    pen: ImageDraw.ImageDraw, rng: Random, size: tuple[int, int], colour: Colour
) -> None:
    rows, columns = rng.randint(2, 4), rng.randint(2, 6)
    wide, high = size[0] / columns, size[1] / rows
    for row in range(rows):
        for column in range(columns):
            left, top = column * wide, row * high
            box = (left + wide * 0.1, top + high * 0.25, left + wide * 0.9, top + high * 0.95)
            pen.rectangle(box, fill=_colour(rng, 30, 220, 60))


def _lit(picture: Image.Image, shot: Shot) -> Image.Image:
    """The room's light falls off from its lamp; the camera chooses exposure and white."""
    glow = Image.radial_gradient("L").resize((WIDTH * 2, HEIGHT * 2))
    left = round(WIDTH - shot.lamp[0] * WIDTH)
    top = round(HEIGHT - shot.lamp[1] * HEIGHT)
    fall = glow.crop((left, top, left + WIDTH, top + HEIGHT)).point(
        lambda value: round(255 - value * 0.45)
    )
    lit = ImageChops.multiply(picture, Image.merge("RGB", (fall, fall, fall)))
    red, green, blue = ImageEnhance.Brightness(lit).enhance(shot.gain).split()
    red = red.point(lambda value: min(255, round(value * (1 + shot.warmth))))
    blue = blue.point(lambda value: min(255, round(value * (1 - shot.warmth))))
    return Image.merge("RGB", (red, green, blue))


def _sensed(picture: Image.Image, shot: Shot) -> Image.Image:
    soft = picture.filter(ImageFilter.GaussianBlur(0.7))
    rng = Random(f"noise {shot.seed}")
    noise = Image.frombytes("L", (WIDTH, HEIGHT), rng.randbytes(WIDTH * HEIGHT))
    noise = noise.filter(ImageFilter.BoxBlur(1)).point(
        lambda value: max(0, min(255, round(128 + (value - 128) * shot.noise / 16)))
    )
    rgb = Image.merge("RGB", (noise, noise, noise))
    return ImageChops.add(soft, rgb, 1, -128)
