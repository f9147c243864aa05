"""Reading a workbook in a child process that has little memory and little time, and that nobody misses when it ends.

What the package's directory claims has been checked before (`workbooks.package`), yet the parser still meets bytes that
somebody else chose. So it meets them in a process of its own: bounded memory and processor time, no file it could
write, and an answer in plain JSON that is read as strictly as any other input.
"""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from domain.text import Text
from workbooks.grid import Grid
from workbooks.grid_json import read_answer
from workbooks.package import MAX_FILE_BYTES, damage, refuse, refuse_too_big

PROGRAM: Final = (sys.executable, "-P", "-m", "workbooks.confined_child")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child may have: address space (bytes), processor time and time on the wall (seconds)."""

    memory_bytes: int = 2**30
    processor_seconds: int = 20
    wall_seconds: int = 60


def read_grid_confined(
    content: bytes, sheet: str | None = None, limits: Limits = Limits(), program: Sequence[str] = PROGRAM
) -> Grid:
    """Return the sheet as `workbooks.grid.read_grid` does; Invalid where it cannot, or the limits were reached."""
    if len(content) > MAX_FILE_BYTES:
        refuse_too_big()
    arguments = [str(limits.memory_bytes), str(limits.processor_seconds), *([] if sheet is None else [sheet])]
    try:
        told = subprocess.run(  # noqa: S603 - our own program
            [*program, *arguments], input=content, capture_output=True, check=False, timeout=limits.wall_seconds
        )
    except subprocess.TimeoutExpired:
        _gave_up()
    if told.returncode != 0:
        _gave_up()
    try:
        return read_answer(told.stdout)
    except ValueError as fault:
        damage(type(fault).__name__)


def _gave_up() -> NoReturn:
    refuse(
        "workbook-too-costly",
        Text(
            zh="读取此文件所需的内存或时间远超一张支部表格，已中止，未写入任何内容。",
            en="Reading this file took far more memory or time than a branch's table; it was stopped, nothing written.",
        ),
        Text(
            zh="请把表格复制到一个新的空白工作簿（只粘贴数值），保存后再上传。",
            en="Copy the table into a new, empty workbook (paste values only), save it and upload that.",
        ),
    )
