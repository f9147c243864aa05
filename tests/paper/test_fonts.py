"""The fonts are whole, are those that were vendored, bear their licence, and say truly what they can print."""

from hashlib import sha256
from pathlib import Path

import pytest

from domain.decision import Refused
from paper.coverage import FONTS, SET_IN, characters_of, require_covered, uncovered
from paper.document import Column, Sheet, Table
from paper.setting import pdf

LISTED = {line.split()[1]: line.split()[0] for line in (FONTS / "SHA256SUMS").read_text().splitlines()}
MOST_BYTES = 42_000_000


def listed(name: str) -> Sheet:
    """Return a sheet with one name on it."""
    return Sheet("T", "名单", (Table((Column("姓名"), Column("星级")), ((name, "四星级"),)),))


@pytest.mark.parametrize("name", SET_IN)
def test_a_font_is_the_one_that_was_vendored(name: str) -> None:
    assert sha256((FONTS / name).read_bytes()).hexdigest() == LISTED[name]


def test_nothing_else_lies_among_the_fonts_and_each_family_has_its_licence() -> None:
    licences = {"NotoSansSC-OFL.txt", "NotoSerifSC-OFL.txt"}
    assert {path.name for path in FONTS.iterdir()} == {*SET_IN, *licences, "SHA256SUMS"}
    assert set(LISTED) == set(SET_IN)
    for licence in licences:
        assert "SIL Open Font License" in (FONTS / licence).read_text(encoding="utf-8")


def test_the_fonts_keep_the_package_portable() -> None:
    assert sum((FONTS / name).stat().st_size for name in SET_IN) <= MOST_BYTES


@pytest.mark.parametrize("name", SET_IN)
def test_a_font_is_whole_not_a_subset_for_pages(name: str) -> None:
    characters = set(characters_of(FONTS / name))
    assert set(range(0x4E00, 0x9FA6)) <= characters
    assert len(characters) > 30_000


@pytest.mark.parametrize("name", ["㛃", "䶮", "𬍛", "买买提·吐尔逊", "王龘", "欧阳〇", "★※—“”"])
def test_rare_characters_of_names_are_printed(name: str) -> None:
    assert uncovered(name) == ()


@pytest.mark.parametrize(
    ("name", "missing"), [("𠮷三", "𠮷"), ("王\u202e李", "\u202e"), ("葛\U000e0100", "\U000e0100")]
)
def test_a_name_that_would_print_as_a_box_is_refused_and_named(name: str, missing: str) -> None:
    with pytest.raises(Refused) as refused:
        pdf(listed(name))
    assert refused.value.code == "no-glyph"
    assert name in refused.value.why.zh
    assert f"U+{ord(missing):04X}" in refused.value.why.en


def test_the_check_believes_the_fonts_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: with a check that believes every font has everything, the box would be printed."""
    everything = frozenset(range(0x110000))
    monkeypatch.setattr("paper.coverage._covered", lambda: everything)
    assert pdf(listed("𠮷三")).startswith(b"%PDF")


def test_words_on_several_lines_are_fine() -> None:
    require_covered(listed("第一行\n第二行"))


@pytest.mark.parametrize("keep", [0, 3, 12, 500])
def test_a_broken_font_is_not_believed(tmp_path: Path, keep: int) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes((FONTS / SET_IN[0]).read_bytes()[:keep])
    with pytest.raises(ValueError, match="font"):
        list(characters_of(broken))
