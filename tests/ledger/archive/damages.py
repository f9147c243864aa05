"""Archives damaged in every part: by accident, by one who makes the lists of hashes anew, by a thief of the key."""

import json
import random
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import Any

from ledger import tree
from ledger.checkpoint import TreeHead, sign_checkpoint
from ledger.note import Note, Signature, SigningKey, parse_note

ENTRIES, SEALED, NOTICES = "data/entries.jsonl", "data/sealed.jsonl", "data/notices/notices.jsonl"
NOTE = "data/checkpoints/last.checkpoint"
THIEF = SigningKey("example.org/committee", b"t" * 32)


@dataclass
class Parts:
    """The parts of an archive, open to whoever has it; `names` may say the same name twice."""

    contents: dict[str, bytes]
    key: SigningKey
    more: list[tuple[str, bytes]] = field(default_factory=list)

    @classmethod
    def of(cls, archive: bytes, key: SigningKey) -> "Parts":
        """Take an archive apart."""
        with zipfile.ZipFile(BytesIO(archive)) as zipped:
            return cls({name: zipped.read(name) for name in zipped.namelist()}, key)

    def copy(self) -> "Parts":
        """Return a copy to be damaged."""
        return Parts(dict(self.contents), self.key, list(self.more))

    def lines(self, name: str) -> list[bytes]:
        """Return the lines of a part."""
        return self.contents[name].split(b"\n")[:-1]

    def put(self, name: str, lines: list[bytes]) -> None:
        """Replace a part by these lines."""
        self.contents[name] = b"".join(line + b"\n" for line in lines)

    # what somebody does to hide a damage

    def list_anew(self) -> None:
        """Make both lists of hashes anew."""
        payload = {name: raw for name, raw in self.contents.items() if name.startswith("data/")}
        self.contents["manifest-sha256.txt"] = listed(payload)
        tags = {n: raw for n, raw in self.contents.items() if not n.startswith("data/") and not n.startswith("tagm")}
        self.contents["tagmanifest-sha256.txt"] = listed(tags)

    def describe_anew(self) -> TreeHead:
        """Say the size and the root that the entries come to now."""
        leaves = [tree.leaf_hash(line) for line in self.lines(ENTRIES)]
        head = TreeHead(self.key.name, len(leaves), tree.root(tree.frontier_of(leaves)))
        said = {"Starledger-Size": str(head.size), "Starledger-Root": head.root.hex()}
        info = [line.split(": ", 1) for line in self.contents["bag-info.txt"].decode().split("\n")[:-1]]
        self.contents["bag-info.txt"] = "".join(f"{name}: {said.get(name, value)}\n" for name, value in info).encode()
        return head

    def sign_anew(self) -> None:
        """Sign what the entries come to now with the log's own key."""
        self.contents[NOTE] = sign_checkpoint(self.describe_anew(), self.key)

    def zipped(self) -> bytes:
        """Return the archive."""
        out = BytesIO()
        with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
            warnings.simplefilter("ignore")  # two parts of one name, on purpose
            for name, raw in [*self.contents.items(), *self.more]:
                archive.writestr(zipfile.ZipInfo(name), raw)
        return out.getvalue()


def listed(parts: dict[str, bytes]) -> bytes:
    """Return a list of hashes."""
    return "".join(f"{sha256(raw).hexdigest()}  {name}\n" for name, raw in sorted(parts.items())).encode()


Dice = random.Random
Damage = Callable[[Parts, Dice], None]


def flip(raw: bytes, dice: Dice) -> bytes:
    """Return bytes with one bit changed."""
    if not raw:
        return b"x"
    at = dice.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << dice.randrange(8)]) + raw[at + 1 :]


# what is done to the parts


def flip_any(parts: Parts, dice: Dice) -> None:
    name = dice.choice(sorted(parts.contents))
    parts.contents[name] = flip(parts.contents[name], dice)


def flip_entry(parts: Parts, dice: Dice) -> None:
    parts.contents[ENTRIES] = flip(parts.contents[ENTRIES], dice)


def drop_part(parts: Parts, dice: Dice) -> None:
    del parts.contents[dice.choice(sorted(parts.contents.keys() - {"bagit.txt", ENTRIES}))]


def drop_entry(parts: Parts, dice: Dice) -> None:
    lines = parts.lines(ENTRIES)
    del lines[dice.randrange(len(lines))]
    parts.put(ENTRIES, lines)


def swap_entries(parts: Parts, dice: Dice) -> None:
    lines = parts.lines(ENTRIES)
    one, other = dice.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    parts.put(ENTRIES, lines)


def double_entry(parts: Parts, dice: Dice) -> None:
    lines = parts.lines(ENTRIES)
    at = dice.randrange(len(lines))
    parts.put(ENTRIES, [*lines[:at], lines[at], *lines[at:]])


def cut_tail(parts: Parts, dice: Dice) -> None:
    lines = parts.lines(ENTRIES)
    parts.put(ENTRIES, lines[: dice.randrange(1, len(lines))])


def cut_bytes(parts: Parts, dice: Dice) -> None:
    parts.contents[ENTRIES] = parts.contents[ENTRIES][: -dice.randrange(1, 400)]


def forge_key(parts: Parts, _dice: Dice) -> None:
    parts.contents[NOTE] = sign_checkpoint(parts.describe_anew(), THIEF)


def forge_signature(parts: Parts, _dice: Dice) -> None:
    head, ours = parts.describe_anew(), parts.key.verifier.key_id
    theirs = parse_note(sign_checkpoint(head, THIEF))
    line = Signature(head.origin, ours, theirs.signatures[0].signature)
    parts.contents[NOTE] = Note(theirs.text, (line,)).as_bytes()


def forge_root(parts: Parts, dice: Dice) -> None:
    head = parts.describe_anew()
    parts.contents[NOTE] = sign_checkpoint(TreeHead(head.origin, head.size, dice.randbytes(32)), parts.key)


def forge_size(parts: Parts, dice: Dice) -> None:
    head = parts.describe_anew()
    parts.contents[NOTE] = sign_checkpoint(
        TreeHead(head.origin, head.size + dice.randrange(1, 9), head.root), parts.key
    )


def flip_note(parts: Parts, dice: Dice) -> None:
    parts.contents[NOTE] = flip(parts.contents[NOTE], dice)


def change_rulebook(parts: Parts, dice: Dice) -> None:
    name = dice.choice([name for name in parts.contents if name.startswith("data/rulebooks/")])
    parts.contents[name] = (
        parts.contents[name].replace(b"weight = 35", b"weight = 45").replace(b"low = 90", b"low = 91")
    )
    parts.contents[name] += b"# changed\n"


def change_document(parts: Parts, dice: Dice) -> None:
    name = _document(parts, dice)
    parts.contents[name] = flip(parts.contents[name], dice)


def drop_document(parts: Parts, dice: Dice) -> None:
    del parts.contents[_document(parts, dice)]


def add_document(parts: Parts, dice: Dice) -> None:
    raw = dice.randbytes(20)
    parts.contents[f"data/attachments/{sha256(raw).hexdigest()}"] = raw


def _document(parts: Parts, dice: Dice) -> str:
    return dice.choice([name for name in parts.contents if name.startswith(("data/attachments/", "data/rulebooks/"))])


def change_words(parts: Parts, dice: Dice) -> None:
    _sealed(parts, dice, lambda line: {**line, "value": line["value"] + "x"})


def change_salt(parts: Parts, dice: Dice) -> None:
    _sealed(parts, dice, lambda line: {**line, "salt": line["salt"][1:] + line["salt"][:1]})


def hide_words(parts: Parts, dice: Dice) -> None:
    gap = dice.choice(["erased", "missing"])
    _sealed(parts, dice, lambda line: {"position": line["position"], "digest": line["digest"], "gap": gap})


def claim_private(parts: Parts, dice: Dice) -> None:
    _sealed(parts, dice, lambda line: {**line, "gap": "private"})


def drop_words(parts: Parts, dice: Dice) -> None:
    lines = parts.lines(SEALED)
    del lines[dice.randrange(len(lines))]
    parts.put(SEALED, lines)


def double_words(parts: Parts, dice: Dice) -> None:
    lines = parts.lines(SEALED)
    at = dice.randrange(len(lines))
    parts.put(SEALED, [*lines[:at], lines[at], *lines[at:]])


def drop_all_words(parts: Parts, _dice: Dice) -> None:
    del parts.contents[SEALED]


def move_words(parts: Parts, dice: Dice) -> None:
    _sealed(parts, dice, lambda line: {**line, "position": line["position"] + dice.choice([-1, 1])})


def _sealed(parts: Parts, dice: Dice, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    lines = parts.lines(SEALED)
    at = dice.choice([number for number, line in enumerate(lines) if b'"salt"' in line])
    lines[at] = json.dumps(change(json.loads(lines[at])), ensure_ascii=False).encode()
    parts.put(SEALED, lines)


def change_notice(parts: Parts, dice: Dice) -> None:
    lines = parts.lines(NOTICES) or [b"a notice of nobody"]
    at = dice.randrange(len(lines))
    lines[at] = b" " + lines[at].replace(b'"star":', b'"star": ').replace(b'"notice"', b'"notice" ')
    parts.put(NOTICES, lines)


# facts that say something else, under a tree and a signature that fit: for a thief of the key

FORGED: dict[str, tuple[str, ...]] = {
    "tally.ResultComputed.v1": ("total", "total_exact", "star", "score_star", "label", "status"),
    "tally.Made.v1": ("roster_size",),
    "notice.LinePosted.v1": ("total", "star", "label"),
    "star.Confirmed.v1": ("total", "star", "label"),
    "month.Settled.v1": ("total", "star", "label"),
    "list.Proposed.v1": ("tally",),
    "draw.MonthDrawn.v1": ("records", "source"),
    "score.Recorded.v1": ("points",),
    "score.Corrected.v1": ("points",),
}


def forge_fact(parts: Parts, dice: Dice) -> None:
    lines = parts.lines(ENTRIES)
    facts = [(number, json.loads(line)) for number, line in enumerate(lines)]
    kind = dice.choice(sorted({fact["type"] for _, fact in facts} & FORGED.keys()))
    number, fact = dice.choice([(number, fact) for number, fact in facts if fact["type"] == kind])
    name = dice.choice([name for name in FORGED[kind] if fact["data"][name] is not None])
    fact["data"][name] = other(fact["data"][name])
    lines[number] = json.dumps(fact, ensure_ascii=False, separators=(",", ":")).encode()
    parts.put(ENTRIES, lines)


def other(value: Any) -> Any:  # noqa: ANN401 - a value of any kind
    """Return another value of the same kind."""
    if isinstance(value, int):
        return value + 1
    try:
        return str(float(value) - 7) if "." in value else str(int(value) - 7)
    except ValueError:
        return value + "?"


def leave_out_result(parts: Parts, dice: Dice) -> None:
    """Drop a result and renumber all that follows, as if it had never been computed."""
    _leave_out(parts, dice.choice)


def leave_out_last_result(parts: Parts, _dice: Dice) -> None:
    _leave_out(parts, max)


def _leave_out(parts: Parts, choose: Callable[[list[int]], int]) -> None:
    facts = [json.loads(line) for line in parts.lines(ENTRIES)]
    del facts[choose([n for n, fact in enumerate(facts) if fact["type"] == "tally.ResultComputed.v1"])]
    for position, fact in enumerate(facts, start=1):
        fact["position"] = position
    parts.put(ENTRIES, [json.dumps(fact, ensure_ascii=False, separators=(",", ":")).encode() for fact in facts])
    del parts.contents[SEALED]
    parts.contents["bag-info.txt"] = parts.contents["bag-info.txt"].replace(b"included", b"left-out")


# the ZIP itself


def double_part(parts: Parts, dice: Dice) -> None:
    name = dice.choice(sorted(parts.contents))
    parts.more.append((name, parts.contents[name] + b"x"))


def foreign_part(parts: Parts, dice: Dice) -> None:
    name = dice.choice(
        ["../evil", "/etc/evil", "data/../evil", "data\\evil", "data/boxes/", "ledger.db", "data/é.toml"]
    )
    parts.more.append((name, b"evil"))


def claim_left_out(parts: Parts, _dice: Dice) -> None:
    parts.contents["bag-info.txt"] = parts.contents["bag-info.txt"].replace(b"included", b"left-out")


def change_description(parts: Parts, dice: Dice) -> None:
    parts.contents["bag-info.txt"] = flip(parts.contents["bag-info.txt"], dice)


PLAIN: tuple[Damage, ...] = (flip_any, flip_entry, drop_part, double_part, foreign_part, cut_bytes)
LISTED: tuple[Damage, ...] = (
    flip_any,
    flip_entry,
    drop_part,
    drop_entry,
    swap_entries,
    double_entry,
    cut_tail,
    cut_bytes,
    forge_key,
    forge_signature,
    forge_root,
    forge_size,
    flip_note,
    change_rulebook,
    change_document,
    drop_document,
    add_document,
    change_words,
    change_salt,
    hide_words,
    claim_private,
    drop_words,
    double_words,
    drop_all_words,
    move_words,
    change_notice,
    foreign_part,
    claim_left_out,
    change_description,
)
SIGNED: tuple[Damage, ...] = (
    drop_entry,
    swap_entries,
    double_entry,
    cut_tail,
    forge_fact,
    forge_fact,
    leave_out_result,
)


def damaged(whole: Parts, dice: Dice) -> tuple[str, bytes]:
    """Return a damaged archive and what was done to it: as it is, with new lists, or with a new tree and signature."""
    way = dice.choice(["plain", "listed", "listed", "listed", "signed", "raw"])
    parts = whole.copy()
    if way == "raw":
        return "raw flip", flip(whole.zipped(), dice)
    damage = dice.choice({"plain": PLAIN, "listed": LISTED, "signed": SIGNED}[way])
    return f"{way} {damage.__name__}", done(parts, damage, dice, way)


def done(parts: Parts, damage: Damage, dice: Dice, way: str) -> bytes:
    """Return the archive after a damage done in one of the ways."""
    damage(parts, dice)
    if way == "signed":
        parts.sign_anew()
    if way != "plain" and "bag-info.txt" in parts.contents:
        parts.list_anew()
    return parts.zipped()
