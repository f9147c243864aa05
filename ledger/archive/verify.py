r"""Check an archive of Starledger 星鉴 with nothing but Python: one file, standard library only, none of our packages.

    python3 verify.py ARCHIVE.zip [--json] [--tree-only] [--extends OLDER.zip] [--head HASH[@SIZE]]
                      [--checkpoint FILE]… [--key VKEY|FILE]… [--pin ROOT]

Exit codes: 0 sound · 10 something was changed · 11 evidence is missing · 6 no archive · 2 wrong use.

It is written to be read from the top, part by part; each needs only those before it, and `Report` to say what is wrong.

    1  the proof        tree (RFC 6962: leaf = SHA-256(0x00 ‖ entry), node = SHA-256(0x01 ‖ left ‖ right)), signatures
                        (Ed25519 of RFC 8032), checkpoints (C2SP signed notes). Whoever has read this part knows why no
                        entry below a checkpoint can be changed, dropped, added or moved. `--tree-only` checks no more.
    2  the container    the ZIP itself, and every part of it against the lists of hashes (BagIt, RFC 8493)
    3  the facts        each entry (one line of strict JSON; position, fields, time), and what lies beside: sealed words
                        against their digests, attachments, notices; keys that handed over, checkpoints others hold
    4  the results      a calculator for what the two seeds' rulebooks say; every published result is computed anew
    5  the verdict      the parts put together, what is said of each finding, and the terminal

Whoever made the archive may have made its checkpoints too. Bring your own: a checkpoint kept outside (--checkpoint),
the log's public key (--key), or a root (--pin). And take this file from where you trust it, not from the archive.
"""

from __future__ import annotations

import argparse
import base64
import datetime
import hashlib
import json
import queue
import re
import sys
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

try:
    import tomllib
except ImportError:  # before Python 3.11 there is no reader of rulebooks
    tomllib = None  # type: ignore[assignment]

OK, UNREADABLE, USAGE, VIOLATED, INCOMPLETE = 0, 6, 2, 10, 11
MOST_ENTRY, MOST_PART, MOST_NOTE, CHUNK = 65_535, 1 << 26, 1_000_000, 1 << 20


class Report:
    """What was found, what was checked and what could not be."""

    def __init__(self) -> None:
        self.findings: list[dict[str, Any]] = []
        self.notes: list[tuple[str, str]] = []
        self.facts: dict[str, Any] = {"size": 0, "root": "", "scope": "all", "checkpoints": [], "rounds": {}}

    def add(self, kind: str, position: int | None = None, *details: object) -> None:
        zh, en = self._words(kind, details)
        severity = "incomplete" if kind in ("evidence-incomplete", "key-unhanded") else "violation"
        self.findings.append({"position": position, "kind": kind, "severity": severity, "zh": zh, "en": en})

    def note(self, kind: str, *details: object) -> None:
        self.notes.append(self._words(kind, details))

    def _words(self, kind: str, details: tuple[object, ...]) -> tuple[str, str]:
        shown = [repr(str(each)[:160])[1:-1] for each in details]
        return SAID[kind][0].format(*shown), SAID[kind][1].format(*shown)

    @property
    def code(self) -> int:
        severities = {each["severity"] for each in self.findings}
        return VIOLATED if "violation" in severities else INCOMPLETE if severities else OK


# ── 1 the proof: the tree (RFC 6962) ──────────────────────────────────────────────────────────────────────────────────


def leaf_of(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def node_of(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf; of a million it keeps twenty hashes. `roots` has those at the sizes `wanted`."""

    def __init__(self, wanted: Iterable[int] = ()) -> None:
        self.size = 0
        self.peaks: list[tuple[int, bytes]] = []
        self.wanted, self.roots = sorted(set(wanted)), {0: hashlib.sha256().digest()}

    def grow(self, leaves: list[bytes]) -> None:
        while self.wanted and self.wanted[0] <= self.size + len(leaves):
            upto = self.wanted.pop(0)
            if upto > self.size:
                first, leaves = leaves[: upto - self.size], leaves[upto - self.size :]
                self._push(first)
                self.roots[upto] = self.root()
        self._push(leaves)

    def _push(self, leaves: list[bytes]) -> None:
        start = 0
        while start < len(leaves):  # the largest perfect subtree that may stand here, level by level
            most = (self.size & -self.size) or 1 << 12
            count = min(most, 1 << ((len(leaves) - start).bit_length() - 1))
            level, row = count.bit_length() - 1, leaves[start : start + count]
            while len(row) > 1:
                row = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(row[::2], row[1::2])]
            self.size, start, top = self.size + count, start + count, row[0]
            while self.peaks and self.peaks[-1][0] == level:
                level, top = level + 1, node_of(self.peaks.pop()[1], top)
            self.peaks.append((level, top))

    def root(self) -> bytes:
        if not self.peaks:
            return self.roots[0]
        top = self.peaks[-1][1]
        for _, left in reversed(self.peaks[:-1]):
            top = node_of(left, top)
        return top


# ── 1 the proof: Ed25519 (RFC 8032 §5.1.7), signed notes (c2sp.org/signed-note), checkpoints (c2sp.org/tlog-checkpoint)

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)  # noqa: E741 - a square root of -1


def _plus(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    w, x, y, z = f - e, h - g, h + g, f + e
    return w * x % P, y * z % P, x * y % P, w * z % P


def _times(number: int, point: tuple[int, ...]) -> tuple[int, ...]:
    found: tuple[int, ...] = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _plus(found, point)
        point, number = _plus(point, point), number >> 1
    return found


def _point(raw: bytes) -> tuple[int, ...] | None:
    """Return the point that 32 bytes stand for, None where they stand for none or are not its only spelling."""
    y, sign = int.from_bytes(raw, "little") & ((1 << 255) - 1), raw[31] >> 7
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * I % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether the Ed25519 key has signed the message: R = sB - hA, with s below the order (no malleability)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    point, s = _point(public), int.from_bytes(signature[32:], "little")
    if point is None or BASE is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    x, y, z, _ = _plus(_times(s, BASE), _times(h, (P - point[0], point[1], 1, P - point[3])))
    x, y = x * pow(z, P - 2, P) % P, y * pow(z, P - 2, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def _unbase64(words: str) -> bytes:
    raw = base64.b64decode(words.encode("ascii"), validate=True)
    if base64.b64encode(raw).decode() != words:
        raise ValueError("Base64")
    return raw


def parse_key(vkey: str) -> tuple[str, bytes, bytes]:
    """Return (name, key id, public key) of a vkey: name+hex(id)+base64(0x01 ‖ key)."""
    name, hexed, encoded = vkey.strip().split("+", 2)
    raw = _unbase64(encoded)
    identity = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if not name or raw[:1] != b"\1" or len(raw) != 33 or identity.hex() != hexed:
        raise ValueError("vkey")
    return name, identity, raw[1:]


def parse_note(raw: bytes) -> tuple[str, str, int, bytes, list[tuple[str, bytes, bytes]]]:
    """Return (text, origin, size, root, signature lines) of a checkpoint; ValueError where it has another form."""
    said = raw.decode()
    text, parted, lines = said.rpartition("\n\n")
    if len(raw) > MOST_NOTE or not text or not parted or not lines.endswith("\n") or re.search("[\0-\t\v-\x1f]", said):
        raise ValueError("form")
    signatures: list[tuple[str, bytes, bytes]] = []
    for line in lines[:-1].split("\n"):
        match = re.fullmatch(r"— (\S+) (\S+)", line)
        decoded = _unbase64(match[2]) if match and "+" not in match[1] else b""
        if match is None or len(decoded) <= 4 or len(signatures) >= 100:
            raise ValueError("signature line")
        signatures.append((match[1], decoded[:4], decoded[4:]))
    origin, size, root = (text + "\n").split("\n")[:3]
    if not all(text.split("\n")) or not re.fullmatch("0|[1-9][0-9]{0,18}", size) or len(_unbase64(root)) != 32:
        raise ValueError("origin, size, root")
    return text + "\n", origin, int(size), _unbase64(root), signatures


def parse_keys(lines: list[str], report: Report) -> list[tuple[str, bytes, bytes]]:
    found = []
    for line in lines:
        try:
            found.append(parse_key(line))
        except ValueError as error:
            report.add("checkpoint-malformed", None, f"{line} ({error})")
    return found


def signers(
    note: tuple[str, str, int, bytes, list[tuple[str, bytes, bytes]]], keys: Iterable[tuple[str, bytes, bytes]]
) -> set[bytes]:
    """Return the ids of the keys that signed; empty unless each line of a known key fits and the log's own is there."""
    text, origin, _, _, lines = note
    known = {key[:2]: key[2] for key in keys}
    ours = [line for line in lines if line[:2] in known]
    fits = all(signed_by(known[line[:2]], text.encode(), line[2]) for line in ours)
    return {line[1] for line in ours if line[0] == origin} if fits else set()


def open_checkpoint(name: str, raw: bytes, spans: list[list[Any]], report: Report) -> dict[str, Any] | None:
    """Return what a checkpoint says; a key must have signed it that counts for its size."""
    try:
        note = parse_note(raw)
    except ValueError as error:
        report.add("checkpoint-malformed", None, f"{name} ({error})")
        return None
    _, origin, size, root, _ = note
    ids = signers(note, [span[0] for span in spans])
    if not ids:
        report.add("checkpoint-unsigned", None, name)
        return None
    mine = [span for span in spans if span[0][0] == origin and span[0][1] in ids]
    if not any(since <= size and (upto is None or size <= upto) for _, since, upto, _ in mine):
        report.add("checkpoint-key-ended", None, name, size, max(upto or 0 for _, _, upto, _ in mine))
        return None
    return {"file": name, "origin": origin, "size": size, "root": root.hex()}


def compare(tree: Tree, opened: list[dict[str, Any]], claimed: dict[str, str], report: Report) -> None:
    """Hold the tree over the entries against every root that somebody `claimed`, and against the signed checkpoints."""
    root = tree.root().hex()
    for source, value in claimed.items():
        if value != root:
            report.add("root-mismatch", None, source)
    for each in opened:
        each["fits"] = tree.roots.get(each["size"], b"").hex() == each["root"]
        if each["size"] > tree.size:
            report.add("checkpoint-beyond", tree.size + 1, each["size"], each["file"])
        elif not each["fits"]:
            report.add("checkpoint-mismatch", None, each["size"], each["file"])
    report.facts["covered"] = max([each["size"] for each in opened if each["fits"]] or [0])


# ── 2 the container: the ZIP and its lists of hashes ──────────────────────────────────────────────────────────────────

PARTS = re.compile(
    r"bagit\.txt|bag-info\.txt|(tag)?manifest-sha256\.txt|README\.txt|metadata\.xml|verify\.py"
    r"|data/(entries\.jsonl|sealed\.jsonl|leaves\.bin|rulebooks/[0-9a-f]{64}\.toml|attachments/[0-9a-f]{64}"
    r"|checkpoints/[\w-]{1,80}\.(checkpoint|key)|notices/[\w.-]{1,80}\.jsonl)",
    re.ASCII,
)
NEEDED = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "data/entries.jsonl")
BAD = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, LookupError)


class NoArchive(Exception):
    """The file cannot be read as an archive at all."""


def open_zip(file: Any) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(file)
    except BAD as error:
        raise NoArchive(str(error)) from None
    if not {"bagit.txt", "data/entries.jsonl"} <= set(archive.namelist()):
        raise NoArchive("bagit.txt, data/entries.jsonl")
    return archive


def check_zip(archive: zipfile.ZipFile, report: Report) -> dict[str, zipfile.ZipInfo]:
    """Return the parts by name; a strange or doubled name, a link, a lie about sizes is a violation."""
    found: dict[str, zipfile.ZipInfo] = {}
    end = 0
    for info in sorted(archive.infolist(), key=lambda each: each.header_offset):
        name = info.orig_filename
        links = (info.external_attr >> 16) & 0o170000 not in (0, 0o100000)
        strange = info.flag_bits & 0x1 or links or info.header_offset < end
        # Deflate never gains more than 1,032 to 1: whoever says more lies about the size.
        lying = info.file_size > 1_032 * info.compress_size + 64 or info.compress_type not in (0, 8)
        end = info.header_offset + 30 + len(name.encode()) + info.compress_size
        if name in found:
            report.add("part-doubled", None, name)
        elif not PARTS.fullmatch(name) or name != info.filename or strange or lying:
            report.add("part-surplus", None, name)
        else:
            found[name] = info
    for name in NEEDED:
        if name not in found:
            report.add("part-missing", None, name)
    return found


def chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as part:
        while True:
            chunk = part.read(CHUNK)
            if not chunk:
                return
            yield chunk


def small(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], name: str, report: Report, most: int = MOST_PART
) -> bytes:
    """Return a small part; empty, with a finding, where it cannot be read or is too large to be what it says."""
    try:
        if name in parts and parts[name].file_size <= most:
            return b"".join(chunks(archive, parts[name]))
        raise ValueError("size" if name in parts else "missing")
    except BAD as error:
        report.add("part-unreadable", None, f"{name} ({error})")
        return b""


def ahead(source: Iterator[bytes], digest: Any) -> Iterator[bytes]:
    """Yield chunks that another thread reads, unpacks and hashes meanwhile, a few of them ahead."""
    box: queue.Queue[bytes | BaseException | None] = queue.Queue(4)
    wanted = threading.Event()
    wanted.set()

    def read() -> None:
        try:
            for chunk in source:
                digest.update(chunk)
                box.put(chunk)
                if not wanted.is_set():
                    return
            box.put(None)
        except BaseException as error:  # noqa: BLE001 - raised again where the chunks are awaited
            box.put(error)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    try:
        while True:
            chunk = box.get()
            if isinstance(chunk, BaseException):
                raise chunk
            if chunk is None:
                return
            yield chunk
    finally:
        wanted.clear()
        while thread.is_alive():
            try:
                box.get(timeout=0.01)
            except queue.Empty:
                continue


def lines_of(archive: zipfile.ZipFile, info: zipfile.ZipInfo, digest: Any) -> Iterator[list[bytes]]:
    """Yield the lines of a part, many at a time, hashing it on the way; one without a line end is no line."""
    rest = b""
    for chunk in ahead(chunks(archive, info), digest):
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        if len(rest) > 4 * MOST_PART:
            raise ValueError("a line without an end")
        yield lines
    if rest:
        raise ValueError("the last line has no end")


def check_lists(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], known: dict[str, str], report: Report
) -> None:
    """Compare every part with the lists of hashes; `known` are those hashed on the way."""
    listed: dict[str, str] = {}
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        for line in small(archive, parts, manifest, report).decode("utf-8", "replace").split("\n")[:-1]:
            match = re.fullmatch(r"([0-9a-f]{64})  (\S+)", line)
            payload = match is not None and match[2].startswith("data/")
            if match is None or match[2] in listed or payload != (manifest[0] == "m"):
                report.add("list-malformed", None, f"{manifest}: {line}")
            else:
                listed[match[2]] = match[1]
    for name in sorted(set(listed) - set(parts)):
        report.add("part-missing", None, name)
    for name in sorted(set(parts) - set(listed) - {"tagmanifest-sha256.txt"}):
        report.add("part-surplus", None, name)
    for name in sorted(set(listed) & set(parts)):
        try:
            if name not in known:
                digest = hashlib.sha256()
                for chunk in chunks(archive, parts[name]):
                    digest.update(chunk)
                known[name] = digest.hexdigest()
        except BAD as error:
            report.add("part-unreadable", None, f"{name} ({error})")
            continue
        if known[name] != listed[name]:
            report.add("part-altered", None, name)
        own = re.fullmatch(r"data/(?:attachments|rulebooks)/([0-9a-f]{64})(?:\.toml)?", name)
        if own and known[name] != own[1]:
            report.add("attachment-altered", None, name)


# ── 3 the facts: entries, and what lies beside them ───────────────────────────────────────────────────────────────────

FIELDS = ["position", "recorded_at", "clock", "type", "actor", "on_behalf_of", "command", "tags", "nonce", "data"]
KINDS = (int, str, str, str, list, str, dict)
INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)", re.ASCII)
HEX32, HEX64 = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")

# What is sealed or attached in which kind of fact. docs/generate.py writes these lines from the events themselves.
# fmt: off
# BEGIN FIELDS
SEALED: dict[str, str] = {
    "activity.Recorded.v1": "statement", "activity.Reversed.v1": "reason",
    "comment.Made.v1": "shortcomings causes demands", "comment.PeerMade.v1": "remark",
    "commitment.Appraised.v1": "remark", "commitment.FulfilmentReported.v1": "report",
    "commitment.Made.v1": "statement plan private_circumstances", "commitment.Returned.v1": "reason",
    "commitment.Revoked.v1": "reason", "consequence.Noted.v1": "statement", "correction.Decided.v1": "findings",
    "correction.Opened.v1": "cause", "entry.Corrected.v1": "reason", "entry.Proposed.v1": "statement",
    "entry.Rejected.v1": "reason", "entry.Reversed.v1": "reason", "feedback.Delivered.v1": "statement",
    "improvement.Checked.v1": "progress", "improvement.Closed.v1": "branch_opinion superior_opinion",
    "improvement.Opened.v1": "lost_points goal measures", "measure.Corrected.v1": "reason",
    "meeting.ApologySent.v1": "reason health", "member.GoalSet.v1": "goals", "member.Left.v1": "reason",
    "objection.Extended.v1": "reason", "objection.Filed.v1": "statement confidential_name",
    "objection.FiledLate.v1": "statement confidential_name", "objection.Rejected.v1": "reason",
    "objection.Replied.v1": "reply", "objection.Ruled.v1": "findings", "person.Registered.v1": "full_name",
    "person.Renamed.v1": "full_name", "report.Given.v1": "duties commitments style", "report.StaffGiven.v1": "duties",
    "review.Decided.v1": "opinion", "review.Requested.v1": "ground", "round.MemberExempted.v1": "reason",
    "score.Corrected.v1": "reason", "talk.Held.v1": "ground content response",
    "talk.RectificationChecked.v1": "remark", "tally.TieDecided.v1": "reason", "task.Assigned.v1": "what",
    "task.Completed.v1": "statement", "veto.Declared.v1": "reason", "veto.Lifted.v1": "reason",
}
ATTACHED: dict[str, str] = {
    "activity.Recorded.v1": "evidence", "anchoring.AnchorRecorded.v1": "copy",
    "anchoring.KeyAnnounced.v1": "handover", "commitment.FulfilmentReported.v1": "evidence",
    "entry.Corrected.v1": "evidence", "entry.Proposed.v1": "evidence", "list.VoteHeld.v1": "minutes",
    "measure.Entered.v1": "evidence", "meeting.Closed.v1": "minutes", "meeting.Convened.v1": "document",
    "member.Transferred.v1": "extract", "objection.Filed.v1": "evidence",
    "organisation.RosterImported.v1": "workbook", "round.Opened.v1": "document", "rulebook.Adopted.v1": "document",
    "score.Recorded.v1": "evidence", "score.SheetImported.v1": "workbook", "veto.Declared.v1": "evidence",
}
# END FIELDS
# fmt: on


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _no_number(words: str) -> Any:
    raise ValueError(words)


STRICT = json.JSONDecoder(object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number)
SCAN: Callable[[str, int], tuple[Any, int]] = STRICT.scan_once  # type: ignore[attr-defined]


def read_entry(entry: bytes) -> dict[str, Any]:
    """Return the fact in one line; ValueError unless it is strict JSON with exactly the ledger's fields in order."""
    if len(entry) > MOST_ENTRY:
        raise ValueError("too long")
    try:
        text = entry.decode()
        fact, end = SCAN(text, 0)
    except (RecursionError, StopIteration):
        raise ValueError("JSON") from None
    if end != len(text) or type(fact) is not dict or list(fact) != FIELDS:
        raise ValueError("fields")
    position, _, _, kind, actor, behalf, command, tags, nonce, data = fact.values()
    kinds = (type(position), type(kind), type(actor), type(command), type(tags), type(nonce), type(data))
    if kinds != KINDS or not (behalf is None or type(behalf) is str) or not set(map(type, tags)) <= {str}:
        raise ValueError("a field of another kind")
    if not HEX32.fullmatch(nonce):
        raise ValueError("nonce")
    return fact


def instant(words: object) -> datetime.datetime:
    match = INSTANT.fullmatch(words) if isinstance(words, str) else None
    if match is None:
        raise ValueError("time")
    micro = (match[2] or "0").ljust(6, "0")
    return datetime.datetime.fromisoformat(match[1] + "." + micro + ("+00:00" if match[3] == "Z" else match[3]))


def mentions(fact: dict[str, Any], table: dict[str, str]) -> list[str]:
    """Return the digests or names that a fact mentions in the fields which `table` lists for its kind."""
    found: list[Any] = []
    for name in table.get(fact["type"], "").split() if fact["type"] in table else ():
        value = fact["data"].get(name)
        found.extend(value if isinstance(value, list) else [] if value is None else [value])
    return [each for each in found if isinstance(each, str)]


class Archive:
    """One archive, gone through once from the first entry to the last."""

    def __init__(
        self, archive: zipfile.ZipFile, report: Report, wanted: Iterable[int] = (), *, tree_only: bool = False
    ):
        self.zip, self.report, self.tree_only = archive, report, tree_only
        self.parts = check_zip(archive, report)
        self.info = self._description()
        self.scope = self.info.get("Starledger-Scope", "all")
        self.tree, self.head = Tree(wanted), Tree()
        self.hashes: dict[str, str] = {}
        self.leaves = b""
        self.attached: set[str] = set()
        self.anchoring: list[dict[str, Any]] = []
        self.erased: dict[str, int] = {}
        self.shown: set[bytes] = set()
        self.gaps: dict[str, int] = {}
        self.ahead: dict[str, Any] = {}
        self.posted = self._posted()
        self.last, self.last_time = 0, datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)

    def _description(self) -> dict[str, str]:
        found: dict[str, str] = {}
        described = small(self.zip, self.parts, "bag-info.txt", self.report).decode("utf-8", "replace")
        for line in described.split("\n")[:-1]:
            name, parted, value = line.partition(": ")
            if not parted or name in found:
                self.report.add("list-malformed", None, f"bag-info.txt: {line}")
            found[name] = value
        sealed, scope = found.get("Starledger-Sealed"), found.get("Starledger-Scope", "")
        if sealed not in ("included", "left-out") or not re.fullmatch(r"all|(round|person|audience):[\w.-]+", scope):
            self.report.add("list-malformed", None, f"bag-info.txt: {sealed}, {scope}")
        return found

    def _posted(self) -> set[bytes]:
        found: set[bytes] = set()
        for name in self.parts:
            try:
                if name.startswith("data/notices/"):
                    for lines in lines_of(self.zip, self.parts[name], hashlib.sha256()):
                        found.update(map(leaf_of, lines))
            except BAD as error:
                self.report.add("part-unreadable", None, f"{name} ({error})")
        return found

    def go_through(self, follow: Callable[[dict[str, Any]], None] = lambda _: None) -> None:
        """Hash and read every entry, and let `follow` have it; what lies beside them is compared on the way."""
        digest = hashlib.sha256()
        sealed = self._sealed_lines()
        if self.scope != "all":
            self.leaves = small(self.zip, self.parts, "data/leaves.bin", self.report, 16 * MOST_PART)
            self.tree.grow([self.leaves[at : at + 32] for at in range(0, len(self.leaves), 32)])
        try:
            for lines in lines_of(self.zip, self.parts["data/entries.jsonl"], digest):
                leaves = [hashlib.sha256(b"\0" + line).digest() for line in lines]
                (self.tree if self.scope == "all" else self.head).grow(leaves)
                self.posted.difference_update(leaves)
                for line, leaf in zip(lines, leaves) if not self.tree_only else ():
                    self._entry(line, leaf, sealed, follow)
                for line in lines if self.tree_only else ():
                    if b'"type":"anchoring.' in line:
                        self._anchoring(line)
            self.hashes["data/entries.jsonl"] = digest.hexdigest()
        except BAD as error:
            self.report.add("part-unreadable", None, f"data/entries.jsonl ({error})")
        if not self.tree_only:
            self._after(sealed)
        check_lists(self.zip, self.parts, self.hashes, self.report)

    def _entry(
        self, line: bytes, leaf: bytes, sealed: Iterator[dict[str, Any]], follow: Callable[[dict[str, Any]], None]
    ) -> None:
        expected, whole = self.last + 1, self.scope == "all"
        try:
            fact = read_entry(line)
            recorded = instant(fact["recorded_at"])
            if fact["clock"] != fact["recorded_at"]:
                instant(fact["clock"])
        except (ValueError, OverflowError) as error:
            self.last = expected
            return self.report.add("entry-malformed", expected, error)
        at = fact["position"]
        if (whole and at != expected) or at < expected:
            self.report.add("position-mismatch", at, expected)
        elif not whole and leaf != self.leaves[at * 32 - 32 : at * 32]:
            self.report.add("leaf-mismatch", at)
        elif not whole and not self.scope.startswith("audience:") and self.scope not in fact["tags"]:
            self.report.add("out-of-scope", at)
        if recorded < self.last_time:
            self.report.add("time-back", at)
        self.last, self.last_time = expected if whole else max(at, expected), recorded
        self.attached.update(mentions(fact, ATTACHED))
        if fact["type"] == "keeping.SealedErased.v1":
            self.erased.update(dict.fromkeys(filter(HEX64.fullmatch, map(str, fact["data"].get("erased", ()))), at))
        if fact["type"].startswith("anchoring."):
            self.anchoring.append(fact)
        self._sealed(fact, sealed)
        follow(fact)

    def _anchoring(self, line: bytes) -> None:
        try:
            self.anchoring.append(read_entry(line))
        except ValueError:
            return  # which a check of the entries says

    def document(self, digest: object) -> bytes | None:
        """Return what a fact names as a document: None where it names none, nothing where it is not there."""
        name = f"data/attachments/{digest}"
        return None if digest is None else small(self.zip, self.parts, name, self.report) if name in self.parts else b""

    # sealed words: a line for each digest that a fact mentions, in the order of the facts

    def _sealed_lines(self) -> Iterator[dict[str, Any]]:
        digest = hashlib.sha256()
        if "data/sealed.jsonl" not in self.parts:
            return
        try:
            for lines in lines_of(self.zip, self.parts["data/sealed.jsonl"], digest):
                for line in lines:
                    found = STRICT.decode(line.decode())
                    if type(found["position"]) is not int or not isinstance(found["digest"], str):
                        raise ValueError("position, digest")
                    yield found
            self.hashes["data/sealed.jsonl"] = digest.hexdigest()
        except (*BAD, TypeError, RecursionError) as error:
            self.report.add("part-unreadable", None, f"data/sealed.jsonl ({error})")

    def _sealed(self, fact: dict[str, Any], lines: Iterator[dict[str, Any]]) -> None:
        due = mentions(fact, SEALED) if self.info.get("Starledger-Sealed") == "included" else []
        while due or self.ahead:
            self.ahead = self.ahead or next(lines, {})
            if not self.ahead or self.ahead["position"] > fact["position"]:
                break
            line, self.ahead = self.ahead, {}
            if line["position"] < fact["position"] or line["digest"] not in due:
                self.report.add("sealed-surplus", line["position"])
            else:
                due.remove(line["digest"])
                self._words(line)
        for digest in due:
            self.gaps.setdefault(digest, fact["position"])

    def _words(self, line: dict[str, Any]) -> None:
        if "gap" in line:
            if line["gap"] != "private":
                self.gaps.setdefault(line["digest"], line["position"])
            return
        try:
            self.shown.add(bytes.fromhex(line["digest"]))
            if hashlib.sha256(bytes.fromhex(line["salt"]) + line["value"].encode()).hexdigest() != line["digest"]:
                raise ValueError("digest")
        except (ValueError, LookupError, TypeError, AttributeError):
            self.report.add("sealed-altered", line["position"])

    def _after(self, sealed: Iterator[dict[str, Any]]) -> None:
        for line in ([self.ahead] if self.ahead else []) + list(sealed):
            self.report.add("sealed-surplus", line["position"])
        for digest, position in self.gaps.items():
            if digest not in self.erased:
                self.report.add("evidence-incomplete", position)
        for digest, position in self.erased.items():
            if bytes.fromhex(digest) in self.shown:
                self.report.add("sealed-not-erased", position)
        named = (re.fullmatch(r"data/(?:attachments|rulebooks)/([0-9a-f]{64}).*", name) for name in self.parts)
        there = {match[1] for match in named if match}
        for name in sorted(self.attached - there):
            self.report.add("attachment-missing", None, name)
        for name in sorted(there - self.attached):
            self.report.add("attachment-surplus", None, name)
        for leaf in sorted(self.posted):
            self.report.add("notice-differs", None, leaf.hex())


# ── 3 the facts: keys that hand over, by a checkpoint with a line `successor VKEY` that old and new key sign ──────────

ANNOUNCED, RETIRED, ANCHORED = (
    f"anchoring.{each}.v1" for each in ("KeyAnnounced", "KeyRetired", "AnchorRecorded")
)  # fmt: skip


def handover(raw: bytes, old: tuple[str, bytes, bytes], new: tuple[str, bytes, bytes]) -> tuple[int, bytes] | None:
    """Return size and root at which `old` hands over to `new`; None where it does not."""
    try:
        note = parse_note(raw)
        named = [line[10:] for line in note[0].split("\n")[3:] if line.startswith("successor ")]
        good = len(named) == 1 and parse_key(named[0]) == new and old[0] == new[0] == note[1] and old != new
    except ValueError:
        return None
    return (
        (note[2], note[3]) if good and signers(note, [old]) and signers(note, [old, new]) == {old[1], new[1]} else None
    )


def follow_keys(
    facts: list[dict[str, Any]],
    roots: dict[int, bytes],
    pinned: list[tuple[str, bytes, bytes]],
    own: list[tuple[str, bytes, bytes]],
    document: Callable[[Any], bytes | None],
    report: Report,
) -> list[list[Any]]:
    """Return [key, from which size, up to which or None, whether it ended] of what is trusted, and its successors.

    A key hands over once, and not after it was retired. Where nothing is trusted, nothing opens a checkpoint.
    """
    spans: list[list[Any]] = [[key, 0, None, False] for key in dict.fromkeys(own + pinned)]
    waiting: dict[tuple[str, bytes, bytes], int] = {}
    nothing, first = not spans, True
    for fact in facts:
        kind, data, at = fact["type"], fact["data"], fact["position"]
        try:
            key = parse_key(str(data.get("key")))
        except ValueError:
            first = first and kind != ANNOUNCED
            continue
        if kind == RETIRED and type(data.get("last_size")) is int:
            for span in spans:
                if span[0] == key:
                    size = data["last_size"]
                    span[2:] = [size if span[2] is None else min(size, span[2]), True]
        if kind != ANNOUNCED:
            continue
        raw = document(data.get("handover"))
        by = [(span, to) for span in spans for to in [handover(raw or b"", span[0], key)] if to]
        if by:
            waiting.pop(key, None)
            _hand_over(by[0][0], key, by[0][1], spans, roots, at, report)
        elif first and nothing:
            spans.append([key, 0, None, False])
        elif not first and (raw is None or not nothing):
            waiting.setdefault(key, at)
        first = False
    for key, at in waiting.items():
        if key not in pinned:
            report.add("key-unhanded", at, key[1].hex())
    return [] if nothing else spans


def _hand_over(
    old: list[Any],
    key: tuple[str, bytes, bytes],
    to: tuple[int, bytes],
    spans: list[list[Any]],
    roots: dict[int, bytes],
    at: int,
    report: Report,
) -> None:
    size, root = to
    if old[3] or size < old[1]:
        report.add("handover-refused", at, old[0][1].hex())
    elif roots.get(size) != root:
        report.add("handover-mismatch", at, size)
    else:
        old[2:] = [size, True]
        known = [span for span in spans if span[0] == key]
        if known:
            known[0][1] = size
        else:
            spans.append([key, size, None, False])


# ── 4 the results, computed anew: a calculator of its own for what the two seeds' rulebooks say (A-22 … B-47) ─────────


class Unknown(Exception):
    """A rulebook says something that this file does not know how to compute: that round is not computed again."""


READINGS = {
    "score_comparison": "published", "cap_rounding": "floor", "cap_base": "all", "cap_nesting": "separate",
    "overflow": "cascade", "ties_left": "decision", "no_party_group": "branch_carries", "component_range": "clamped",
    "missing_component": "incomplete", "masses_mean": "arithmetic", "newcomers": "without_star",
    "band_gaps": "two_places", "annual_formula": "R2", "representatives": "one_voice", "records_base": "full",
    "unassessed_months": "left_out",
}  # fmt: skip
KNOWN = {
    "rulebook": "format id version family title issuer adopted effective period readings scope roster newcomers "
    "components component_range annual rounding bands caps overflow ties unrated groups items calendar stages "
    "procedure sessions ballot_box staff_appraisal excellent meeting publicity objections confirmation consequences "
    "disclosure openness forms clauses probation",
    "component": "code title weight clause parts rater optional entries ballots grades",
    "ballots": "minimum groups share trim_each_side clause",
    "group": "code title component start low high bonus clause",
    "item": "code title test group points points_low points_high posts activities key evidence_required max_times "
    "per_period_cap recorded_by verified_by clause",
    "band": "star label low high clause unrated edge",
    "cap": "star percent clause",
    "annual": "weights once minimum_months months_clause clause",
}


def _only(kind: str, table: dict[str, Any]) -> dict[str, Any]:
    for name in table:
        if name not in KNOWN[kind].split():
            raise Unknown(f"{kind}.{name}")
    return table


def written(number: Fraction) -> str:
    """Return the shortest exact decimal, or n/d where there is none."""
    rest, places = number.denominator, 0
    for factor in (10, 5, 2):
        while rest % factor == 0:
            rest, places = rest // factor, places + 1
    return f"{number.numerator}/{number.denominator}" if rest != 1 else decimal(number, places)


def decimal(number: Fraction, places: int) -> str:
    """Return a number rounded half away from zero to so many places (AMB-A3)."""
    units = (2 * abs(number.numerator) * 10**places + number.denominator) // (2 * number.denominator)
    digits = str(units).rjust(places + 1, "0")
    sign = "-" if number < 0 and units else ""
    return sign + (digits if not places else digits[:-places] + "." + digits[-places:])


def clamped(value: Fraction, low: Any, high: Any) -> Fraction:
    value = value if low is None else max(value, Fraction(low))
    return value if high is None else min(value, Fraction(high))


class Rules:
    """A rulebook as its document writes it, refused with `Unknown` where anything in it is not known here."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.all = _only("rulebook", document)
        self.readings = document.get("readings", {})
        for name, choice in READINGS.items():
            if self.readings.get(name, choice) != choice:
                raise Unknown(f"readings.{name} = {self.readings[name]}")
        self.components = [self._component(each) for each in document["components"]]
        self.leaves = [leaf for each in self.components for leaf in each.get("parts", [each])]
        self.groups = [_only("group", each) for each in document.get("groups", [])]
        self.items = {each["code"]: _only("item", each) for each in document.get("items", [])}
        self.bands = [_only("band", each) for each in document["bands"]]
        self.caps = {each["star"]: Fraction(_only("cap", each)["percent"]) for each in document.get("caps", [])}
        self.annual = _only("annual", document["annual"]) if "annual" in document else None
        if self.annual is not None and any(each.get("optional") or "parts" in each for each in self.components):
            raise Unknown("annual: optional, parts")
        if len(self.items) < len(document.get("items", [])) or document["rounding"].get("mode") != "half_up":
            raise Unknown("items, rounding")
        if not {"mode", "left"}.isdisjoint({*document.get("overflow", {}), *document.get("ties", {})}):
            raise Unknown("overflow.mode, ties.left")
        if "mode" in document["newcomers"]:
            raise Unknown("newcomers.mode")

    def _component(self, table: dict[str, Any]) -> dict[str, Any]:
        _only("component", table)
        _only("ballots", table.get("ballots", {}))
        for part in table.get("parts", ()):
            if "parts" in self._component(part):
                raise Unknown("parts of parts")
        return table

    def grades(self, component: dict[str, Any]) -> dict[str, Any]:
        """Return the points of each grade (AMB-B8); none where ballots do not give grades."""
        table = component.get("grades", {})
        if component.get("rater") == "masses":
            return {}
        found: dict[str, Any] = table.get("points") or table.get("scales", {}).get(
            self.readings.get("grade_points", "quarters"), {}
        )
        return found

    def label(self, star: int) -> str:
        table = next((each for each in self.bands if each["star"] == star and star), self.all["unrated"])["label"]
        return str(table["zh"] if isinstance(table, dict) else table)

    def is_year(self, period: str) -> bool:
        return self.annual is not None and "-" not in period


Value = Any
"""What a component is worth: a fraction, None where it is missing, ABSENT where there is none for this person."""
ABSENT = "absent"


def mean_of(parts: list[tuple[Any, Value]]) -> Value:
    """Return the weighted mean; what does not exist gives its weight to the others (AMB-A11, AMB-A13)."""
    if any(value is None for _, value in parts):
        return None
    there = [(Fraction(weight), value) for weight, value in parts if value is not ABSENT]
    return sum(w * v for w, v in there) / sum(w for w, _ in there) if there else ABSENT


def points_of(component: dict[str, Any], given: list[tuple[Fraction, Any]]) -> Value:
    ballots = len(given) if len(given) > 1 else given[0][1] if given else None
    if not given or (ballots is not None and ballots < component.get("ballots", {}).get("minimum", 0)):
        return None
    return sum(points for points, _ in given) / Fraction(len(given))


def votes_of(rules: Rules, component: dict[str, Any], votes: dict[str, int], *, openly: bool) -> Value:
    """Return the mean points of the valid voices, each group's alike (AMB-B10); abstentions are none (AMB-A14)."""
    grades, minimum = rules.grades(component), component.get("ballots", {}).get("minimum", 0)
    valid = {grade: count for grade, count in votes.items() if grade in grades}
    number = sum(valid.values())
    if not number or number < (min(1, minimum) if openly else minimum):
        return None
    return sum((Fraction(grades[grade]) * count for grade, count in valid.items()), Fraction()) / number


def entries_of(rules: Rules, component: dict[str, Any], entries: list[dict[str, Any]]) -> Fraction:
    """Return start, entries and clamps: an item's cap per period, the group's bounds, the component's (AMB-A12, B9)."""
    total = Fraction()
    for group in rules.groups:
        if group["component"] != component["code"]:
            continue
        base = 0 if group.get("bonus") or "high" not in group else group["high"]
        value = Fraction(group.get("start", base))
        for item in rules.items.values():
            own = [Fraction(each["points"]) for each in entries if each["item"] == item["code"]]
            cap = item.get("per_period_cap")
            if item["group"] == group["code"] and own:
                value += clamped(sum(own, Fraction()), None if cap is None else -Fraction(cap), cap)
        total += clamped(value, group.get("low"), group.get("high"))
    if any(each["item"] not in rules.items for each in entries):
        raise ValueError("item")
    return clamped(total, rules.all["component_range"]["low"], rules.all["component_range"]["high"])


class Round:
    """What the facts of one round say so far."""

    def __init__(self, name: str, rules: Rules, opened: dict[str, Any]) -> None:
        self.name, self.rules, self.opened = name, rules, opened
        if not re.fullmatch(r"\d{4}(-\d\d)?", opened["period"]):
            raise Unknown(f"period {opened['period']}")
        self.roster: dict[str, dict[str, Any]] = {}
        self.exempt: set[str] = set()
        self.cells: dict[str, dict[tuple[str, str], Any]] = {
            name: {} for name in ("held", "absent", "drawn", "counted", "open")
        }
        self.months: dict[str, dict[str, dict[str, Any]]] = {}
        self.corrected: dict[tuple[str, str, str], tuple[Fraction, Any]] = {}
        self.not_held: set[str] = set()
        self.ties: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
        self.latest: dict[str, dict[str, Any]] = {}
        self.tally = 0
        self.due: dict[str, dict[str, Any]] = {}

    def value(self, person: str, component: dict[str, Any]) -> Value:
        """Return one column of one person: a score given, else entries drawn, else ballots counted."""
        code, who = component["code"], self.roster[person]
        cell, cells = (person, code), self.cells
        groupless = component.get("optional") and component.get("rater") == "group" and who["group"] is None
        if cell in cells["absent"] or code in self.not_held or (groupless and cell not in cells["held"]):
            return ABSENT
        if cell in cells["held"]:
            return points_of(component, list(cells["held"][cell].values()))
        if cell in cells["drawn"]:
            return entries_of(self.rules, component, cells["drawn"][cell])
        if cell in cells["counted"]:
            return self._counted(component, list(cells["counted"][cell].values()))
        return self._openly(component, cells["open"][cell]) if cell in cells["open"] else None

    def _counted(self, component: dict[str, Any], groups: list[dict[str, Any]]) -> Value:
        counts = [each for group in groups if not group["withheld"] for each in group["counts"]]
        if any(each["points"] is not None for each in counts):
            number = sum(each["voices"] for each in counts)
            total = sum((Fraction(each["points"] or 0) * each["voices"] for each in counts), Fraction())
            return points_of(component, [(total / number, number)])
        votes: dict[str, int] = {}
        for each in counts:
            votes[each["grade"]] = votes.get(each["grade"], 0) + each["voices"]
        return votes_of(self.rules, component, votes, openly=False)

    def _openly(self, component: dict[str, Any], marks: list[dict[str, Any]]) -> Value:
        grades = [each["grade"] for each in marks if each["grade"] is not None]
        if not grades:
            given = [(Fraction(each["points"]), None) for each in marks if each["points"] is not None]
            return points_of(component, given)
        return votes_of(self.rules, component, {each: grades.count(each) for each in grades}, openly=True)

    # the year made of months (B-47, AMB-B7, AMB-B26)

    def year(self, person: str) -> tuple[dict[str, Value], Value]:
        rules, annual, months = self.rules, self.rules.annual or {}, self.months.get(person, {})
        monthly = [self._month(person, period) for period in months]
        found: dict[str, Value] = {}
        for component in rules.components:
            code = component["code"]
            found[code] = self.value(person, component) if code in annual["once"] else ABSENT
            if found[code] is ABSENT:  # the months stand in for what is not assessed once, or was not this year
                values = [month[code] for month in monthly]
                found[code] = None if not values or None in values else sum(values, Fraction()) / len(values)
        few = len(months) < max(1, annual.get("minimum_months", 0))
        if few or any(value is None for month in monthly for value in month.values()):
            return found, None
        return found, mean_of([(annual["weights"][code], value) for code, value in found.items()])

    def _month(self, person: str, period: str) -> dict[str, Value]:
        drawn, found = drawn_values(self.months[person][period]), {}
        for component in self.rules.components:
            code = component["code"]
            given = [] if drawn.get(code) is None else [(Fraction(drawn[code]), None)]
            given = [self.corrected[person, period, code]] if (person, period, code) in self.corrected else given
            found[code] = points_of(component, given)
        return found

    # results (A-23 … A-34)

    def standing(self, person: str) -> dict[str, Any]:
        """Return total, band and the numbers that rank, before the places of stars are given."""
        rules, who = self.rules, self.roster[person]
        values: dict[str, Value] = {}
        if rules.is_year(self.opened["period"]):
            values, total = self.year(person)
        else:
            for component in rules.components:
                for part in component.get("parts", ()):
                    values[part["code"]] = self.value(person, part)
                parts = [(part["weight"], values[part["code"]]) for part in component.get("parts", ())]
                values[component["code"]] = mean_of(parts) if parts else self.value(person, component)
            total = mean_of([(each["weight"], values[each["code"]]) for each in rules.components])
        shown = [(leaf["code"], values[leaf["code"]]) for leaf in rules.leaves]
        points = [{"component": c, "points": written(v) if isinstance(v, Fraction) else None} for c, v in shown]
        if not isinstance(total, Fraction):
            status = "not_rated" if person in self.exempt else "incomplete"
            return self._result(person, status, None, None, points, ())
        published = Fraction(decimal(total, rules.all["rounding"]["places"]))
        within = (b for b in rules.bands if "high" not in b or published < b["high"])
        band = next(b for b in within if b.get("low", published) <= published)
        late = months_in(who["joined"], self.opened["period"]) < rules.all["newcomers"]["minimum_months"]
        rated = person not in self.exempt and not late and not band.get("unrated")
        around = {part["code"]: c["code"] for c in rules.components for part in c.get("parts", ())}
        chain = rules.all.get("ties", {}).get("chain", ())
        ranks = [self._rank(values, code, around.get(code), total) for code in chain]
        status = "complete" if rated else "not_rated"
        return self._result(person, status, total, band["star"], points, (published, *ranks))

    def _rank(self, values: dict[str, Value], code: str, around: str | None, total: Fraction) -> Fraction:
        """Return a component's value; one that does not exist is worth what those are that carry its weight."""
        if values[code] is not ABSENT:
            return Fraction(values[code])
        return total if around is None else self._rank(values, around, None, total)

    def _result(
        self, person: str, status: str, total: Fraction | None, star: int | None, points: list[Any], key: Any
    ) -> dict[str, Any]:
        places = self.rules.all["rounding"]["places"]
        return {
            "person": person, "status": status, "total": None if total is None else decimal(total, places),
            "total_exact": None if total is None else written(total), "score_star": star,
            "star": 0 if status == "not_rated" else None, "components": points, "key": key,
        }  # fmt: skip

    def compute(self) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
        """Return everybody's result, and what the tally says of all: places, who is incomplete, what is undecided."""
        results = {person: self.standing(person) for person in self.roster}
        places = {star: int(percent * len(self.roster) / 100) for star, percent in self.rules.caps.items()}
        kept = [
            tie for tie, numbers in self.ties.values()
            if all(results[person]["components"] == numbers[person] for person in numbers)
        ]  # fmt: skip
        complete = {person: each for person, each in results.items() if each["status"] == "complete"}
        ranked = [(each["key"], each["score_star"], person) for person, each in complete.items()]
        stars, questions = settle(ranked, places, self.rules.all.get("overflow", {}).get("order", []), kept)
        for person, each in results.items():
            each["star"] = stars.get(person, each["star"])
            each["label"] = "" if each["star"] is None else self.rules.label(each["star"])
            del each["key"]
        held = [each["star"] for each in results.values()]
        made = {
            "roster_size": len(self.roster),
            "caps": [{"star": star, "cap": cap, "used": held.count(star)} for star, cap in places.items()],
            "incomplete": [person for person, each in results.items() if each["status"] == "incomplete"],
            "undecided": questions,
        }
        return results, made


def drawn_values(drawn: dict[str, Any]) -> dict[str, Any]:
    """Return what a drawn month gives to each component."""
    others = {each["component"]: each["points"] for each in drawn.get("components", ())}
    return {"records": drawn["records"], "appraisal": drawn["appraisal"], **others}


def months_in(joined: str, period: str) -> int:
    """Return the whole months from joining to the end of the period (AMB-A15)."""
    year, month = (int(period), 12) if "-" not in period else (int(period[:4]), int(period[5:7]))
    since = datetime.date.fromisoformat(joined)
    return (year - since.year) * 12 + month + 1 - since.month - (1 if since.day > 1 else 0)


def settle(
    ranked: list[tuple[Any, int, str]], places: dict[int, int], order: list[int], decisions: list[dict[str, Any]]
) -> tuple[dict[str, int | None], list[dict[str, Any]]]:
    """Return who holds which star, and what a body has yet to decide: the overflow takes the next lower star (AMB-A7).

    People equal in every number at the last place are never told apart by the machine (AMB-A8). While a tie is open,
    the others are placed as they would be whoever wins it.
    """
    stars: dict[str, int | None] = {}
    carried: list[tuple[Any, int, str]] = []
    listed = [person for _, _, person in ranked]
    for star in sorted({*order, *places, *(natural for _, natural, _ in ranked)}, reverse=True):
        pool = sorted(carried + [each for each in ranked if each[1] == star], key=lambda each: each[0], reverse=True)
        room = places.get(star, len(pool))
        won, carried = pool[:room], pool[room:]
        if won and carried and won[-1][0] == carried[0][0]:
            tied = sorted((each[2] for each in pool if each[0] == carried[0][0]), key=listed.index)
            left = room - sum(1 for each in pool if each[0] > carried[0][0])
            question = {"star": star, "places": left, "people": tied}
            decided = next((each for each in decisions if answers(each, question)), None)
            if decided is None:
                rest = [e for e in decisions if e["star"] != star and not {*e["winners"], *e["among"]} & set(tied)]
                supposed = {"star": star, "winners": tied[:left], "among": tied}
                certain, later = settle(ranked, places, order, [*rest, supposed])
                later = [each for each in later if not set(each["people"]) & set(tied)]
                return {**certain, **dict.fromkeys(tied)}, [question, *later]
            losers = set(tied) - set(decided["winners"])
            won = [each for each in pool if each[0] >= carried[0][0] and each[2] not in losers]
            carried = [each for each in pool if each not in won]
        stars.update((person, star) for _, _, person in won)
    return stars, []


def answers(decision: dict[str, Any], question: dict[str, Any]) -> bool:
    winners = set(decision["winners"])
    whole = len(winners) == len(decision["winners"]) == question["places"] and winners <= set(question["people"])
    return whole and decision["star"] == question["star"] and sorted(decision["among"]) == sorted(question["people"])


def content(result: dict[str, Any]) -> list[Any]:
    """Return what a result says but for the label, which only names its star."""
    return [result.get(name, ABSENT) for name in SAYS if name != "label"]


SOURCE = ["entry", "item", "points", "occurred_on", "amount", "level", "matter", "person", "period", "components"]
SAYS = ("status", "total", "total_exact", "score_star", "star", "label", "components")
SHOWN = ("total", "star", "label")
UNUSABLE = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, StopIteration, RecursionError)


class Results:
    """Follows every round through its facts, and compares what was published with what they come to."""

    def __init__(self, rulebook: Callable[[str], dict[str, Any]], report: Report, *, whole: bool) -> None:
        self.rulebook, self.report, self.whole = rulebook, report, whole
        self.rules: dict[str, Rules] = {}
        self.rounds: dict[str, Round | None] = {}
        self.told: dict[str, dict[str, Any]] = report.facts["rounds"]
        self.sources: dict[int, dict[str, Any]] = {}

    def take(self, fact: dict[str, Any]) -> None:
        """Take one more fact; what cannot be computed at all is as wrong as what comes out otherwise."""
        data, name = fact["data"], fact["data"].get("round")
        kind = fact["type"][:-3] if fact["type"].endswith(".v1") else ""
        try:
            if kind in ("entry.Proposed", "entry.Corrected", "month.Settled"):
                self.sources[fact["position"]] = {each: data[each] for each in SOURCE if each in data}
            if kind == "round.Opened":
                self._open(name, data)
            this = self.rounds.get(name) if isinstance(name, str) else None
            if this is not None:
                if this.due and not (kind == "tally.ResultComputed" and data["tally"] == this.tally):
                    self._recorded(this, fact["position"])
                self._follow(this, kind, data, fact["position"])
        except UNUSABLE as error:
            self.report.add("result-differs", fact["position"], f"{name}: {type(error).__name__} {error}")

    def _open(self, name: str, data: dict[str, Any]) -> None:
        self.told[name] = {"results": 0, "published": 0, "not_recomputed": ""}
        try:
            if data["document"] not in self.rules:
                self.rules[data["document"]] = Rules(self.rulebook(data["document"]))
            self.rounds[name] = Round(name, self.rules[data["document"]], data)
        except Unknown as unknown:
            self.rounds[name] = None
            self.told[name]["not_recomputed"] = str(unknown)

    def _follow(self, this: Round, kind: str, data: dict[str, Any], at: int) -> None:
        person, code = data.get("person", ""), data.get("component", "")
        cell, cells = (person, code), this.cells
        if kind == "round.MemberEnrolled":
            this.roster[person] = data
        elif kind == "round.MemberExempted":
            this.exempt.add(person)
        elif kind in ("score.Recorded", "score.Corrected"):
            given = (Fraction(data["points"]), data["ballots"])
            if data.get("period") is not None:
                this.corrected[person, data["period"], code] = given
            else:
                rater = None if data["rater"] == person else data["rater"]
                cells["held"].setdefault(cell, {})[rater] = given
                cells["absent"].pop(cell, None)
        elif kind == "score.NotApplicable":
            cells["absent"][cell] = True
        elif kind == "draw.RecordsDrawn":
            cells["drawn"][cell] = data["entries"]
            for each in data["entries"]:
                self._source(
                    each, each["position"], at, ["entry", "item", "points", "occurred_on", "amount", "level", "matter"]
                )
        elif kind == "draw.MonthDrawn":
            this.months.setdefault(person, {})[data["period"]] = data
            source = self.sources.get(data["source"], {}) if self.whole else data
            exact = {each["component"]: each["points"] for each in source.get("components", ())}
            same = all(value == exact.get(code) for code, value in drawn_values(data).items()) or not self.whole
            self._source(data if same else {}, data["source"], at, ["person", "period"])
        elif kind == "ballot.Counted" and not data["aspect"]:
            cells["counted"].setdefault(cell, {})[data["group"]] = data
        elif kind == "ballot.OpenlyAppraised":
            cells["open"][cell] = data["marks"]
        elif kind == "draw.AppraisalNotHeld":
            this.not_held.add(code)
        elif kind == "draw.NoAppraisalTakenBack":
            this.not_held.discard(code)
        elif kind == "tally.TieDecided":
            this.ties[data["star"]] = (data, {each: this.latest[each]["components"] for each in data["among"]})
        elif kind == "tally.Made":
            self._made(this, data, at)
        elif kind == "tally.ResultComputed":
            self._same(this.due.pop(person, {}), data, SAYS, at)
            this.latest[person] = data
            self.told[this.name]["results"] += 1
        elif kind in ("notice.LinePosted", "star.Confirmed", "month.Settled"):
            names = (*SHOWN, "components") if kind == "month.Settled" else SHOWN
            self._same(this.latest.get(person, {}), data, names, at)
            self.told[this.name]["published"] += 1
        elif kind == "list.Proposed":
            self._same({"tally": this.tally}, data, ("tally",), at)

    def _source(self, drawn: dict[str, Any], position: int, at: int, names: list[str]) -> None:
        """Compare what was drawn into a round with the fact it was drawn from; in an extract that is not there."""
        source = self.sources.get(position)
        if self.whole and (source is None or any(drawn.get(each) != source.get(each) for each in names)):
            self.report.add("source-differs", at, position)

    def _made(self, this: Round, data: dict[str, Any], at: int) -> None:
        results, made = this.compute()
        self._same(made, data, tuple(made), at)
        self._same({"tally": this.tally + 1}, data, ("tally",), at)
        this.tally = data["tally"]
        this.due = {who: each for who, each in results.items() if content(each) != content(this.latest.get(who, {}))}

    def _same(self, ours: dict[str, Any], theirs: dict[str, Any], names: tuple[str, ...], at: int) -> None:
        for name in names:
            if name not in ours or ours[name] != theirs[name]:
                who = theirs.get("person", theirs.get("round"))
                return self.report.add("result-differs", at, f"{who} {name}: {theirs[name]} ≠ {ours.get(name)}")

    def _recorded(self, this: Round, at: int) -> None:
        """Every result that a tally changes stands right behind it; one that does not was left out."""
        for person in this.due:
            self.report.add("result-differs", at, f"{this.name} {person}: –")
        this.due = {}

    def finish(self) -> None:
        for this in self.rounds.values():
            if this is not None and this.due:
                self._recorded(this, 0)


# ── 5 the verdict: the parts put together ─────────────────────────────────────────────────────────────────────────────


def verify(
    file: Any,
    *,
    checkpoints: Iterable[tuple[str, bytes]] = (),
    keys: tuple[str, ...] | list[str] = (),
    pin: str = "",
    head: str = "",
    older: Any = None,
    tree_only: bool = False,
) -> Report:
    """Return the report on an archive; NoArchive where the file is none."""
    report = Report()
    zipped = open_zip(file)
    parts = {info.filename: info for info in zipped.infolist()}
    named = sorted(name for name in parts if re.fullmatch(r"data/checkpoints/[\w-]+\.checkpoint", name))
    notes = [(name, small(zipped, parts, name, report)) for name in named] + list(checkpoints)
    own = sorted(name for name in parts if re.fullmatch(r"data/checkpoints/[\w-]+\.key", name))
    held = "\n".join(small(zipped, parts, name, report).decode("utf-8", "replace") for name in own if not keys)
    pinned, theirs = (parse_keys(lines, report) for lines in (list(keys), list(filter(None, held.split("\n")))))
    before = _older(older) if older is not None else None
    wanted = [size for _, raw in notes for size in _size(raw)] + ([before.tree.size] if before else [])
    archive = Archive(zipped, report, wanted, tree_only=tree_only)
    results = Results(lambda digest: rulebook_in(archive, digest), report, whole=archive.scope == "all")
    if archive.scope.startswith("audience:"):  # there, what a result rests on need not be shown
        archive.go_through()
    else:
        archive.go_through(results.take)
        results.finish()
    roots = _roots(archive)
    spans = follow_keys(archive.anchoring, roots, pinned, theirs, archive.document, report)
    opened = [found for name, raw in notes for found in [open_checkpoint(name, raw, spans, report)] if found]
    _anchors(archive, roots, report)
    root, info, scope = archive.tree.root().hex(), archive.info, archive.scope
    extract = root if scope == "all" else archive.head.root().hex()
    report.facts.update(size=archive.tree.size, root=root, scope=scope, head=extract, checkpoints=opened)
    described = info.get("Starledger-Root", "") if info.get("Starledger-Size") == str(archive.tree.size) else ""
    claimed = {"bag-info.txt": described, **({"--pin": pin.lower()} if pin else {})}
    compare(archive.tree, opened, claimed, report)
    wanted_head, _, upto = head.lower().partition("@")
    if head and wanted_head != (_head_at(archive, upto) if upto else extract):
        report.add("head-mismatch")
    if before is not None:
        _extends(archive, before, report)
    report.facts["own_key"] = not keys
    report.findings.sort(key=lambda each: (each["position"] is None, each["position"] or 0))
    _tell(archive, report, bool(opened), tree_only)
    return report


def rulebook_in(archive: Archive, digest: str) -> dict[str, Any]:
    if tomllib is None:
        raise Unknown("Python < 3.11: TOML")
    raw = small(archive.zip, archive.parts, f"data/rulebooks/{digest}.toml", archive.report)
    if hashlib.sha256(raw).hexdigest() != digest:
        raise ValueError("rulebook")
    return tomllib.loads(raw.decode("utf-8-sig"), parse_float=Fraction)


def _size(raw: bytes) -> list[int]:
    try:
        return [parse_note(raw)[2]]
    except ValueError:
        return []


def _roots(archive: Archive) -> dict[int, bytes]:
    """Return the roots at the sizes that handovers and anchors on record speak of, hashing once more for them."""
    facts = archive.anchoring
    raws = [archive.document(fact["data"].get("handover")) or b"" for fact in facts if fact["type"] == ANNOUNCED]
    sizes = [size for raw in raws for size in _size(raw)]
    sizes += [
        fact["data"]["size"] for fact in facts if fact["type"] == ANCHORED and type(fact["data"].get("size")) is int
    ]
    again = Tree(size for size in sizes if size not in archive.tree.roots and size <= archive.tree.size)
    if again.wanted:
        for leaf in _leaves(archive):
            again.grow([leaf])
            if not again.wanted:
                break
    return {**archive.tree.roots, **again.roots}


def _anchors(archive: Archive, roots: dict[int, bytes], report: Report) -> None:
    """Compare each checkpoint that somebody outside is on record to hold."""
    for fact in archive.anchoring:
        size, root = fact["data"].get("size"), fact["data"].get("root")
        if fact["type"] == ANCHORED and (type(size) is not int or roots.get(size, b"").hex() != root):
            report.add("anchor-mismatch", fact["position"], size, fact["data"].get("held_by"))


def _head_at(archive: Archive, upto: str) -> str:
    """Return the head over the facts at positions up to a size, as a notice named it when it was posted."""
    found = Tree()
    try:
        for lines in lines_of(archive.zip, archive.parts["data/entries.jsonl"], hashlib.sha256()):
            found.grow([leaf_of(line) for line in lines if read_entry(line)["position"] <= int(upto)])
    except BAD:
        return ""
    return found.root().hex()


def _older(file: Any) -> Archive:
    found = Archive(open_zip(file), Report(), tree_only=True)
    found.go_through()
    return found


def _extends(archive: Archive, before: Archive, report: Report) -> None:
    """Compare with an older archive: everything in it must be the beginning of this one."""
    old, new = before.tree.size, archive.tree.size
    report.facts["extends"] = {"older": old, "added": new - old}
    if old > new:
        report.add("shorter", new + 1, old, new)
    elif archive.tree.roots.get(old) != before.tree.root():
        at = next((n for n, (a, b) in enumerate(zip(_leaves(archive), _leaves(before)), 1) if a != b), old)
        report.add("not-extended", at, at)


def _leaves(archive: Archive) -> Iterator[bytes]:
    if archive.scope != "all":
        return (archive.leaves[at : at + 32] for at in range(0, len(archive.leaves), 32))
    parts = lines_of(archive.zip, archive.parts["data/entries.jsonl"], hashlib.sha256())
    return (leaf_of(line) for lines in parts for line in lines)


def _tell(archive: Archive, report: Report, any_checkpoint: bool, tree_only: bool) -> None:
    """Say what was not checked, and what nobody could know."""
    size, covered = report.facts["size"], report.facts["covered"]
    if tree_only:
        report.note("only-hashes")
    if covered < size:
        report.note("uncovered", covered + 1, size)
    if any_checkpoint and report.facts["own_key"]:
        report.note("own-key")
    if archive.info.get("Starledger-Sealed") == "left-out":
        report.note("sealed-left-out")
    if archive.scope != "all":
        report.note("extract", archive.scope, report.facts["head"])
    if archive.info.get("Starledger-Clock") == "simulated":
        report.note("simulated")
    for name, told in report.facts["rounds"].items():
        if told["not_recomputed"]:
            report.note("not-recomputed", name, told["not_recomputed"])


# ── 5 the verdict: what is said of each finding, and the terminal ─────────────────────────────────────────────────────

SAID = {
    "part-surplus": ("压缩包中有不该有的部分：{}", "a part that does not belong here: {}"),
    "part-doubled": ("压缩包中有重名的部分：{}", "two parts of one name: {}"),
    "part-missing": ("缺少部分：{}", "a part is missing: {}"),
    "part-unreadable": ("无法读取：{}", "cannot be read: {}"),
    "part-altered": ("与哈希清单不符：{}", "does not match its hash in the list: {}"),
    "list-malformed": ("哈希清单或说明的格式不合规：{}", "a list of hashes or the description is malformed: {}"),
    "entry-malformed": ("记录格式不合规：{}", "not an entry of the ledger: {}"),
    "position-mismatch": ("此处应为第 {} 条：有缺失、重复、调换或插入", "fact {} belongs here: lost, doubled or moved"),
    "time-back": ("记录时间早于前一条", "recorded before the fact that precedes it"),
    "root-mismatch": ("全部记录的树根与{}所载不符", "the root over all facts is not the one that {} says"),
    "leaf-mismatch": ("记录与该位置的叶哈希不符", "the entry is not the one whose leaf stands at this position"),
    "out-of-scope": ("此条不属于本摘录的范围", "this fact does not belong to the extract"),
    "head-mismatch": ("摘录不完整或被改动：头哈希与所给不符", "the extract is not complete: its head is another"),
    "checkpoint-malformed": ("检查点或公钥的格式不合规：{}", "malformed checkpoint or key: {}"),
    "checkpoint-unsigned": ("检查点没有已知公钥的有效签名：{}", "no known key has signed it as it stands: {}"),
    "checkpoint-mismatch": ("前 {} 条不是检查点所签的那些：{}", "the first {} facts are not those signed: {}"),
    "checkpoint-beyond": ("检查点已签到第 {} 条，此处没有那么多：{}", "{} facts were signed, there are fewer: {}"),
    "checkpoint-key-ended": (
        "检查点由已停用或已移交的密钥签署：{}（前 {} 条，其签署只计到前 {} 条）",
        "signed by a key that was retired or has handed over: {} over {} facts, it counts up to {}",
    ),
    "anchor-mismatch": (
        "前 {} 条不是账本外{}保存的检查点",
        "the first {} facts are not those of the checkpoint {} holds",
    ),
    "key-unhanded": (
        "公钥 {} 已公布，但没有可信的密钥移交给它",
        "key {} was announced, but no trusted key handed over",
    ),
    "handover-refused": ("密钥 {} 停用或移交后又移交", "key {} hands over although it was retired or has handed over"),
    "handover-mismatch": ("移交密钥的检查点与前 {} 条不符", "the handover of the key does not fit the first {} facts"),
    "sealed-altered": ("封存内容与摘要不符：已被更改", "sealed words do not match their digest: changed"),
    "sealed-surplus": ("封存内容没有任何记录提到", "sealed words that no fact mentions"),
    "sealed-not-erased": ("已下令删除的封存内容仍然存在", "sealed words are there although their erasure was ordered"),
    "evidence-incomplete": ("封存内容缺失，且没有删除令", "sealed words are missing and no fact orders their erasure"),
    "attachment-missing": ("缺少附件：{}", "an attachment is missing: {}"),
    "attachment-altered": ("附件内容与其名称不符：{}", "an attachment does not match its name: {}"),
    "attachment-surplus": ("没有记录提到的附件：{}", "an attachment that no fact mentions: {}"),
    "notice-differs": ("公示文件中有账本里没有的内容：{}", "a notice says what the ledger does not: {}"),
    "result-differs": ("公布的与重算的不符：{}", "what was published is not what the facts come to: {}"),
    "source-differs": ("引入的与其来源不符：{}", "what was drawn in is not what its source says: {}"),
    "not-extended": ("旧档案的第 {} 条与此不同：不是它的延续", "fact {} of the older archive is another: not extended"),
    "shorter": ("旧档案有 {} 条，此处只有 {} 条", "the older archive has {} facts, this one {}"),
    # what was not checked, and what nobody could know
    "only-hashes": (
        "只核对了哈希、树根与检查点；没有核对记录内容、封存内容、附件与结果。",
        "Only hashes, root and checkpoints were checked: no contents, sealed words, attachments or results.",
    ),
    "uncovered": (
        "第 {} 至 {} 条没有检查点覆盖：若被整体改写，无从发现。",
        "No checkpoint covers facts {} to {}: rewritten as a whole, nobody could tell.",
    ),
    "own-key": (
        "检查点只用档案自带的公钥核对；请用 --key 给出您另行保存的公钥。",
        "Checkpoints were checked with the key in the archive itself; bring your own with --key.",
    ),
    "sealed-left-out": (
        "封存内容没有随档案给出，未作核对。",
        "Sealed words were left out of the archive and not checked.",
    ),
    "extract": (
        "这是摘录（{}）；是否完整，要与另行给出的头哈希比较（--head）：{}",
        "An extract ({}): only a head from elsewhere says whether it is complete (--head): {}",
    ),
    "simulated": ("此账本使用模拟时钟（演示）。", "This ledger runs on a simulated clock: a demonstration."),
    "not-recomputed": ("{} 未重算：不认识 {}。", "{} was not computed again: {} is not known here."),
}

VERDICTS = {
    OK: ("完好", "sound"), VIOLATED: ("已被改动", "VIOLATED"), INCOMPLETE: ("证据不全", "evidence incomplete"),
}  # fmt: skip


def _print(report: Report) -> None:
    facts, say = report.facts, sys.stdout.write
    for each in report.findings[:1000]:
        at = ("", "") if each["position"] is None else (f"第 {each['position']} 条：", f"fact {each['position']}: ")
        say(f"{each['severity']}: {at[0]}{each['zh']} | {at[1]}{each['en']}\n")
    say(f"{VERDICTS[report.code][0]} {VERDICTS[report.code][1]}  size {facts['size']}  root {facts['root']}\n")
    for each in facts["checkpoints"]:
        fits = "相符 fits" if each["fits"] else "不符 DOES NOT FIT"
        say(f"检查点 checkpoint {each['file']}: {each['origin']} {each['size']}: {fits}\n")
    for name, told in facts["rounds"].items():
        if not told["not_recomputed"]:
            results, published = told["results"], told["published"]
            say(f"{name}: 重算结果 {results} 个，对照公布 {published} 行 | {results} results, {published} lines\n")
    if "extends" in facts:
        older, added = facts["extends"]["older"], facts["extends"]["added"]
        say(f"与旧档案相比新增 {added} 条 | {added} facts were added to the older archive's {older}\n")
    for zh, en in report.notes:
        say(f"{zh} | {en}\n")


def _json(report: Report) -> None:
    notes = [{"zh": zh, "en": en} for zh, en in report.notes]
    said = {"ok": report.code == OK, "exit": report.code, **report.facts, "findings": report.findings, "notes": notes}
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("archive")
    parser.add_argument("--checkpoint", action="append", default=[], metavar="FILE", help="a checkpoint kept outside")
    parser.add_argument("--key", action="append", default=[], metavar="VKEY", help="the log's public key, or its file")
    parser.add_argument("--pin", default="", metavar="ROOT", help="the root, as hex, that the archive must have")
    parser.add_argument(
        "--head", default="", metavar="HASH[@SIZE]", help="the head that an extract must have to be complete"
    )
    parser.add_argument("--extends", metavar="OLDER", help="an older archive that this one must extend")
    parser.add_argument("--tree-only", action="store_true", help="only hashes, root and checkpoints")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        notes = [(name, open(name, "rb").read(MOST_NOTE + 1).replace(b"\r\n", b"\n")) for name in asked.checkpoint]
        keys = [
            line for words in asked.key for line in (words if "+" in words else open(words).read()).split("\n") if line
        ]
        with open(asked.archive, "rb"):
            pass
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return USAGE
    try:
        report = verify(
            asked.archive, checkpoints=notes, keys=keys, pin=asked.pin, head=asked.head, older=asked.extends,
            tree_only=asked.tree_only,
        )  # fmt: skip
    except NoArchive as error:
        sys.stderr.write(f"不是档案，或已无法打开 | no archive, or one that cannot be opened: {error}\n")
        return UNREADABLE
    (_json if asked.json else _print)(report)
    return report.code


if __name__ == "__main__":
    sys.exit(main())
