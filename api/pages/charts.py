"""Charts as pictures of their own: drawn by hand in SVG, with ink and one red, beside a table that says the same.

They hold no styles and no scripts: colours stand at the shapes, so that the headers of every answer allow them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from markupsafe import escape

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 18, 40
INK, SOFT, RULE, RED, PALE = "#211d18", "#5f574c", "#d8d0c2", "#9e1b1b", "#ecd9d2"
THICK: Final = Decimal(14)
LINE: Final = 36
"""How much room one line of progress takes."""
FONT: Final = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
MEDIA_TYPE: Final = "image/svg+xml"


@dataclass(frozen=True, slots=True)
class Bar:
    """A value under a name; `limit` is what it may at most be, `said` stands above it."""

    name: str
    value: Decimal
    said: str
    limit: Decimal | None = None


def columns(bars: Sequence[Bar], title: str, highest: Decimal | None = None) -> str:
    """Return columns side by side; a limit is a rule across its column."""
    top = max((highest or Decimal(1), *(max(bar.value, bar.limit or bar.value) for bar in bars)))
    step = Decimal(WIDTH - LEFT - RIGHT) / max(1, len(bars))
    shapes = [_scale(top)]
    for place, bar in enumerate(bars):
        x, width = LEFT + step * place + step / 4, step / 2
        shapes.append(_column(x, width, bar, top))
        shapes.append(_words(x + width / 2, HEIGHT - BOTTOM + 18, bar.name, SOFT))
    return _picture(title, shapes)


def lines_of_progress(bars: Sequence[Bar], title: str) -> str:
    """Return one line for each bar: how much of its limit is done."""
    height, shapes = Decimal(LINE), []
    for place, bar in enumerate(bars):
        y, room, left = Decimal(10) + height * place, Decimal(WIDTH - 300), 180
        share = bar.value / bar.limit if bar.limit else Decimal(0)
        middle = y + height / 2
        shapes.append(_box(left, middle - 7, room, THICK, PALE))
        shapes.append(_box(left, middle - 7, room * min(share, Decimal(1)), THICK, RED))
        shapes.append(_words(left - 10, middle + 5, bar.name, INK, "end"))
        shapes.append(_words(left + room + 10, middle + 5, bar.said, INK, "start"))
    return _picture(title, shapes, len(bars) * LINE + 20)


def _column(x: Decimal, width: Decimal, bar: Bar, top: Decimal) -> str:
    y = _height(bar.value, top)
    shapes = [_box(x, y, width, HEIGHT - BOTTOM - y, RED), _words(x + width / 2, y - 5, bar.said, INK)]
    if bar.limit is not None:
        rule = _height(bar.limit, top)
        shapes.append(
            f'<line x1="{x - 4:.1f}" x2="{x + width + 4:.1f}" y1="{rule:.1f}" y2="{rule:.1f}" stroke="{INK}" '
            f'stroke-width="2" stroke-dasharray="5 3"/>'
        )
    return "".join(shapes)


def _scale(top: Decimal) -> str:
    rules = []
    for share in (Decimal(0), Decimal("0.5"), Decimal(1)):
        y = _height(top * share, top)
        rules.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{RULE}" stroke-width="1"/>'
        )
        rules.append(_words(Decimal(LEFT - 8), y + 4, f"{(top * share).normalize():f}", SOFT, "end"))
    return "".join(rules)


def _height(value: Decimal, top: Decimal) -> Decimal:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def _box(x: Decimal | int, y: Decimal, width: Decimal, height: Decimal, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'


def _words(x: Decimal | int, y: Decimal | int, words: str, colour: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{escape(words)}</text>'


def _picture(title: str, shapes: Sequence[str], height: int = HEIGHT) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" font-family="{FONT}" font-size="13"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>{"".join(shapes)}</svg>'
    )
