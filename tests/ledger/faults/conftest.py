"""What only a C compiler can make: libraries that stand between a program and its disk."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

Library = Callable[[str], Path]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Return how to build one of the C files beside this one, to be preloaded into a program."""
    if sys.platform != "linux":
        without_compiler("preloading a library is tried on Linux only")
    compiler = next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)
    if compiler is None:
        without_compiler("none of cc, gcc, clang was found")

    def build(name: str) -> Path:
        source, made = Path(__file__).with_name(f"{name}.c"), tmp_path_factory.mktemp("built") / f"{name}.so"
        words = [str(compiler), "-shared", "-fPIC", "-O1", "-Wall", "-o", str(made), str(source)]
        built = subprocess.run(words, capture_output=True, text=True, check=False)
        if built.returncode != 0:
            without_compiler(built.stderr)
        return made

    return build


def without_compiler(reason: str) -> NoReturn:
    """Skip and say why; in continuous integration fail, for there nothing may go untested unseen."""
    message = f"no power is cut and no disk fails here: {reason.strip()} (install a C compiler: gcc, libc6-dev)"
    if os.environ.get("CI", "").lower() not in {"", "0", "false"}:
        pytest.fail(message)
    pytest.skip(message)
