"""What an archive consists of: the names of its parts, and the text that describes it (BagIt, RFC 8493).

bagit.txt  bag-info.txt  README.txt  metadata.xml  verify.py       what it is, and how to check it
data/entries.jsonl         every fact, one below the other, bytes exactly as appended, each ending in 0x0A
data/leaves.bin            only in an extract: the leaf hashes of all facts, 32 bytes each
data/sealed.jsonl          sealed words with their salts, in the order of the facts; gaps are said
data/rulebooks/SHA256.toml and data/attachments/SHA256             documents, named by their content
data/checkpoints/…         signed notes that the signer knows, and the log's public key
data/notices/notices.jsonl the facts that notices consist of, copied from the entries
manifest-sha256.txt  tagmanifest-sha256.txt                        the hashes of all of it
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from domain.text import Text

FORMAT: Final = 1
ENTRIES, LEAVES, SEALED = "data/entries.jsonl", "data/leaves.bin", "data/sealed.jsonl"
NOTICES = "data/notices/notices.jsonl"
BAGIT: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
EVERYTHING: Final = "all"
Sealing = Literal["included", "left-out"]


def verifier() -> bytes:
    """Return the source of the stand-alone verifier."""
    return Path(__file__).with_name("verify.py").read_bytes()


@dataclass(frozen=True, slots=True)
class Described:
    """What an archive says of itself; `head` is that of an extract, else the root."""

    ledger: str
    committee: str
    scope: str
    size: int
    root: bytes
    head: bytes
    facts: int
    sealed: Sealing
    simulated: bool
    last_time: datetime | None
    payload_bytes: int = 0
    payload_parts: int = 0

    @property
    def day(self) -> str:
        """Return the day of the last fact: an archive of the same state is the same on any day."""
        return "1970-01-01" if self.last_time is None else self.last_time.date().isoformat()

    def bag_info(self) -> bytes:
        """Return `bag-info.txt`."""
        lines = (
            ("Source-Organization", _one_line(self.committee)),
            ("External-Identifier", self.ledger),
            ("Bagging-Date", self.day),
            ("Bag-Software-Agent", "Starledger"),
            ("Payload-Oxum", f"{self.payload_bytes}.{self.payload_parts}"),
            ("Starledger-Format", str(FORMAT)),
            ("Starledger-Scope", self.scope),
            ("Starledger-Size", str(self.size)),
            ("Starledger-Root", self.root.hex()),
            ("Starledger-Facts", str(self.facts)),
            ("Starledger-Head", self.head.hex()),
            ("Starledger-Sealed", self.sealed),
            ("Starledger-Clock", "simulated" if self.simulated else "real"),
        )
        return "".join(f"{name}: {value}\n" for name, value in lines).encode()

    def readme(self) -> bytes:
        """Return `README.txt`, in Chinese and in English."""
        said = _README if self.scope == EVERYTHING else _EXTRACT
        words = {
            "committee": _one_line(self.committee), "size": self.size, "facts": self.facts,
            "root": self.root.hex(), "head": self.head.hex(), "scope": self.scope,
        }  # fmt: skip
        return f"{said.zh.format(**words)}\n{_CHECK.zh}\n{said.en.format(**words)}\n{_CHECK.en}".encode()


def _one_line(words: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split()) or "–"


_README = Text(
    "星鉴档案：{committee} 的账本，共 {size} 条事实。\n树根 {root}\n",
    "An archive of Starledger: the ledger of {committee}, {size} facts.\nroot {root}\n",
)
_EXTRACT = Text(
    "星鉴摘录（{scope}）：{committee} 的账本 {size} 条事实中的 {facts} 条。\n树根 {root}\n摘录的头 {head}\n",
    "An extract of Starledger ({scope}): {facts} of the {size} facts of the ledger of {committee}.\n"
    "root {root}\nhead {head}\n",
)
_CHECK = Text(
    """核验（只需 Python，不需本软件、网络或数据库）：
    python3 verify.py 本档案.zip
verify.py 在档案里附了一份；最好使用您另行取得、信得过的那一份。没有您自己保存的检查点（--checkpoint）、公钥（--key）
或树根（--pin），只能看出档案自身前后一致，不能看出整本账是否被重写。
data/entries.jsonl 每行一条事实，逐字节为写入时的原样；data/sealed.jsonl 为封存内容（如已附）。档案依 BagIt（RFC 8493）
组成，metadata.xml 为依 DA/T 46 的元数据。
""",
    """To check it (needs Python; neither our program, nor a network, nor a database):
    python3 verify.py THIS.zip
A copy of verify.py is in the archive; better use one that you have from elsewhere and trust. Without a checkpoint that
you kept yourself (--checkpoint), the public key (--key) or a root (--pin), it can only be seen that the archive agrees
with itself, not whether the whole ledger was written anew.
data/entries.jsonl has one fact a line, byte for byte as it was recorded; data/sealed.jsonl the sealed words, where they
came along. The archive is made as BagIt (RFC 8493) says; metadata.xml has metadata as in DA/T 46.
""",
)
