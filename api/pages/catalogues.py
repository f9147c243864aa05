"""The words of the pages: English stands in the templates, Chinese in `locale/zh/*.po`, one file for each folder.

The files are read as they are when the program starts: nothing has to be compiled, so nothing can be older than its
source, and each folder of templates has a file of its own that nobody else edits (decision 38).
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from domain.text import Language

LOCALE: Final = Path(__file__).parent / "locale"


class NotTranslatedError(LookupError):
    """A template says something that the catalogues do not have."""


@cache
def chinese() -> Mapping[str, str]:
    """Return the Chinese for every English message of the templates."""
    return dict(pair for path in sorted((LOCALE / "zh").glob("*.po")) for pair in messages_in(path))


def messages_in(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the messages of a catalogue with their translations; the nameless head is left out."""
    said: dict[str, str] = {}
    keyword = ""
    for line in [*path.read_text(encoding="utf-8").splitlines(), "msgid"]:
        word, _, rest = line.partition(" ")
        if word in ("msgid", "msgstr"):
            if word == "msgid" and said.get("msgid"):
                yield said["msgid"], said["msgstr"]
            keyword = word
            said = {keyword: _string(rest)} if word == "msgid" else {**said, keyword: _string(rest)}
        elif line.startswith('"'):
            said[keyword] += _string(line)


def translated(message: str, language: Language) -> str:
    """Return a message of a template in a language; raises `NotTranslatedError` rather than show the wrong language."""
    if language == "en":
        return message
    try:
        return chinese()[message]
    except KeyError:
        raise NotTranslatedError(message) from None


def _string(quoted: str) -> str:
    return str(ast.literal_eval(quoted)) if quoted else ""
