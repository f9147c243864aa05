"""What a verification found, and in which words: every kind of finding with its severity and its sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from domain.text import Language, Text

Severity = Literal["violation", "incomplete", "note"]
MOST_FINDINGS = 10_000

_SEVERITIES: dict[str, Severity] = {
    "evidence-incomplete": "incomplete",
    "not-witnessed": "incomplete",
    "key-unhanded": "incomplete",
    "clock-back": "note",
}
_SENTENCES = {
    "entry-not-text": ("此条记录不是文本", "the entry is not stored as text"),
    "entry-malformed": ("此条记录的格式不合规：{0}", "the entry is not one of the ledger's: {0}"),
    "entry-too-long": ("此条记录有 {0} 字节，超过上限", "the entry has {0} bytes, more than any the ledger writes"),
    "position-malformed": ("有一行的位置不是数字：{0}", "a row's position is not a number: {0}"),
    "position-missing": ("缺少第 {0} 条：已被删除", "missing: {0}; deleted"),
    "position-duplicate": ("同一位置有两条记录", "two facts stand at this position"),
    "position-mismatch": ("记录自称第 {0} 条：被调换或移动", "the entry says it is fact {0}: swapped or moved"),
    "beyond-head": ("账本只有 {0} 条，此条是另外插入的", "the ledger has {0} facts; this one was inserted"),
    "leaf-mismatch": ("内容与其哈希不符：已被更改", "the entry does not match its hash: changed"),
    "chain-mismatch": ("哈希与前一条不相衔接：已被更改", "the hash does not follow from the fact before: changed"),
    "type-mismatch": ("索引中的类型「{0}」与记录不符", "the type column says '{0}', the entry says otherwise"),
    "time-mismatch": ("索引中的时间「{0}」与记录不符", "the time column says '{0}', the entry says otherwise"),
    "time-back": ("记录时间早于前一条", "it was recorded before the fact that precedes it"),
    "clock-back": ("系统时钟比前一条记录时倒退", "the machine's clock had gone back since the fact before"),
    "unknown-event": ("未知的事件类型「{0}」", "no event is called '{0}'"),
    "data-malformed": ("事件内容无法读取", "the event's data cannot be read"),
    "tags-not-derived": ("记录中的标签与其内容不符", "the entry's tags are not those of its data"),
    "tag-missing": ("索引缺少标签「{0}」", "the index lacks the tag '{0}'"),
    "tag-surplus": ("索引多出标签「{0}」", "the index has a tag that the fact does not: '{0}'"),
    "command-missing": ("命令「{0}」不在命令表中", "command '{0}' is not in the table of commands"),
    "command-mismatch": ("命令「{0}」的答复与此条不符", "the answer kept for command '{0}' does not fit this fact"),
    "command-malformed": ("命令「{0}」的答复无法读取", "the answer kept for command '{0}' cannot be read"),
    "sealed-altered": ("封存内容与其摘要不符：已被更改", "sealed words do not match their digest: changed"),
    "sealed-surplus": ("封存内容没有任何记录提到", "sealed words that no fact mentions"),
    "sealed-not-erased": (
        "已下令删除的封存内容仍然存在",
        "sealed words are there although a fact orders their erasure",
    ),
    "evidence-incomplete": ("封存内容缺失，且没有删除令", "sealed words are missing and no fact orders their erasure"),
    "attachment-altered": ("附件 {0} 的内容已被更改", "attachment {0} does not match its name: changed"),
    "attachment-missing": ("附件 {0} 缺失", "attachment {0} is missing"),
    "attachment-surplus": ("附件 {0} 没有任何记录提到", "attachment {0} is mentioned by no fact"),
    "head-missing": ("账本头缺失", "the ledger's head is missing"),
    "head-mismatch": ("账本头与记录不符：{0}", "the ledger's head does not fit the facts: {0}"),
    "root-mismatch": ("重建的树根与账本头不符", "the root rebuilt from the facts is not that of the ledger's head"),
    "checkpoint-mismatch": ("与第 {0} 条时的检查点不符", "the first {0} facts are not those of the checkpoint"),
    "checkpoint-beyond": (
        "检查点记到第 {0} 条，账本只有 {1} 条：被截短，或恢复了旧的备份",
        "a checkpoint covers {0} facts, the ledger has {1}: its tail was cut off, or an older copy restored",
    ),
    "checkpoint-fork": (
        "同为 {0} 条的两个检查点互相矛盾（{1}、{2}）：账本曾以两个版本示人",
        "two checkpoints of {0} facts contradict each other ({1}, {2}): the ledger was shown in two versions",
    ),
    "not-witnessed": ("检查点 {0} 没有可信见证人的签名", "no trusted witness has cosigned the checkpoint {0}"),
    "checkpoint-key-ended": (
        "检查点 {0}（前 {1} 条）由已停用或已移交的密钥签署，其签署只计到前 {2} 条",
        "the checkpoint {0} over {1} facts is signed by a key that counts only up to {2}: retired, or handed over",
    ),
    "anchor-mismatch": (
        "账本外由{1}保存的检查点与前 {0} 条不符：历史被改写",
        "the first {0} facts are not those of the checkpoint that {1} holds: rewritten",
    ),
    "key-unhanded": (
        "公钥 {0} 已公布，但没有可信的前一密钥移交给它；核对无误后请用 --key 指定",
        "the key {0} was announced, but no trusted key handed over to it; if it is right, pin it with --key",
    ),
    "handover-refused": (
        "密钥 {0} 已移交或已停用，却又移交给另一密钥：可能被盗用",
        "the key {0} hands over once more after it had handed over or was retired: it may be stolen",
    ),
    "handover-mismatch": (
        "移交密钥时的检查点与前 {0} 条不符",
        "the handover of the key does not fit the first {0} facts",
    ),
    "rewritten-between": ("第 {0} 至 {1} 条之间有被改写的", "what was rewritten stands among facts {0} to {1}"),
    "table-unreadable": ("数据表 {0} 无法读取", "the table {0} cannot be read"),
    "part-surplus": ("档案中有不该有的部分：{0}", "a part that does not belong in an archive: {0}"),
    "part-doubled": ("档案中有重名的部分：{0}", "two parts of one name: {0}"),
    "part-missing": ("档案缺少部分：{0}", "a part is missing: {0}"),
    "part-unreadable": ("档案的部分无法读取：{0}", "a part cannot be read: {0}"),
    "part-altered": ("档案的部分与哈希清单不符：{0}", "a part does not match its hash in the list: {0}"),
    "list-malformed": ("档案的清单或说明格式不合规：{0}", "a list or the description is malformed: {0}"),
    "description-mismatch": ("档案说明所载的条数或树根不符", "size or root are not those that the description says"),
    "out-of-scope": ("此条不属于本摘录的范围", "the fact does not belong to the extract"),
    "extract-incomplete": ("摘录不完整或被改动：头哈希与所给不符", "the extract is not complete: its head is another"),
    "checkpoint-malformed": ("检查点或公钥的格式不合规：{0}", "a checkpoint or key is malformed: {0}"),
    "checkpoint-unsigned": ("检查点没有已知公钥的有效签名：{0}", "no known key has signed the checkpoint {0}"),
    "notice-differs": ("公示文件中有账本里没有的内容：{0}", "a notice says what the ledger does not: {0}"),
    "result-differs": ("公布的与重算的不符：{0}", "what was published is not what the facts come to: {0}"),
    "source-differs": ("引入的与第 {0} 条不符", "what was drawn in is not what fact {0} says"),
    "not-extended": ("旧档案的第 {0} 条与此不同：不是它的延续", "fact {0} of the older archive is another"),
    "shorter": ("旧档案有 {0} 条，此处只有 {1} 条", "the older archive has {0} facts, this one {1}"),
    "more-findings": ("另有 {0} 项未列出", "{0} more are not listed"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a verification has to say: where, of which kind, in words, and how grave."""

    position: int | None
    kind: str
    message: Text
    severity: Severity


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many facts were hashed, the root over them (32 bytes), and what was found. `ok`: nothing was violated."""

    size: int
    root: bytes
    ok: bool
    findings: tuple[Finding, ...]

    @property
    def incomplete(self) -> bool:
        """Return whether evidence is missing without an order to erase it."""
        return any(finding.severity == "incomplete" for finding in self.findings)

    def as_json(self, language: Language = "en") -> dict[str, Any]:
        """Return the verdict as `starledger verify --json` prints it."""
        findings = [
            {"position": f.position, "kind": f.kind, "severity": f.severity, "message": f.message.said_in(language)}
            for f in self.findings
        ]
        return {"size": self.size, "root": self.root.hex(), "ok": self.ok, "findings": findings}


def finding(kind: str, position: int | None, *details: object) -> Finding:
    """Return a finding of `kind` in its words."""
    zh, en = (sentence.format(*(_shown(detail) for detail in details)) for sentence in _SENTENCES[kind])
    if position is not None:
        zh, en = f"第 {position} 条：{zh}。", f"Fact {position}: {en}."
    else:
        zh, en = f"{zh}。", f"{en[0].upper()}{en[1:]}."
    return Finding(position, kind, Text(zh, en), _SEVERITIES.get(kind, "violation"))


def _shown(detail: object) -> str:
    """Return a detail, which may be anything that lay in the database, so that it can be printed anywhere."""
    words = str(detail)[:200]
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in words)


class Findings:
    """Collects findings, a bounded number of them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: list[Finding] = []
        self._left_out = 0
        self._violated = False

    def add(self, kind: str, position: int | None, *details: object) -> None:
        """Take one more finding."""
        self.extend([finding(kind, position, *details)])

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take more findings."""
        for found in findings:
            self._take(found)

    def _take(self, found: Finding) -> None:
        self._violated |= found.severity == "violation"
        if len(self._kept) < MOST_FINDINGS:
            self._kept.append(found)
        else:
            self._left_out += 1

    def verdict(self, size: int, root: bytes) -> Verdict:
        """Return the verdict, its findings in the order of positions; those without one come last."""
        ordered = sorted(self._kept, key=lambda f: (f.position is None, f.position or 0))
        if self._left_out:
            ordered.append(finding("more-findings", None, self._left_out))
        return Verdict(size, root, not self._violated, tuple(ordered))
