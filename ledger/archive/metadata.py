"""Metadata of an archive with the element names of DA/T 46-2009 (文书类电子文件元数据方案), as XML.

Three kinds of entity: the electronic file (文件), who acted (机构人员) and what was done (业务).
What the ledger does not know is left empty, for the archive that takes it in to fill: fonds number, file number.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from domain.rulebook.terms import Retention
from domain.rulebook.words import word
from ledger.archive.parts import Described

NAMESPACE = "urn:starledger:dat46"
FOR_EVER, SECRECY = "永久", "内部"


@dataclass(frozen=True, slots=True)
class Adopted:
    """A rulebook that the archive holds: its id, version, the day it was adopted, and its document's SHA-256."""

    rulebook: str
    version: int
    adopted_on: str
    document: str


def kept_for(retentions: Iterable[tuple[Retention, ...]]) -> str:
    """Return how long all of it is kept, as 保管期限 is written: the longest term in rulebooks, else for ever."""
    terms = [each.years for named in retentions for each in named or (Retention("ledger", None, ""),)]
    years = [each for each in terms if each is not None]
    return f"{max(years)}年" if years and len(years) == len(terms) else FOR_EVER


def metadata_xml(
    described: Described,
    adopted: Iterable[Adopted],
    signed: Iterable[str],
    retentions: Mapping[str, tuple[Retention, ...]],
) -> bytes:
    """Return `metadata.xml`; `signed` names the checkpoints that came along, `retentions` go by rulebook document."""
    kept = kept_for(retentions.values())
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<电子文件元数据 xmlns="{NAMESPACE}" 依据="DA/T 46-2009">']
    lines += _file(described, tuple(signed), kept)
    for each in adopted:
        lines += _rulebook(each, described, retentions.get(each.document, ()))
    lines += [
        "  <机构人员实体>",
        *_elements({"机构人员类型": "单位", "机构人员名称": described.committee}),
        "  </机构人员实体>",
        "  <业务实体>",
        *_elements({"业务状态": "历史行为", "业务行为": "党员星级评定", "行为时间": described.day}),
        "  </业务实体>",
        "</电子文件元数据>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _file(described: Described, signed: tuple[str, ...], kept: str) -> Iterator[str]:
    whole = described.scope == "all"
    yield "  <文件实体>"
    yield from _elements(
        {
            "聚合层次": "案卷" if whole else "文件",
            "来源": "",
            "立档单位名称": described.committee,
            "全宗号": "",
            "电子文件号": f"{described.ledger}:{described.size}",
            "档号": "",
            "年度": described.day[:4],
            "题名": f"{described.committee}党员星级评定账本" + ("" if whole else f"（摘录 {described.scope}）"),
            "责任者": described.committee,
            "日期": described.day,
            "文种": "记录",
            "密级": SECRECY,
            "保管期限": kept,
            "件数": str(described.facts),
            "语种": "汉语",
            "形式特征": f"BagIt 1.0；JSON Lines；SHA-256 树根 {described.root.hex()}",
            "电子签名": "；".join(signed),
        }
    )
    yield "  </文件实体>"


def _rulebook(each: Adopted, described: Described, retention: tuple[Retention, ...]) -> Iterator[str]:
    yield "  <文件实体>"
    yield from _elements(
        {
            "聚合层次": "文件",
            "电子文件号": each.document,
            "题名": f"评星办法 {each.rulebook} 第 {each.version} 版",
            "责任者": described.committee,
            "日期": each.adopted_on,
            "文种": "办法",
            "密级": SECRECY,
            "保管期限": FOR_EVER,
            "形式特征": "TOML",
            "附注": "；".join(f"{word(one.records).zh}保管期限{kept_for([(one,)])}" for one in retention),
        }
    )
    yield "  </文件实体>"


def _elements(values: dict[str, str]) -> Iterator[str]:
    for name, value in values.items():
        yield f"    <{name}>{escape(' '.join(value.split()))}</{name}>" if value else f"    <{name}/>"
