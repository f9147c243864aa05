"""How values look on a page: texts in the reader's language, instants on China's clock, stars as signs.

Nobody's words act: templates escape by default, and marks of direction are shown as their numbers (`domain.visible`).
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

import segno
from markupsafe import Markup

from api.pages.words import ENTRIES, MEANS, STATES, STATUSES, STEPS, worded
from domain.dates import CHINA, deadline
from domain.roles import EN_ZH
from domain.text import Language, Text
from domain.visible import visible
from projections.disclosed_rows import Hidden
from projections.sentences import star_words

STAR, NO_STAR = "★", "☆"
MOST_STARS: Final = 5
HASH_SHOWN: Final = 12
_MINUTES, _HOURS = 60, 24
_DASH: Final = "—"


def filters_for(language: Language) -> Mapping[str, Callable[..., object]]:
    """Return the filters of the templates in one language."""
    return {
        "said": lambda value: said(value, language),
        "minute": minute,
        "day": day,
        "ends": ends,
        "remaining": lambda left: said(remaining(left), language),
        "stars": stars,
        "star_words": lambda star: said(stars_in_words(star), language),
        "status_words": lambda code: said(worded(STATUSES, code), language),
        "entry_words": lambda code: said(worded(ENTRIES, code), language),
        "state_words": lambda code: said(worded(STATES, code), language),
        "means_words": lambda code: said(worded(MEANS, code), language),
        "step_words": lambda code: said(worded(STEPS, code), language),
        "role_words": lambda code: said(office_words(code), language),
        "short_hash": lambda value: str(value)[:HASH_SHOWN],
        "mark": lambda withheld: withheld.mark(language),
        "because": lambda withheld: withheld.line(language),
        "qr": qr,
        "otherwise": lambda value, instead=_DASH: instead if value is None or value == "" else value,
    }


def finalized(value: object) -> object:
    """Return what is written for a value: of words, what can be seen; of nothing, nothing."""
    if value is None:
        return ""
    if isinstance(value, Hidden):
        return "".join(value)
    return visible(value) if type(value) is str else value


def said(value: object, language: Language) -> object:
    """Return a text in the reader's language; anything else as it is."""
    return value.said_in(language) if isinstance(value, Text) else value


def minute(instant: datetime | str | None) -> str:
    """Return an instant as the clock in China shows it, to the minute; a mark stays, nothing stays nothing."""
    if isinstance(instant, str):
        return instant
    return "" if instant is None else instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def day(value: date | str | None) -> str:
    """Return a day (of an instant: that in China)."""
    if isinstance(value, datetime):
        return value.astimezone(CHINA).strftime("%Y-%m-%d")
    return "" if value is None else str(value)


def ends(instant: datetime | str | None) -> str:
    """Return the end of a term as people say it (24:00)."""
    if isinstance(instant, str):
        return instant
    return "" if instant is None else deadline(instant)


def remaining(left: timedelta) -> Text:
    """Return how long something still lasts, in days and hours, near the end in minutes."""
    minutes = max(0, int(left.total_seconds()) // _MINUTES)
    if not minutes:
        return Text("已届满", "over")
    hours, days = minutes // _MINUTES, minutes // _MINUTES // _HOURS
    if days:
        return Text(f"还有{days}天{hours % _HOURS}小时", f"{days} d {hours % _HOURS} h left")
    if hours:
        return Text(f"还有{hours}小时{minutes % _MINUTES}分", f"{hours} h {minutes % _MINUTES} min left")
    return Text(f"还有{minutes}分钟", f"{minutes} min left")


def stars(star: object) -> Markup | str:
    """Return a number of stars as signs, hidden from screen readers, who are told the words beside it."""
    if not isinstance(star, int) or not 0 <= star <= MOST_STARS:
        return "" if star is None else str(star)
    signs = f"{STAR * star}<i>{NO_STAR * (MOST_STARS - star)}</i>"
    return Markup(f'<span class="stars" aria-hidden="true">{signs}</span>')  # noqa: S704 - made of two signs


def stars_in_words(star: object) -> Text:
    """Return a number of stars in words; a mark stays."""
    if isinstance(star, int):
        return star_words(star)
    return Text("", "") if star is None else Text(str(star), str(star))


def office_words(role: str) -> Text:
    """Return what an office is called."""
    return Text(EN_ZH.get(role, role), role.replace("_", " "))


def qr(address: str) -> str:
    """Return the address of a picture with a QR code for `address`; it lies in the page itself."""
    return segno.make(address, error="m").svg_data_uri(scale=4, border=2, dark="#1d1a16", light="#ffffff")
