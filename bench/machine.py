"""What the figures were made on: machine, versions, file system. Nothing that names somebody's directories."""

import os
import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.postgres import Server

PACKAGES = ("sqlalchemy", "psycopg", "msgspec", "eventsourcing", "umadb")
IN_MEMORY = frozenset({"tmpfs", "ramfs"})


def describe(directory: Path, server: Server | str) -> dict[str, str]:
    """Return what a reader must know in order to judge the figures."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return {
        "cores": str(cores()),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "file system": file_system(directory),
        "load before": f"{load:.2f}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "SQLite": sqlite3.sqlite_version,
        "PostgreSQL": server if isinstance(server, str) else server.version(),
        **{name: _version(name) for name in PACKAGES},
    }


def cores() -> int:
    """Return the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def file_system(directory: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """Return the kind of file system that a directory lies on, `?` where the system does not say."""
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return "?"
    place = directory.resolve()
    found = [(len(line[1]), line[2]) for line in lines if place.is_relative_to(line[1].replace("\\040", " "))]
    return max(found, default=(0, "?"))[1]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "?"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
