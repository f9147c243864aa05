"""The zip package around a workbook: limits are checked in its directory before anything is unpacked.

What a hostile directory claims is not believed either: a part is unpacked up to its declared size and checked
against its checksum, and only parts unpacked here are ever shown to the parser.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import NoReturn

from domain.findings import Finding, Invalid
from domain.text import Text

MAX_FILE_BYTES = 10 * 2**20
MAX_UNPACKED_BYTES = 64 * 2**20
MAX_PART_BYTES = 32 * 2**20
MAX_RATIO = 100
RATIO_COUNTS_FROM_BYTES = 2**20
MAX_MEMBERS = 1000

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_FAULTS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError,
    LookupError, OverflowError,
)  # fmt: skip
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED_FLAG = 0x1

_SAVE_AS = Text(
    zh="请在 Excel 或 WPS 中打开，另存为「Excel 工作簿 (*.xlsx)」后再上传。",
    en="Open it in Excel or WPS, save it as “Excel workbook (*.xlsx)” and upload that.",
)
_SMALLER = Text(
    zh="请把表格复制到一个新的空白工作簿（只粘贴数值），保存后再上传。",
    en="Copy the table into a new, empty workbook (paste values only), save it and upload that.",
)


def refuse(code: str, message: Text, remedy: Text, place: str = "file") -> NoReturn:
    """Raise Invalid for a whole file, with what to do next."""
    raise Invalid((Finding(code, place, message, remedy),))


def damage(detail: str) -> NoReturn:
    """Raise Invalid for a file that breaks off or contradicts itself; `detail` is for the English reader."""
    refuse(
        "workbook-damaged",
        Text(
            zh="文件已损坏或不完整，无法读取。", en=f"The file is damaged or incomplete and cannot be read ({detail})."
        ),
        Text(
            zh="请在 Excel 或 WPS 中重新打开并另存为 .xlsx；若是下载或转发而来，请重新获取原件。",
            en="Open it in Excel or WPS and save it as .xlsx again; if it was downloaded or forwarded, get it anew.",
        ),
    )


@dataclass(frozen=True, slots=True)
class Package:
    """An opened workbook package whose directory has passed every limit."""

    archive: zipfile.ZipFile
    names: frozenset[str]

    def part(self, name: str) -> bytes | None:
        """Return the bytes of a part, None where there is none; Invalid where it is too big or damaged."""
        if name not in self.names:
            return None
        if self.archive.getinfo(name).file_size > MAX_PART_BYTES:
            refuse_too_big()
        try:
            return self.archive.read(name)
        except _FAULTS as fault:
            damage(f"{name}: {type(fault).__name__}")


def open_package(content: bytes) -> Package:
    """Return the package in `content`; Invalid with one finding where it is no .xlsx that may be read."""
    if len(content) > MAX_FILE_BYTES:
        refuse_too_big()
    _refuse_other_kinds(content)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except _FAULTS as fault:
        damage(type(fault).__name__)
    _check_directory(members, len(content))
    names = frozenset(member.filename for member in members)
    if len(names) != len(members):
        damage("two parts of one name")
    _refuse_contents(names)
    return Package(archive, names)


def repack(parts: dict[str, bytes]) -> bytes:
    """Return a plain zip of exactly these parts, stored without compression, for the parser."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def _refuse_other_kinds(content: bytes) -> None:
    if content.startswith(_OLE):
        _refuse_ole(content)
    if not content.startswith(_ZIP):
        refuse(
            "not-a-workbook", Text(zh="这不是 Excel 工作簿 (.xlsx)。", en="This is not an .xlsx workbook."), _SAVE_AS
        )


def _refuse_ole(content: bytes) -> NoReturn:
    if "EncryptedPackage".encode("utf-16-le") in content:
        refuse(
            "workbook-encrypted",
            Text(zh="工作簿设有打开密码，无法读取。", en="The workbook is protected by a password and cannot be read."),
            Text(
                zh="请打开后在「文件→信息→保护工作簿」中取消密码，另存为 .xlsx 再上传。",
                en="Open it, remove the password under File → Info → Protect Workbook, and save it as .xlsx.",
            ),
        )
    refuse(
        "old-workbook-format",
        Text(
            zh="这是旧格式文件（.xls、.et 或其他 Office 文档），无法读取。",
            en="This is a file of an old format (.xls, .et or another Office document).",
        ),
        _SAVE_AS,
    )


def _check_directory(members: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    if len(members) > MAX_MEMBERS:
        refuse_too_big()
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES:
        refuse_too_big()
    if unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > MAX_RATIO * packed_bytes:
        refuse_too_big()
    if any(member.flag_bits & _ENCRYPTED_FLAG or member.compress_type not in _METHODS for member in members):
        damage("an encrypted part or an unknown compression")


def _refuse_contents(names: frozenset[str]) -> None:
    if "xl/workbook.xml" not in names:
        refuse(
            "not-a-workbook",
            Text(zh="压缩包里没有 .xlsx 工作表。", en="The archive holds no .xlsx worksheets."),
            _SAVE_AS,
        )
    lowered = [name.lower() for name in names]
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in lowered):
        refuse(
            "workbook-with-macros",
            Text(
                zh="工作簿含有宏；原件要作为附件留存，不接收带宏的文件。",
                en="The workbook contains macros; files are kept as attachments, and none with macros is taken.",
            ),
            _SAVE_AS,
        )
    if any(name.startswith("xl/externallinks/") for name in lowered):
        refuse(
            "workbook-with-external-links",
            Text(
                zh="工作簿引用了其他文件，数值来自别处，无法核对。",
                en="The workbook links to other files; values from elsewhere cannot be checked.",
            ),
            Text(
                zh="请在「数据→编辑链接」中断开链接，或复制后「选择性粘贴→数值」，保存再上传。",
                en="Break the links under Data → Edit Links, or copy and paste as values, then save and upload.",
            ),
        )


def refuse_too_big() -> NoReturn:
    """Raise Invalid for a file that no branch's table comes near."""
    refuse(
        "workbook-too-big",
        Text(
            zh="文件过大，或解压后异常庞大，超出支部表格应有的范围，未予读取。",
            en="The file, or what it unpacks to, is far bigger than a branch's table; it was not read.",
        ),
        _SMALLER,
    )
