"""What comes with a command, checked before anything is locked, and the answer that is kept under its id."""

import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

import msgspec

from domain.decision import REFUSALS, Command, Conflict, Refused
from domain.ids import PersonId, malformed_ids
from domain.sealed import Sealed
from domain.text import Text
from ledger.store import Attachment

_COMMAND_ID = re.compile(r"[!-~]{1,200}")
DRAWN_BYTES = 10
_MOST_PLACES = 1 << 48
_VERSION_AND_VARIANT = 0x8 << 76 | 0x2 << 62
_FREE_BITS = (1 << 80) - 1 ^ (0xF << 76 | 0x3 << 62)
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a command: its id, the positions of its facts, when, and whether it had been done before."""

    command_id: str
    positions: tuple[int, ...]
    recorded_at: datetime
    repeated: bool = False


class Answer(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What is stored beside a command id, so that asking again is answered alike."""

    positions: tuple[int, ...]
    recorded_at: datetime
    refused: tuple[str, str, str, str] | None = None

    @classmethod
    def of(cls, positions: tuple[int, ...], recorded_at: datetime, refused: Refused | None) -> "Answer":
        """Return the answer to a command that was carried out, or `refused` with a fact."""
        said = None if refused is None else (type(refused).__name__, refused.code, refused.why.zh, refused.why.en)
        return cls(positions, recorded_at, said)

    def refusal(self) -> Refused | None:
        """Return the refusal that was answered, or None."""
        if self.refused is None:
            return None
        kind, code, zh, en = self.refused
        kinds: dict[str, type[Refused]] = {known.__name__: known for known in REFUSALS}
        return kinds.get(kind, Refused)(code, Text(zh, en))


@dataclass(frozen=True, slots=True)
class _Who:
    actor: PersonId


class Asked(msgspec.Struct, frozen=True, gc=False):
    """A command with everything that came with it; `recorded_actor` is a pseudonym where it is asked in confidence."""

    command: Command
    actor: PersonId
    recorded_actor: str
    on_behalf_of: str | None
    fingerprint: bytes
    attachments: Mapping[str, Attachment]
    size_bytes: int
    """About how large it is, with what comes along."""

    def answered(self, known: tuple[bytes, str]) -> Answer:
        """Return what was answered under this id; `Conflict` where that was to another command."""
        fingerprint, answer = known
        if not hmac.compare_digest(fingerprint, self.fingerprint):
            raise Conflict("command-id-reused", _REUSED)
        return msgspec.json.decode(answer, type=Answer)


def _words_of(value: object) -> str:
    if isinstance(value, Sealed):
        return f"words:{value.text}" if value.text is not None else f"digest:{value.digest}"
    message = f"{type(value).__name__} cannot be sent"
    raise NotImplementedError(message)


_WORDS = msgspec.json.Encoder(enc_hook=_words_of, order="deterministic")


def ask(  # noqa: PLR0913 - what comes with a command comes together
    command: Command,
    actor: str,
    on_behalf_of: str | None,
    command_id: str | None,
    attachments: Iterable[Attachment],
    *,
    fingerprint_key: bytes,
    random: Callable[[int], bytes],
) -> Asked:
    """Return the command ready to be decided; `Refused` where it is not fit to be stored by either engine."""
    malformed = malformed_ids(command) + _malformed_actor(actor)
    if malformed:
        raise Refused("malformed-id", _malformed(malformed))
    if command_id is not None and not _COMMAND_ID.fullmatch(command_id):
        raise Refused("malformed-command-id", _MALFORMED_COMMAND_ID)
    words = _words(command, actor, on_behalf_of)
    fingerprint = hmac.digest(fingerprint_key, words, "sha256")
    recorded = f"confidential-{random(8).hex()}" if command.in_confidence else actor
    named = _named(attachments) if attachments else {}
    size_bytes = len(words) + sum(len(document.content) for document in named.values())
    return Asked(command, PersonId(actor), recorded, on_behalf_of, fingerprint, named, size_bytes)


@lru_cache(maxsize=1_024)
def _malformed_actor(actor: str) -> list[str]:
    return malformed_ids(_Who(PersonId(actor)))


def new_id(place: int, drawn: bytes) -> str:
    """Return a UUID of version 8 (RFC 9562 §5.8): where the ledger stands, and 74 of the 80 bits that were `drawn`.

    Ids of commands that follow each other stand together in the table's key, so that its pages are written once.
    """
    number = place % _MOST_PLACES << 80 | int.from_bytes(drawn) & _FREE_BITS | _VERSION_AND_VARIANT
    hexed = f"{number:032x}"
    return f"{hexed[:8]}-{hexed[8:12]}-{hexed[12:16]}-{hexed[16:20]}-{hexed[20:]}"


def _words(command: Command, actor: str, on_behalf_of: str | None) -> bytes:
    try:
        words = _WORDS.encode([command.NAME, command, actor, on_behalf_of])
    except UnicodeEncodeError:
        raise Refused("malformed-text", _MALFORMED_TEXT) from None
    if b"\\u0000" in words and _NUL.search(words):
        raise Refused("malformed-text", _MALFORMED_TEXT)
    return words


def _named(attachments: Iterable[Attachment]) -> dict[str, Attachment]:
    named = {document.sha256: document for document in attachments}
    for name, document in named.items():
        if sha256(document.content).hexdigest() != name:
            raise Refused("attachment-altered", _ALTERED)
    return named


def _malformed(ids: list[str]) -> Text:
    quoted = "、".join(ids), ", ".join(ids)
    return Text(
        f"编号「{quoted[0]}」不合规：只能用字母、数字、下划线、点和连字符，1 至 64 个。",
        f"'{quoted[1]}' is not an id: use 1 to 64 letters, digits, '_', '.' or '-'.",
    )


MISSING = Text(
    "命令提到的附件没有随同提交，也不在账中；请一并提交该文件。",
    "The command names an attachment that came neither with it nor before; send the file along.",
)
_ALTERED = Text(
    "附件内容与其编号（SHA-256）不符；请重新提交该文件。",
    "The attachment's content does not match its name (SHA-256); send the file again.",
)
_REUSED = Text(
    "这个命令编号已用于另一条命令；请换一个新的编号。",
    "This command id was used for a different command; use a new one.",
)
_MALFORMED_COMMAND_ID = Text(
    "命令编号须为 1 至 200 个可见 ASCII 字符；请换一个编号，或不填。",
    "A command id has 1 to 200 visible ASCII characters; use another one, or none.",
)
_MALFORMED_TEXT = Text(
    "文字中有无法保存的字符（空字符或不完整的编码）；请重新输入该处文字。",
    "The text has characters that cannot be kept (NUL or half a surrogate pair); type that part again.",
)
