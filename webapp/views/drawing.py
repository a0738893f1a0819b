"""Small pictures as SVG: they print, keep their size with the text, and read without colour.

Everything here is pure and returns markup in which nothing that people typed stands unescaped.
"""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

BAR_WIDTH, BAR_HEIGHT = 28, 72
STRIPE = 6
LINE_STEP, LINE_HEIGHT = 12, 36

_SVG = Markup('<svg class="{kind}" viewBox="0 0 {width} {height}" aria-hidden="true">{inner}</svg>')


def bar(went: int, chased: int, going_on: int, most: int) -> Markup:
    """Draw one day: what went by itself full, what somebody was chased for striped, the rest empty.

    `most` is the number of the fullest day, which fills the whole height.
    """
    parts, bottom = [], float(BAR_HEIGHT - 1)
    for count, draw in ((went, _full), (chased, _striped), (going_on, _empty)):
        if count:
            height = max(4.0, (BAR_HEIGHT - 2) * count / max(most, 1))
            bottom -= height
            parts.append(draw(round(bottom, 1), round(height, 1)))
    base = path(f"M0 {BAR_HEIGHT - 1}H{BAR_WIDTH}", "base")
    return picture("bar-day", BAR_WIDTH, BAR_HEIGHT, [base, *parts])


def picture(kind: str, width: float, height: float, parts: Iterable[Markup]) -> Markup:
    """Return a picture of these parts; beside it stand the words that say the same."""
    return _SVG.format(kind=kind, width=width, height=height, inner=Markup("").join(parts))


def rect(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    """Return a rectangle."""
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        kind, x, y, width, height
    )


def circle(x: float, y: float, radius: float, kind: str) -> Markup:
    """Return a dot."""
    return Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>').format(kind, x, y, radius)


def path(drawn: str, kind: str) -> Markup:
    """Return a line or a shape along a path."""
    return Markup('<path class="{}" d="{}"/>').format(kind, drawn)


def _full(top: float, height: float) -> Markup:
    return rect(3, top, BAR_WIDTH - 6, height, "full")


def _striped(top: float, height: float) -> Markup:
    inside = range(1, int(height // STRIPE) + 1)
    stripes = "".join(f"M3 {top + each * STRIPE:g}h{BAR_WIDTH - 6}" for each in inside)
    box = rect(4, top, BAR_WIDTH - 8, height, "open")
    return box + path(stripes, "stripes") if stripes else box


def _empty(top: float, height: float) -> Markup:
    return rect(4, top, BAR_WIDTH - 8, height, "open dashed")


def line(shares: Sequence[float | None]) -> Markup:
    """Draw shares from 0 to 1 as dots on a line, from the first to the last; None is left out."""
    spots = [
        (LINE_STEP * number + LINE_STEP / 2, round(LINE_HEIGHT - 5 - share * (LINE_HEIGHT - 10), 1))
        for number, share in enumerate(shares)
        if share is not None
    ]
    width = LINE_STEP * len(shares)
    drawn = "M" + "L".join(f"{x:g} {y:g}" for x, y in spots) if len(spots) > 1 else ""
    parts = [path(f"M0 5h{width}M0 {LINE_HEIGHT - 5}h{width}", "grid")]
    parts += [path(drawn, "trend")] if drawn else []
    return picture(
        "share-line", width, LINE_HEIGHT, [*parts, *(circle(x, y, 3.5, "full") for x, y in spots)]
    )
