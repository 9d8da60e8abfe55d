"""The paper that charts are drawn on: size, colours and letters, made for a phone's width.

Of the 1,200 pixels a phone shows about a third, so that nothing is written smaller than eleven points there.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font

WIDTH, HEIGHT, DPI = 6.0, 4.0, 200

INK = "#1d1c1d"
QUIET = "#5c5b5d"
LINE = "#d9d8d9"
GOOD = "#176b52"
BAD = "#e07a52"
CALM = "#3b6fb6"
PALE = "#eceff4"

SMALL, NORMAL, LARGE = 11.5, 12.5, 15.5

FAMILY = "DejaVu Sans"


def sheet(headline: str, caption: str) -> tuple[Figure, Axes]:
    """A white sheet with its headline and, above that, what it is about; the axes below are empty."""
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    lines = textwrap.wrap(headline, 42)[:2]
    said = shortened(drawable(caption), 56)
    figure.text(
        0.035, 0.955, said, fontsize=SMALL, color=QUIET, va="top", fontfamily=FAMILY, parse_math=False
    )
    figure.text(
        0.035,
        0.885,
        "\n".join(lines),
        fontsize=LARGE,
        color=INK,
        va="top",
        fontweight="bold",
        linespacing=1.15,
        fontfamily=FAMILY,
    )
    top = 0.745 if len(lines) == 1 else 0.67
    axes = figure.add_axes((0.035, 0.13, 0.93, top - 0.13))
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0, labelsize=SMALL, labelcolor=QUIET, labelfontfamily=FAMILY)
    axes.set_yticks([])
    return figure, axes


def inside(
    figure: Figure, axes: Axes, *, left: float = 0.035, bottom: float = 0.13, right: float = 0.965
) -> None:
    """Leaves room at the sides for what stands beside the axes."""
    top = axes.get_position().y1
    axes.set_position((left, bottom, right - left, top - bottom))


def words(axes: Axes, x: float, y: float, text: str, **how: object) -> None:
    """A text at a point of the data."""
    style: dict[str, object] = {
        "fontsize": SMALL,
        "color": INK,
        "ha": "center",
        "va": "center",
        "fontfamily": FAMILY,
        **how,
    }
    axes.text(x, y, text, **style)  # type: ignore[arg-type]


def key(figure: Figure, entries: Sequence[tuple[str, str]]) -> None:
    """What the colours mean, in a line at the foot."""
    x = 0.035
    for colour, name in entries:
        figure.text(x, 0.035, "■", fontsize=NORMAL, color=colour, va="center", fontfamily=FAMILY)
        figure.text(x + 0.035, 0.035, name, fontsize=SMALL, color=QUIET, va="center", fontfamily=FAMILY)
        x += 0.07 + 0.018 * len(name)


def foot(figure: Figure, text: str) -> None:
    """A small line at the foot, on the right."""
    figure.text(0.965, 0.035, text, fontsize=SMALL, color=QUIET, va="center", ha="right", fontfamily=FAMILY)


def nothing(figure: Figure, axes: Axes, sentence: str) -> None:
    """A friendly word where there is nothing to draw."""
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.plot([0.44, 0.485, 0.565], [0.62, 0.53, 0.75], color=GOOD, linewidth=7, solid_capstyle="round")
    words(axes, 0.5, 0.3, textwrap.fill(sentence, 40), fontsize=NORMAL, color=QUIET, linespacing=1.4)


def drawable(text: str) -> str:
    """A text without the signs that the letters do not have; what people typed may hold any."""
    known = get_font(findfont(FAMILY)).get_charmap()
    return " ".join("".join(sign for sign in text if ord(sign) in known or sign == " ").split())


def shortened(text: str, most: int) -> str:
    """A text that fits into a line."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def png(figure: Figure) -> bytes:
    """The sheet as an image."""
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()
