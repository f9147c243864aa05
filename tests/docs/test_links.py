"""What the pages point to is there: other pages, their headings, files of the checkout, the tests they rely on."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
FILE = re.compile(r"`((?:domain|ledger|projections|workbooks|paper|api|cli|rulebooks|tests|docs|bench)/[\w./-]*)`")
TEST = re.compile(r"`((?:tests/[\w./-]+\.py)::)?(test_\w+)`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
GENERATED = frozenset({"requirements.md", "commands.md", "events.md"})


@pytest.fixture(scope="module")
def texts(checkout: Path) -> dict[Path, str]:
    """Return every page that people read, by its path."""
    found = (*checkout.glob("*.md"), *(checkout / "docs").rglob("*.md"))
    return {path: path.read_text(encoding="utf-8") for path in sorted(found)}


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(text))
    return {heading.strip().replace(" ", "-") for heading in plain}


def broken_links(page: Path, text: str) -> Iterator[str]:
    """Yield the links of a page that lead nowhere; addresses of the outside world are not tried."""
    for target in LINK.findall(text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        there = page if not name else (page.parent / name).resolve()
        if not there.exists() or (anchor and anchor not in anchors(there.read_text(encoding="utf-8"))):
            yield target


def test_links_lead_somewhere(texts: dict[Path, str]) -> None:
    assert {page.name: broken for page, text in texts.items() if (broken := list(broken_links(page, text)))} == {}


def test_a_link_that_leads_nowhere_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Here it is\n")
    text = "[a](page.md) [b](page.md#here-it-is) [c](#here-it-is) [d](https://example.org/x)"
    assert list(broken_links(page, text)) == []
    broken = ["other.md", "page.md#there", "#there"]
    assert list(broken_links(page, "".join(f"[x]({target}) " for target in broken))) == broken


def test_files_that_are_named_exist(checkout: Path, texts: dict[Path, str]) -> None:
    missing = {
        page.name: [name for name in FILE.findall(text) if not (checkout / name).exists()]
        for page, text in texts.items()
        if page.name not in GENERATED
    }
    assert {page: names for page, names in missing.items() if names} == {}


def test_tests_that_are_named_exist(checkout: Path, texts: dict[Path, str]) -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in (checkout / "tests").rglob("*.py")}
    everywhere = "\n".join(sources.values())
    missing = [
        (page.name, name)
        for page, text in texts.items()
        for file, name in TEST.findall(text)
        if f"def {name}(" not in (sources.get(checkout / file, "") if file else everywhere)
    ]
    assert missing == []


def test_every_decision_names_the_test_that_holds_it(checkout: Path) -> None:
    decisions = sorted((checkout / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in decisions]
    assert all(number.isdigit() for number in numbers)
    assert len(set(numbers)) == len(numbers)
    held = {path.name: path.read_text(encoding="utf-8").partition("**Held by**")[2] for path in decisions}
    assert [name for name, by in held.items() if "`tests/" not in by] == []


def test_a_decision_fits_on_one_screen(checkout: Path) -> None:
    for path in (checkout / "docs" / "decisions").glob("*.md"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 40, path.name
