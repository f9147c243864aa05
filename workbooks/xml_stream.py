"""A streaming XML reader with its teeth drawn: no document types, no entities, nothing kept in memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from workbooks.package import damage

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Characters = Callable[[str], None]


def _nothing(*_: object) -> None:
    """Take no notice."""


@dataclass(frozen=True, slots=True)
class Listener:
    """What to call for each start tag, end tag and run of characters; names come without prefix."""

    start: Start = field(default=_nothing)
    end: End = field(default=_nothing)
    characters: Characters = field(default=_nothing)


def local(name: str) -> str:
    """Return a tag or attribute name without its namespace prefix."""
    return name.rpartition(":")[2]


def stream(part: str, content: bytes, listener: Listener) -> None:
    """Read `content` through `listener`; Invalid, naming `part`, where it is no well-formed plain XML."""

    def refuse(*_: object) -> NoReturn:
        damage(f"{part}: document type declaration")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: listener.start(local(name), attributes)
    parser.EndElementHandler = lambda name: listener.end(local(name))
    parser.CharacterDataHandler = listener.characters
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat takes the flag by position only
    except (expat.ExpatError, ValueError, LookupError) as fault:
        damage(f"{part}: {type(fault).__name__}")
