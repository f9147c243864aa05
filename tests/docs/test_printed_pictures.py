"""Pictures of printed forms: each that is drawn is shown, and light enough for a README."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

MOST_BYTES = 150_000


@pytest.fixture(scope="module")
def printed(checkout: Path) -> ModuleType:
    """Return the script that draws the pictures."""
    specification = importlib.util.spec_from_file_location("printed", checkout / "docs" / "printed.py")
    assert specification is not None
    assert specification.loader is not None
    made = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(made)
    return made


def test_every_picture_that_is_drawn_is_there_and_shown(checkout: Path, printed: ModuleType) -> None:
    page = (checkout / "docs" / "forms.md").read_text(encoding="utf-8")
    drawn = {f"printed-{name}.png" for name in printed.SHOWN}
    assert {path.name for path in (checkout / "docs" / "pictures").glob("printed-*")} == drawn
    assert [name for name in drawn if f"pictures/{name}" not in page] == []


def test_pictures_are_light(checkout: Path, printed: ModuleType) -> None:
    for name in printed.SHOWN:
        picture = checkout / "docs" / "pictures" / f"printed-{name}.png"
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert picture.stat().st_size <= MOST_BYTES
