"""Every word of every template is there in Chinese, and nothing is there that no template says."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from api.pages.catalogues import LOCALE, NotTranslatedError, messages_in, translated
from tests.api.pages.extraction import messages_by_catalogue

CHINESE = LOCALE / "zh"


def catalogue(name: str) -> dict[str, str]:
    path = CHINESE / f"{name}.po"
    return dict(messages_in(path)) if path.exists() else {}


def entry(message: str) -> str:
    """Return how a message is entered in a catalogue: what a failing test prints, to be pasted and translated."""
    escaped = message.replace("\\", "\\\\").replace('"', '\\"')
    return f'msgid "{escaped}"\nmsgstr ""\n'


@pytest.mark.parametrize("folder", sorted(messages_by_catalogue()))
def test_every_message_of_a_folder_is_in_its_catalogue_or_among_the_common_ones(folder: str) -> None:
    known = catalogue("common") | catalogue(folder)
    missing = [message for message in messages_by_catalogue()[folder] if not known.get(message)]
    assert not missing, f"add to api/pages/locale/zh/{folder}.po:\n\n" + "\n".join(map(entry, missing))


def test_no_catalogue_has_a_message_that_nobody_says() -> None:
    said = messages_by_catalogue()
    everything = {message for messages in said.values() for message in messages}
    unused = {
        path.stem: [each for each, _ in messages_in(path) if each not in said.get(path.stem, {})]
        for path in CHINESE.glob("*.po")
    }
    unused["common"] = [each for each in unused["common"] if each not in everything]
    assert not {name: messages for name, messages in unused.items() if messages}


def test_a_message_is_translated_in_one_catalogue_only() -> None:
    seen: dict[str, str] = {}
    twice = [
        (message, path.stem, seen[message])
        for path in sorted(CHINESE.glob("*.po"))
        for message, _ in messages_in(path)
        if seen.setdefault(message, path.stem) != path.stem
    ]
    assert twice == []


@pytest.mark.parametrize("path", sorted(CHINESE.glob("*.po")), ids=lambda path: path.stem)
def test_a_catalogue_reads_the_same_with_babel(path: Path) -> None:
    read = read_po(BytesIO(path.read_bytes()), locale="zh_CN")
    assert {each.id: each.string for each in read if each.id} == dict(messages_in(path))
    assert not [each.id for each in read if each.fuzzy or not each.string]


@pytest.mark.parametrize("path", sorted(CHINESE.glob("*.po")), ids=lambda path: path.stem)
def test_nothing_is_filled_in_that_the_page_does_not_give(path: Path) -> None:
    for each in read_po(BytesIO(path.read_bytes()), locale="zh_CN"):
        if each.id:
            assert places(str(each.string)) <= places(str(each.id)), each.id


def places(message: str) -> set[str]:
    return {part.partition(")")[0] for part in message.split("%(")[1:]}


def test_a_word_without_a_translation_is_an_error_and_not_a_page_in_two_languages() -> None:
    with pytest.raises(NotTranslatedError):
        translated("nobody says this", "zh")
    assert translated("nobody says this", "en") == "nobody says this"
