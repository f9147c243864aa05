"""On what kind of file system a file lies: SQLite's write-ahead log needs memory that all its users share."""

import re
from collections.abc import Iterator
from pathlib import Path

NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "fuse.sshfs", "fuse.davfs2", "fuse.s3fs"})
MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")


def network_kind(file: Path, mounts: Path = MOUNTS) -> str | None:
    """Return the kind of network file system that `file` lies on; None on a local one, or where no system tells.

    Only Linux does.
    """
    place, found = file.resolve(), ""
    deepest = -1
    for point, kind in _mounted(mounts):
        depth = len(point.parts)
        if depth >= deepest and place.is_relative_to(point):  # of two at one point the later one hides the other
            deepest, found = depth, kind
    return found if found in NETWORK else None


def _mounted(mounts: Path) -> Iterator[tuple[Path, str]]:
    if not mounts.exists():
        return
    for line in mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        before, _, after = line.partition(" - ")
        point = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), before.split(" ")[4])
        yield Path(point), after.split(" ")[0]
