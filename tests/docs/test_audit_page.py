"""The auditor's desk is typed as its page prints it, in both languages: from a star to the facts and back (A-43)."""

from pathlib import Path

import pytest

from tests.docs.test_readme_session import SESSION, Exchange, exchanges, fits, typed_in

PAGES = ("audit.md", "audit.zh.md")


def walk(page: Path) -> list[Exchange]:
    """Return everything that a page types, block after block."""
    blocks: list[str] = SESSION.findall(page.read_text(encoding="utf-8"))
    return [each for block in blocks for each in exchanges(block)]


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_the_walk_happens_as_it_is_printed(checkout: Path, tmp_path: Path, name: str) -> None:
    session = walk(checkout / "docs" / name)
    came = typed_in(session, tmp_path)
    assert len(came) == len(session)
    for each, really in zip(session, came, strict=True):
        assert fits(each.printed, really), f"$ {each.typed}\npage:\n{each.printed}\n\nreally:\n{really}"


def test_both_pages_type_the_same_and_show_every_part_of_the_desk(checkout: Path) -> None:
    one, other = ([each.typed for each in walk(checkout / "docs" / name)] for name in PAGES)
    assert one[1:] == other[1:]
    said = " ".join(one)
    for part in ("explain", "why-not", "compare", "what-if", "--occurred-until", "replay --all"):
        assert part in said
