"""What somebody filled in, as the JSON that the same command has over HTTP: read there, with the same faults."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import FormData, UploadFile

from api.commands.faults import Fault, MalformedRequest
from api.pages.doing.inputs import ROWS, Input
from domain.decision import Refused
from domain.text import Text
from ledger.attachable import KINDS, MOST_BYTES, MOST_MEGABYTES, Kind
from ledger.store import Attachment

YES: Final = "yes"
_FULL_WIDTH: Final = {code + 0xFEE0: code for code in range(0x21, 0x7F)}
_POINTS_SIGN: Final = re.compile(r"\s*分\s*$")


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent: values by the names of its inputs, for the form to show again (S12)."""

    values: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, form: FormData) -> "Filled":
        """Take over everything but files."""
        names = dict.fromkeys(form.keys())
        return cls({name: tuple(each for each in form.getlist(name) if isinstance(each, str)) for name in names})

    @classmethod
    def begun(cls, given: Mapping[str, str]) -> "Filled":
        """Begin with what is known already."""
        return cls({name: (value,) for name, value in given.items() if value})

    def one(self, name: str) -> str:
        """Return what stands in an input; nothing where it was left empty."""
        return next(iter(self.values.get(name, ())), "").strip()

    def all(self, name: str) -> tuple[str, ...]:
        """Return everything that was chosen in an input."""
        return tuple(each.strip() for each in self.values.get(name, ()) if each.strip())


def body_of(inputs: Iterable[Input], filled: Filled) -> dict[str, Any]:
    """Return the JSON that the form says; what was left empty is left out."""
    found = ((each.name, _value(each, each.name, filled)) for each in inputs)
    return {name: value for name, value in found if value is not None}


def _value(asked: Input, name: str, filled: Filled) -> Any:  # noqa: ANN401 - any JSON
    if asked.kind == "rows":
        rows = [_row(asked.columns, f"{name}.{number}", filled) for number in range(ROWS)]
        return [row for row in rows if row] or None
    if asked.several:  # ticked one by one, or written one below the other
        return [line.strip() for said in filled.all(name) for line in said.splitlines() if line.strip()] or None
    if asked.kind == "yes":
        return filled.one(name) == YES
    said = filled.one(name)
    if not said:
        return None
    if asked.kind == "number":
        plain = narrow(said)
        return int(plain) if plain.isdecimal() and len(plain) < 11 else said  # noqa: PLR2004 - of 32 bits
    return narrow(_POINTS_SIGN.sub("", said)) if asked.kind == "decimal" else said


def _row(columns: Sequence[Input], name: str, filled: Filled) -> dict[str, Any]:
    found = {each.name: _value(each, f"{name}.{each.name}", filled) for each in columns}
    said = {key: value for key, value in found.items() if value not in (None, False)}
    return {key: value for key, value in found.items() if value is not None} if said else {}


def narrow(words: str) -> str:
    """Return digits and signs as they are typed on a Chinese keyboard, in their usual width (S5)."""
    return words.translate(_FULL_WIDTH).replace("。", ".").strip()


async def files_in(form: FormData, inputs: Iterable[Input]) -> dict[str, list[Attachment]]:
    """Return the files that came along, by input; `MalformedRequest` for one that is not kept."""
    found: dict[str, list[Attachment]] = {}
    for asked in inputs:
        for sent in form.getlist(asked.name) if asked.kind == "file" else ():
            if isinstance(sent, UploadFile) and sent.filename:
                found.setdefault(asked.name, []).append(await _kept(sent, asked.name))
    return found


async def _kept(sent: UploadFile, name: str) -> Attachment:
    content = await sent.read(MOST_BYTES + 1)
    kind: Kind | None = KINDS.get(f".{(sent.filename or '').rpartition('.')[2].lower()}")
    if len(content) > MOST_BYTES:
        raise Refused("too-large", _TOO_LARGE)
    if kind is None or not kind.fits(content):
        raise MalformedRequest([Fault(name, "not-a-file")])
    return Attachment.of(content, kind.media_type)


_TOO_LARGE = Text(
    f"文件超过{MOST_MEGABYTES}MB；请缩小后重新选择。",
    f"The file is larger than {MOST_MEGABYTES} MB; make it smaller and choose it again.",
)
