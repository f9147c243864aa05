"""The program as a person runs it, in this process."""

from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import pytest

from cli.main import main


@pytest.fixture(scope="session")
def program() -> Callable[..., tuple[int, str, str]]:
    """Run `starledger` with these words; return exit code, stdout and stderr."""

    def run(*words: object) -> tuple[int, str, str]:
        said, complained = StringIO(), StringIO()
        with redirect_stdout(said), redirect_stderr(complained):
            code = main([str(word) for word in words])
        return code, said.getvalue(), complained.getvalue()

    return run
