"""What an operator does every day, and after a loss, happens as its page prints it, in both languages."""

from pathlib import Path

import pytest

from tests.docs.test_audit_page import walk
from tests.docs.test_readme_session import fits, typed_in


@pytest.mark.slow
@pytest.mark.parametrize("name", ["operating.md", "operating.zh.md"])
def test_the_day_happens_as_it_is_printed(checkout: Path, tmp_path: Path, name: str) -> None:
    session = walk(checkout / "docs" / name)
    came = typed_in(session, tmp_path)
    assert len(came) == len(session) > 0
    for each, really in zip(session, came, strict=True):
        assert fits(each.printed, really), f"$ {each.typed}\npage:\n{each.printed}\n\nreally:\n{really}"
