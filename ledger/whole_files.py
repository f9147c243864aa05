"""Small files that are there wholly or not at all, whatever becomes of the program or of the power meanwhile.

The order matters: the bytes reach the disk under a name of their own, then the file gets its name, then the folder's
own entry reaches the disk. Only then may anything be acknowledged that depends on the file.
"""

import os
import sys
import tempfile
from pathlib import Path

NEW = ".new"
"""How the name of a file ends that was not finished: whoever finds one may delete it."""


def create(path: Path, content: bytes) -> None:
    """Keep a file that only its owner may read; `FileExistsError` where one of this name is there already."""
    new = _written_beside(path, content)
    try:
        _name(new, path)
    finally:
        new.unlink(missing_ok=True)
    to_disk(path.parent)


def replace(path: Path, content: bytes) -> None:
    """Keep a file that only its owner may read in the place of the one that was there, if there was one."""
    _written_beside(path, content).replace(path)
    to_disk(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter, and its name durable; where it is there, nothing is done."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        to_disk(folder.parent)


def to_disk(folder: Path) -> None:
    """Have a folder's own entries on disk; Windows does that by itself."""
    if sys.platform != "win32" and folder.exists():
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _written_beside(path: Path, content: bytes) -> Path:
    descriptor, name = tempfile.mkstemp(NEW, f"{path.name}.", path.parent)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        new.unlink()
        raise
    return new


def _name(new: Path, path: Path) -> None:
    """Give a file its name unless another has it; of two processes that try, one succeeds."""
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links (exFAT)
        if path.exists():
            raise FileExistsError(path) from None
        new.replace(path)
