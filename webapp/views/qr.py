"""QR codes as the one path of an SVG: no style and no script, so that any page may show them."""

from dataclasses import dataclass

import segno

QUIET = 4  # modules of white around it (ISO/IEC 18004 section 6.3.8)


@dataclass(frozen=True, slots=True)
class Qr:
    """A code to be drawn in black on white, in a square of `size` units, quiet zone included."""

    size: int
    path: str


def qr(text: str) -> Qr:
    """Return the QR code of a text, with a quarter of it to spare for dirt (level Q)."""
    matrix = segno.make(text, error="q", micro=False, boost_error=False).matrix
    runs = [
        f"M{start + QUIET} {row + QUIET}h{end - start}v1h-{end - start}z"
        for row, modules in enumerate(matrix)
        for start, end in _dark(modules)
    ]
    return Qr(len(matrix) + 2 * QUIET, "".join(runs))


def _dark(modules: bytearray) -> list[tuple[int, int]]:
    """Return the runs of dark modules in a row as (start, end)."""
    runs: list[tuple[int, int]] = []
    for at, module in enumerate(modules):
        if module & 1 and runs and runs[-1][1] == at:
            runs[-1] = runs[-1][0], at + 1
        elif module & 1:
            runs.append((at, at + 1))
    return runs
