"""Sealed words: compared with their digest, and never shown by themselves."""

from domain.sealed import Sealed


def test_what_is_sealed_shows_itself_to_nobody() -> None:
    for sealed in (Sealed("胃病"), Sealed("胃病", "0123456789abcdef")):
        assert "胃病" not in f"{sealed} {sealed!r} {[sealed]}"


def test_sealed_things_are_told_apart_by_their_digest_alone() -> None:
    assert repr(Sealed(digest="0123456789abcdef")) == "Sealed(0123456789ab)"
    assert repr(Sealed("胃病")) == "Sealed(…)"
