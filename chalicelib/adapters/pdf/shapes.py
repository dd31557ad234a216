"""Outlines as PDF operators, in points from the bottom left corner, as PDF counts them."""

from collections.abc import Sequence

ROUND = 0.5523
"""How far a Bezier handle reaches to draw a quarter of a circle, in radii."""


def outline(left: float, top: float, width: float, height: float, radius: float) -> str:
    """A rectangle, with round corners where there is a radius."""
    right, bottom = left + width, top - height
    if not radius:
        return f"{left:.2f} {bottom:.2f} {width:.2f} {height:.2f} re"
    near, far = radius, radius * (1 - ROUND)
    return (
        f"{left + near:.2f} {top:.2f} m {right - near:.2f} {top:.2f} l "
        f"{right - far:.2f} {top:.2f} {right:.2f} {top - far:.2f} {right:.2f} {top - near:.2f} c "
        f"{right:.2f} {bottom + near:.2f} l "
        f"{right:.2f} {bottom + far:.2f} {right - far:.2f} {bottom:.2f} {right - near:.2f} {bottom:.2f} c "
        f"{left + near:.2f} {bottom:.2f} l "
        f"{left + far:.2f} {bottom:.2f} {left:.2f} {bottom + far:.2f} {left:.2f} {bottom + near:.2f} c "
        f"{left:.2f} {top - near:.2f} l "
        f"{left:.2f} {top - far:.2f} {left + far:.2f} {top:.2f} {left + near:.2f} {top:.2f} c h"
    )


TURNED = {
    1: (1, 0, 0, 1),
    2: (-1, 0, 0, 1),
    3: (-1, 0, 0, -1),
    4: (1, 0, 0, -1),
    5: (0, -1, -1, 0),
    6: (0, -1, 1, 0),
    7: (0, 1, 1, 0),
    8: (0, 1, -1, 0),
}
"""Where the edges of a picture come to lie that is turned upright, by Exif's orientations (Exif 2.3, 4.6.4 A)."""


def placed(turned: int, left: float, bottom: float, width: float, height: float) -> str:
    """The matrix that lets a picture fill a place."""
    across, up, over, along = TURNED[turned]
    x, y = left + width * (across + over < 0), bottom + height * (up + along < 0)
    return f"{across * width:.2f} {up * height:.2f} {over * width:.2f} {along * height:.2f} {x:.2f} {y:.2f}"


def dark_runs(cells: Sequence[int]) -> list[tuple[int, int]]:
    """Where dark cells begin in a row, and how many follow each other."""
    edges = [place for place, (before, cell) in enumerate(zip((0, *cells), (*cells, 0), strict=True)) if before != cell]
    return [(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]
