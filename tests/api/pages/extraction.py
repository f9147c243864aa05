"""What the templates say, found by babel: the messages of each folder, to be held against the catalogues."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_file

from api.pages.pen import TEMPLATES

OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true"}


def messages_of(template: Path) -> Iterator[str]:
    """Yield the messages of a template; of a plural both forms."""
    for _line, message, _comments, _context in extract_from_file("jinja2.ext:babel_extract", template, options=OPTIONS):
        yield from (message if isinstance(message, tuple) else (message,))


def messages_by_catalogue() -> dict[str, dict[str, str]]:
    """Return for each catalogue (`common`: of no folder, or of `parts`) its messages and where they are."""
    found: dict[str, dict[str, str]] = {}
    for template in sorted(TEMPLATES.rglob("*.html")):
        place = template.relative_to(TEMPLATES)
        folder = place.parts[0] if len(place.parts) > 1 and place.parts[0] != "parts" else "common"
        for message in messages_of(template):
            found.setdefault(folder, {}).setdefault(message, place.as_posix())
    return found
